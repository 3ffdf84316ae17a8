"""`run`: a script or module as `python` would run it, in the testbed's folder, with the hook installed."""

from __future__ import annotations

import argparse
import glob
import importlib.util
import os
import runpy
import sys
import types
from collections.abc import Sequence
from typing import Optional

from ..host import online
from ..messages import Message, commands, reason, surroundings
from ..messages import running as words
from ..native.errors import LibraryError
from ..switch import BOTH, NEITHER, WIDE_DEEP, hook
from ..switch.choice import Choice
from ..switch.script import compiled, is_script
from . import options, patch_targets, ports, pth_file, writable

_LOG_FILES = "ctr_data_*.csv"  # of the testbed's stand-alone script
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = str(words.ABOUT), str(words.EXAMPLES)
    add_slots(parser)
    script = parser.add_argument_group(str(words.WHAT))
    script.add_argument("-m", dest="module", metavar="MODULE", nargs=argparse.REMAINDER, help=str(words.MODULE))
    script.add_argument("script", metavar="SCRIPT", nargs="?", help=str(words.SCRIPT))
    script.add_argument("args", metavar="ARGS", nargs=argparse.REMAINDER, help=str(words.ARGS))


def add_slots(parser: argparse.ArgumentParser) -> None:
    """Which testbed, and what its slots hold."""
    parser.set_defaults(refuse=parser.error)
    parser.add_argument(
        "--testbed",
        type=options.path,
        metavar="DIR",
        required=True,
        help=str(words.TESTBED),
    )
    parser.add_argument(
        "--model",
        type=options.slots,
        metavar="MODEL",
        help=str(words.MODEL.format(variable=hook.ENVIRONMENT_VARIABLE, default=WIDE_DEEP)),
    )
    parser.add_argument(
        "--online",
        choices=(online.AUTO,),
        help=str(words.ONLINE.format(variable=online.TRIGGER)),
    )


def run(given: argparse.Namespace) -> int:
    if given.module is not None and not given.module:
        given.refuse(words.NO_MODULE_NAME)
    if given.module is None and given.script is None:
        given.refuse(words.NOTHING)
    model = chosen(given)
    if model is None:
        return 1
    testbed = str(given.testbed)
    for line in ports.taken(given.module[0] if given.module else given.script):
        print(surroundings.NOTED.format(said=line), file=sys.stderr)
    if given.module is not None:
        return run_module(testbed, model, given.module)
    return run_script(testbed, model, [given.script, *given.args])


def chosen(given: argparse.Namespace) -> Optional[Choice]:
    """What the slots are to hold, where that can be had; else None, and the reason is printed."""
    if not os.path.isdir(given.testbed):
        given.refuse(commands.NO_FOLDER.format(option="--testbed", path=given.testbed))
    if not os.access(given.testbed, os.R_OK | os.X_OK):
        given.refuse(words.NOT_ENTERED.format(path=given.testbed))
    try:
        model = given.model or hook.chosen()
        if model.holds != NEITHER:
            from ..native import library

            library.library()  # now, rather than when the first model is made
    except (ValueError, LibraryError) as error:
        print(error, file=sys.stderr)
        return None
    if given.online is not None:
        os.environ[online.TRIGGER] = given.online
    obstacle, other = writable.obstacle(given.testbed), patch_targets.other_commit(given.testbed)
    lines = [obstacle.said] if obstacle is not None else []
    shadowed = pth_file.shadowed()
    if shadowed is not None:
        loaded = os.path.dirname(_PACKAGE)
        lines.append(surroundings.SHADOWED.format(other=shadowed, loaded=loaded))
    if other is not None:
        lines += [other, *patch_targets.missing(given.testbed)]
    for line in lines:
        print(surroundings.NOTED.format(said=line), file=sys.stderr)
    return model


def run_script(testbed: str, model: Choice, command: Sequence[str]) -> int:
    """`cd testbed && python SCRIPT ARGS…`. Returns 0, or 2 where there is no such script, or none that can be read;
    what the script raises, its SystemExit too, is raised."""
    before = os.getcwd()
    prepare(testbed, model, command[0])
    script = command[0]
    if not os.path.exists(script) and os.path.exists(os.path.join(before, script)):
        script = os.path.join(before, script)
    if not os.path.exists(script):
        return _refused(words.NO_FILE.format(script=script, folder=os.getcwd()))
    sys.argv[:] = [script, *command[1:]]
    if os.path.isdir(script):  # a folder with a __main__.py
        if not os.path.exists(os.path.join(script, "__main__.py")):
            return _refused(words.NO_MAIN.format(script=script))
        runpy.run_path(script, run_name="__main__")
        return 0
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    try:
        with open(script, "rb") as file:
            source = file.read()
    except OSError as error:
        return _refused(words.UNREADABLE.format(script=script, error=reason(error)))
    # Not runpy, which puts the old __main__ back when the script's last line is done: threads that it leaves running,
    # a server's, would find another program's globals there.
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=script, __builtins__=__builtins__)
    sys.modules["__main__"] = module
    switches = model.holds == BOTH and is_script(script)
    code = compiled(source, script) if switches else compile(source, script, "exec")
    exec(code, module.__dict__)
    return 0


def run_module(testbed: str, model: Choice, command: Sequence[str]) -> int:
    """`cd testbed && python -m MODULE ARGS…`."""
    prepare(testbed, model, command[0])
    sys.path[0] = os.getcwd()
    sys.argv[:] = list(command)
    if not _is_there(command[0]):
        return _refused(words.NO_MODULE.format(module=command[0], folder=os.getcwd()))
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    return 0


def _refused(error: Message) -> int:
    print(f"python -m testbed_adapter run: {error}", file=sys.stderr)
    return 2


def _is_there(module: str) -> bool:
    """Whether there is a module of that name; one of its packages may well fail, as it would under `python -m`."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError as error:
        return error.name is None or not f"{module}.".startswith(f"{error.name}.")
    except (ImportError, ValueError):
        return True


def prepare(testbed: str, model: Choice, program: str) -> None:
    """The working folder, the hook, and what processes started from here inherit."""
    # The package must be found from another working folder and by other processes; once installed it is anyway.
    parent = os.path.dirname(_PACKAGE)
    # Paths that the environment gives relative to here are to mean the same after the change of folder.
    inherited = [os.path.abspath(folder) for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]
    if os.environ.get("CTR_MODELS_LIBRARY"):
        os.environ["CTR_MODELS_LIBRARY"] = os.path.abspath(os.path.expanduser(os.environ["CTR_MODELS_LIBRARY"]))
    ahead = [os.path.join(_PACKAGE, "commands", "pythonpath")]
    if os.path.basename(parent) not in ("site-packages", "dist-packages"):
        ahead.append(parent)
        if parent not in sys.path[1:]:
            sys.path.append(parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([*ahead, *inherited])
    os.environ[hook.ENVIRONMENT_VARIABLE] = model.text
    os.chdir(testbed)
    if hook.install(model.text):
        _warn_without_log(program)


def _warn_without_log(program: str) -> None:
    """Tells who runs the script (by path or module name) in a folder without a log for it where to take one from."""
    # A module's file, as the working folder is the testbed's.
    path = program if program.endswith(".py") else program.replace(".", os.sep) + ".py"
    if is_script(path) and not glob.glob(_LOG_FILES):
        convert = "import pandas; pandas.read_json('models/ctr_data.json').to_csv('ctr_data_1.csv', index=False)"
        message = words.WITHOUT_LOG.format(folder=os.getcwd(), files=_LOG_FILES)
        print(f'{message}\n  python -c "{convert}"', file=sys.stderr)
