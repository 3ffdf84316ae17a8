"""The switch: puts our models under the testbed's model names, at import, without touching its files.

What is changed in which of the testbed's modules stands in one table, `patches.CHANGES`. Modules of those names
that are not the testbed's (checkout.py tells by their files) stay as they are. Modules imported before
`install` are changed too, and `uninstall` undoes it all. Installing imports no more than os and sys, so that it costs
next to nothing where the testbed is then never imported.
"""

from __future__ import annotations

import os
import sys
from _thread import RLock  # threading itself takes a millisecond to import

from . import BOTH, NEITHER, SCRIPT, WIDE_DEEP
from .choice import Choice
from .patches import CHANGES, Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any, Optional

__all__ = ["install", "is_installed", "present", "uninstall"]

ENVIRONMENT_VARIABLE = "CTR_MODEL"

_LAST_NAMES = frozenset(change.module.rpartition(".")[2] for change in CHANGES)

_present: Optional[Choice] = None


def install(model: Optional[str] = None) -> bool:
    """Switches the testbed to `model`: "wide_deep" or another model of the library's, in both of its slots;
    "beside_lr", Wide & Deep in the second one, beside its own logistic regression ("beside_lr:deepfm": another model);
    or "logistic_regression", which leaves both as they are.

    Without an argument the environment variable CTR_MODEL says which; without that it is wide_deep. Returns whether
    ours stands in a slot now. ValueError for any other name. Calling it again is fine.
    """
    global _present
    choice = chosen(model)
    with _lock:
        if _present != choice:
            uninstall()
        _present = choice
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
        if choice.holds == BOTH and _program not in sys.path_hooks:
            sys.path_hooks.append(_program)
        for change, module in _imported():
            if choice.holds in change.under and _is_testbeds(module):
                _announce(choice)
                change.apply(module, choice)
    return is_installed()


def uninstall() -> None:
    """Undoes install: the testbed's modules have their own classes again, and so have the names taken from them."""
    global _present
    with _lock:
        _present = None
        if _finder in sys.meta_path:
            sys.meta_path.remove(_finder)
        if _program in sys.path_hooks:
            sys.path_hooks.remove(_program)
        for path in [path for path in sys.path_importer_cache if path.endswith(SCRIPT)]:
            del sys.path_importer_cache[path]
        for change, module in _imported():
            change.undo(module)
        ours = sys.modules.get(f"{__name__.partition('.')[0]}.host.ctr_model")
        if ours is not None:
            vars(ours)["CTRModel"].architecture = WIDE_DEEP


def is_installed() -> bool:
    """Whether ours stands in a slot."""
    return _present is not None and _present.holds != NEITHER


def present() -> Optional[Choice]:
    """What was installed last, and not undone since."""
    return _present


def start(model: str) -> None:
    """Installs at the start of Python, as `enable` has it: CTR_MODEL, else `model`. A wrong name is one line on stderr,
    as every Python of that environment starts here."""
    try:
        install(None if os.environ.get(ENVIRONMENT_VARIABLE) else model)
    except ValueError as error:
        from ..messages.switch import NOT_SWITCHED

        print(NOT_SWITCHED.format(error=error), file=sys.stderr)


def chosen(model: Optional[str] = None) -> Choice:
    """What an argument, CTR_MODEL or the default asks for. ValueError for a model there is not; LibraryError where the
    library, which knows its models, cannot be loaded."""
    if model is not None:
        return Choice(model, "model")
    return Choice(os.environ.get(ENVIRONMENT_VARIABLE) or WIDE_DEEP, ENVIRONMENT_VARIABLE)


class _Finder:
    """Finds the modules of the table, each its own way; any other it leaves to the finders after it."""

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        if fullname.rpartition(".")[2] not in _LAST_NAMES:  # nearly every import of every program
            return None
        choice = _present
        changes = [change for change in _changes_of(fullname) if choice is not None and choice.holds in change.under]
        spec = self._found_by_others(fullname, path, target) if changes else None
        if spec is None or spec.loader is None or choice is None:
            return spec
        from .checkout import is_testbeds

        if not is_testbeds(spec.origin):
            return spec
        _announce(choice)
        for change in changes:
            spec = change.found(spec)
        # Each import makes its spec and loader anew, so this changes no other module's loader.
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            for change in changes:
                change.apply(module, choice)

        loader.exec_module = exec_module
        return spec

    def _found_by_others(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType]
    ) -> Optional[ModuleSpec]:
        for finder in list(sys.meta_path):
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(fullname, path, target)
                if spec is not None:
                    return spec
        return None


def _program(path: str) -> Any:
    """A path hook: Python asks for one before it runs a file, as that may be an archive with a program in it. Only for
    the testbed's stand-alone script there is an answer, which finds the script's `__main__`."""
    if not path.endswith(SCRIPT):
        raise ImportError(f"only for {SCRIPT}", path=path)
    from .script import ScriptFolder

    return ScriptFolder(path)


def _announce(choice: Choice) -> None:
    from .slots import announce

    announce(choice)


def _changes_of(name: str) -> list[Change]:
    return [change for change in CHANGES if name == change.module or name.endswith("." + change.module)]


def _is_testbeds(module: ModuleType) -> bool:
    from .checkout import file_of, is_testbeds

    return is_testbeds(file_of(module))


def _imported() -> list[tuple[Change, ModuleType]]:
    """The modules that are there already and have a name of the table."""
    kind = type(sys)
    named = [(name, module) for name, module in list(sys.modules.items()) if name.rpartition(".")[2] in _LAST_NAMES]
    return [(change, module) for name, module in named if isinstance(module, kind) for change in _changes_of(name)]


_lock = RLock()
_finder: Any = _Finder()
