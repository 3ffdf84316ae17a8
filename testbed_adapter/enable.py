"""`enable`: switches the testbed in every Python of this environment, by a .pth file (switch_file.py)."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Optional

from . import hook, switch_file

_ABOUT = """Writes one file into this environment's site-packages. From then on every Python of the environment is
switched when it starts, so that `python start_system.py` has Wide & Deep in both model slots without `run`. Where the
testbed is not imported it costs a millisecond or two. CTR_MODEL=logistic_regression still leaves the testbed as it is.
`disable` removes the file."""

# Run in a Python of its own: is the switch on there, and can our model be made?
_CHECK = """
import sys
hook = sys.modules.get("testbed_adapter.hook")
if hook is None:
    sys.exit("the .pth file was not run")
try:
    from testbed_adapter import _library, ctr_model
    _library.library()
except ModuleNotFoundError as error:
    from testbed_adapter import packages
    sys.exit(f"{error}; python -m pip install {packages.pip_name(error.name)}")
except Exception as error:
    sys.exit(str(error))
print(hook.is_installed())
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = _ABOUT
    parser.add_argument(
        "--model",
        choices=hook.CHOICES,
        default=hook.WIDE_DEEP,
        help=f"what the slots hold where {hook.ENVIRONMENT_VARIABLE} says nothing; with logistic_regression the "
        f"testbed stays as it is until {hook.ENVIRONMENT_VARIABLE}=wide_deep asks for ours (%(default)s)",
    )
    parser.add_argument("--system", action="store_true", help="also where this is no venv but the system's Python")


def run(given: argparse.Namespace) -> int:
    if not switch_file.is_environment() and not given.system:
        return _refused(
            f"{sys.executable} 是系统的 Python，不是虚拟环境；请在测试床的虚拟环境中运行，或加 --system",
            "this is the system's Python, no venv; run it in the testbed's venv, or add --system",
        )
    with switch_file.alone():
        return _enable(given.model)


def _enable(model: str) -> int:
    path = switch_file.site_packages() / switch_file.NAME
    try:
        earlier = path.read_bytes() if switch_file.read(path) is not None else None
    except ValueError as error:
        return _refused(f"{path} 不是 enable 写的文件，请先查看并删除它", str(error))
    except OSError as error:
        return _refused(f"无法读取 {path}: {error.strerror or error}", f"cannot read {path}: {error}")
    content = switch_file.content(path, model, switch_file.package_folder())
    if earlier == content:
        return _told(path, model, "早已启用", "was enabled already")
    try:
        switch_file.write(path, content)
    except OSError as error:
        return _refused(
            f"无法写入 {path.parent}: {error.strerror or error}；请换用可写的虚拟环境", f"cannot write {path}: {error}"
        )
    try:
        problem = _problem(model)
    except BaseException:  # Ctrl-C, or a Python that does not start
        _put_back(path, earlier)
        raise
    if problem is not None:
        _put_back(path, earlier)
        return _refused("该环境中无法使用本模型，已撤销", f"undone, as the model cannot be used in it: {problem}")
    return _told(path, model, "已启用", "enabled")


def _problem(model: str) -> Optional[str]:
    """What is wrong in a fresh Python of this environment; None if nothing."""
    left_out = (hook.ENVIRONMENT_VARIABLE, "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    done = subprocess.run(
        [sys.executable, "-c", _CHECK],
        cwd=os.path.abspath(os.sep),
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        return done.stderr.strip() or f"exit code {done.returncode}"
    on = str(model != hook.HOST_ITSELF)
    said = done.stdout.split()[-1:]  # what stands before it others printed at Python's start
    return None if said == [on] else f"the switch is on: {' '.join(said)}, wanted: {on}"


def _put_back(path: Path, earlier: Optional[bytes]) -> None:
    if earlier is None:
        path.unlink(missing_ok=True)
    else:
        switch_file.write(path, earlier)


def _told(path: Path, model: str, chinese: str, english: str) -> int:
    undo = "python -m testbed_adapter disable" + ("" if switch_file.is_environment() else " --system")
    print(f"{chinese}：{sys.prefix} 中的每个 Python 启动时即切换（{model}） / {english}")
    print(f"文件 file: {path}")
    print(f"撤销 undo: {undo}，或删除该文件 or delete that file")
    set_here = os.environ.get(hook.ENVIRONMENT_VARIABLE)
    if set_here and set_here != model:
        variable = f"{hook.ENVIRONMENT_VARIABLE}={set_here}"
        print(f"注意：当前环境变量 {variable} 优先 / the environment variable {variable} comes first")
    return 0


def _refused(chinese: str, english: str) -> int:
    print(f"未启用：{chinese}\nnot enabled: {english}", file=sys.stderr)
    return 1
