"""`enable`: switches the testbed in every Python of this environment, by a .pth file (pth_file.py)."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Optional, Union

from ..messages import Message, reason
from ..messages import enable as words
from ..switch import NEITHER, WIDE_DEEP, hook
from ..switch.choice import Choice
from . import options, pth_file, whole_file

# Run in a Python of its own: is the switch on there, and can our model be made?
_CHECK = """
import sys
hook = sys.modules.get("testbed_adapter.switch.hook")
if hook is None:
    from testbed_adapter.messages import enable
    sys.exit(str(enable.NOT_RUN))
try:
    from testbed_adapter.host import ctr_model
    from testbed_adapter.native.library import library
    library()
    from testbed_adapter.host.segmenter import segmenter
    segmenter()
except ImportError as error:
    from testbed_adapter.commands import packages
    from testbed_adapter.messages import enable
    if isinstance(error, ModuleNotFoundError) and not packages.culprit(error):
        sys.exit(str(enable.NO_PACKAGE.format(package=packages.pip_name(error.name))))
    sys.exit(str(packages.advice(error)))
except Exception as error:
    sys.exit(str(error))
print(hook.is_installed())
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = str(words.ABOUT)
    parser.add_argument(
        "--model",
        type=options.slots,
        default=WIDE_DEEP,
        metavar="MODEL",
        help=str(words.MODEL.format(variable=hook.ENVIRONMENT_VARIABLE)),
    )
    parser.add_argument("--system", action="store_true", help=str(words.SYSTEM))


def run(given: argparse.Namespace) -> int:
    if not pth_file.is_environment() and not given.system:
        return _refused(words.SYSTEMS.format(python=sys.executable))
    other = pth_file.shadowed()
    if other is not None:
        loaded = Path(__file__).resolve().parents[2]
        return _refused(words.OTHER_CHECKOUT.format(other=other, loaded=loaded))
    with pth_file.alone():
        return _enable(given.model)


def _enable(choice: Choice) -> int:
    path = pth_file.site_packages() / pth_file.NAME
    try:
        before = pth_file.read(path)
        earlier = path.read_bytes() if before is not None else None
    except ValueError as error:
        return _refused(words.FOREIGN.format(error=error))
    except OSError as error:
        return _refused(words.UNREADABLE.format(path=path, error=reason(error)))
    content = pth_file.content(path, choice.text, pth_file.package_folder())
    if earlier == content:
        return _told(path, choice.text, words.ENABLED_BEFORE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole_file.write(path, content)
    except OSError as error:
        return _refused(words.UNWRITABLE.format(path=path, error=reason(error)))
    try:
        problem = _problem(choice)
    except BaseException:  # Ctrl-C, or a Python that does not start
        _put_back(path, earlier)
        raise
    if problem is not None:
        _put_back(path, earlier)
        return _refused(words.UNUSABLE.format(problem=problem))
    if before is not None:
        was = words.MODEL_FROM.format(model=before.model, folder=before.folder) if before.folder else before.model
        print(words.INSTEAD.format(was=was))
    return _told(path, choice.text, words.ENABLED)


def _problem(choice: Choice) -> Union[str, Message, None]:
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
        return done.stderr.strip() or words.EXIT_CODE.format(code=done.returncode)
    on = str(choice.holds != NEITHER)
    said = done.stdout.split()[-1:]  # what stands before it others printed at Python's start
    return None if said == [on] else words.OTHERWISE.format(found=" ".join(said), wanted=on)


def _put_back(path: Path, earlier: Optional[bytes]) -> None:
    if earlier is None:
        path.unlink(missing_ok=True)
    else:
        whole_file.write(path, earlier)


def _told(path: Path, model: str, said: Message) -> int:
    undo = "python -m testbed_adapter disable" + ("" if pth_file.is_environment() else " --system")
    print(said.format(prefix=sys.prefix, model=model))
    print(words.FILE.format(path=path))
    print(words.UNDO.format(command=undo))
    set_here = os.environ.get(hook.ENVIRONMENT_VARIABLE)
    if set_here and set_here != model:
        print(words.VARIABLE_FIRST.format(variable=f"{hook.ENVIRONMENT_VARIABLE}={set_here}"))
    return 0


def _refused(reason: Message) -> int:
    print(words.NOT_ENABLED.format(reason=reason), file=sys.stderr)
    return 1
