"""The testbed's stand-alone script, training_tab/ctr_lr_model.py, with our class for its LogisticRegression.

It imports that name from scikit-learn, which nothing else may see changed. So the script's own import line is rewritten
when the script is compiled: as a module, by `python -m`, and as `python …/training_tab/ctr_lr_model.py`, which a path
hook answers (Python asks for one before it runs a file, as the file might be a zip archive with a program in it).
Nothing is written: the compiled script goes to no cache.
"""

from __future__ import annotations

import os
import sys

from . import SCRIPT
from .checkout import is_testbeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType
    from typing import Any, Optional

_SCRIPT = ("training_tab", SCRIPT)
_THEIRS = ("sklearn.linear_model", "LogisticRegression")
_OURS = ("testbed_adapter.host.script_model", "WideDeepWithCoefficients")
# What the script says of its model, in what it prints, draws and reports.
_SAID = (
    ("逻辑回归 (Logistic Regression)", "Wide & Deep (CTRModels)"),
    ("**求解器**: liblinear", "**优化器**: FTRL（宽部）、AdaGrad（深部）"),
    ("**正则化**: L2正则化", "**正则化**: L2（宽部）"),
    ("系数直接表示特征对点击率的影响", "系数是宽部的权重；深部的影响不在其中"),
    ("最大迭代次数: 1000", "训练轮数: 8"),
    ("逻辑回归", "Wide & Deep "),
)


def is_script(path: str) -> bool:
    """Whether a path is that of the testbed's script."""
    folder, name = os.path.split(os.path.abspath(path))
    return (os.path.basename(folder), name) == _SCRIPT and is_testbeds(path)


def compiled(source: bytes, path: str) -> CodeType:
    """The script's code, with the import of our class in the place of scikit-learn's, and its name in texts."""
    import ast

    class Ours(ast.NodeTransformer):
        def visit_Constant(self, constant: ast.Constant) -> ast.Constant:
            if isinstance(constant.value, str):
                for theirs, ours in _SAID:
                    constant.value = constant.value.replace(theirs, ours)
            return constant

        def visit_ImportFrom(self, statement: ast.ImportFrom) -> list[ast.stmt]:
            taken = [alias for alias in statement.names if (statement.module, alias.name) == _THEIRS]
            if statement.level or not taken:
                return [statement]
            others = [alias for alias in statement.names if alias not in taken]
            ours = [ast.alias(_OURS[1], alias.asname or alias.name) for alias in taken]
            lines = [ast.ImportFrom(_THEIRS[0], others, 0)] if others else []
            return [ast.copy_location(line, statement) for line in (*lines, ast.ImportFrom(_OURS[0], ours, 0))]

    tree = ast.fix_missing_locations(Ours().visit(ast.parse(source, path)))
    return compile(tree, path, "exec", dont_inherit=True)


def rewrite(loader: Any) -> None:
    """Makes a loader of a source file compile it that way."""
    ordinary = loader.get_code

    def get_code(name: str) -> CodeType:
        path = loader.get_filename(name)
        return compiled(loader.get_data(path), path) if path.endswith(".py") else ordinary(name)

    # Not source_to_code, whose answer the loader would keep in the testbed's __pycache__.
    loader.get_code = get_code


# --- as a module that was imported before ---


def use_ours(module: ModuleType) -> None:
    _replace(module, _THEIRS, _OURS)


def use_scikit_learns(module: ModuleType) -> None:
    _replace(module, _OURS, _THEIRS)


def _replace(module: ModuleType, old: tuple[str, str], new: tuple[str, str]) -> None:
    from importlib import import_module

    present = vars(module).get(_THEIRS[1])
    if present is not None and present is getattr(import_module(old[0]), old[1]):
        setattr(module, _THEIRS[1], getattr(import_module(new[0]), new[1]))


# --- as a program ---


class ScriptFolder:
    """What stands for the script where Python looks a program's path up: finds __main__ in it. ImportError for any
    other path."""

    def __init__(self, path: str) -> None:
        if not is_script(path) or not os.path.isfile(path):
            raise ImportError(f"only for {os.path.join(*_SCRIPT)}", path=path)
        self._path = path

    def find_spec(self, fullname: str, target: Optional[ModuleType] = None) -> Optional[ModuleSpec]:
        if fullname != "__main__":
            return None
        from importlib.machinery import ModuleSpec, SourceFileLoader

        if sys.path[:1] == [self._path]:  # the entry of an archive; a script has its folder there
            sys.path[0] = os.path.dirname(os.path.abspath(self._path))
        loader = SourceFileLoader(fullname, self._path)
        rewrite(loader)
        spec = ModuleSpec(fullname, loader, origin=self._path)
        spec.has_location = True
        return spec
