"""Runs a script or module as `python` would, in the testbed's folder, with the hook installed."""

from __future__ import annotations

import os
import runpy
import sys
import types
from collections.abc import Sequence

from . import hook


def run_script(testbed: str, model: str, command: Sequence[str]) -> int:
    """`cd testbed && python SCRIPT ARGS…`. Returns 0, or 2 where there is no such script; what the script raises, its
    SystemExit too, is raised."""
    before = os.getcwd()
    _prepare(testbed, model)
    script = command[0]
    if not os.path.exists(script) and os.path.exists(os.path.join(before, script)):
        script = os.path.join(before, script)
    if not os.path.exists(script):
        print(f"python -m testbed_adapter run: no file {script} in {os.getcwd()}", file=sys.stderr)
        return 2
    sys.argv[:] = [script, *command[1:]]
    if os.path.isdir(script):  # a folder with a __main__.py
        runpy.run_path(script, run_name="__main__")
        return 0
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    with open(script, "rb") as file:
        source = file.read()
    # Not runpy, which puts the old __main__ back when the script's last line is done: threads that it leaves running,
    # a server's, would find another program's globals there.
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=script, __builtins__=__builtins__)
    sys.modules["__main__"] = module
    exec(compile(source, script, "exec"), module.__dict__)
    return 0


def run_module(testbed: str, model: str, command: Sequence[str]) -> int:
    """`cd testbed && python -m MODULE ARGS…`."""
    _prepare(testbed, model)
    sys.path[0] = os.getcwd()
    sys.argv[:] = list(command)
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    return 0


def _prepare(testbed: str, model: str) -> None:
    package = os.path.dirname(os.path.abspath(__file__))
    # The package must be found from another working folder and by other processes; once installed it is anyway.
    parent = os.path.dirname(package)
    # Paths that the environment gives relative to here are to mean the same after the change of folder.
    inherited = [os.path.abspath(folder) for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    if os.environ.get("CTR_MODELS_LIBRARY"):
        os.environ["CTR_MODELS_LIBRARY"] = os.path.abspath(os.environ["CTR_MODELS_LIBRARY"])
    ahead = [os.path.join(package, "child")]
    if os.path.basename(parent) not in ("site-packages", "dist-packages"):
        ahead.append(parent)
        if parent not in sys.path[1:]:
            sys.path.append(parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([*ahead, *inherited])
    os.environ[hook.ENVIRONMENT_VARIABLE] = model
    os.chdir(testbed)
    hook.install(model)
