"""The switch of an environment: one .pth file in its site-packages, which Python runs at each start.

It holds ASCII alone (older Pythons read it in the locale's encoding), fails no Python's start, and imports hook.py and
what that needs, nothing more. As comments it carries what it was written with.
"""

from __future__ import annotations

import contextlib
import json
import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Optional

from ..messages import VARIABLES
from ..messages import switch as words

_PACKAGE = Path(__file__).resolve().parents[1]
NAME = "testbed_adapter_switch.pth"
_ABOUT = "# The switch of testbed_adapter, by `python -m testbed_adapter enable`; undo: `disable`, or delete this file."
# What Python runs; in a venv twice, as site.py goes through its folder twice. A checkout stands last on the path, so
# that an installed package comes before it.
_RUN = """\
import os, sys
folder, model, file = {folder!a}, {model!a}, {file!a}
if not hasattr(sys, "_testbed_adapter_switch"):
    sys._testbed_adapter_switch = file
    try:
        if folder and os.path.isdir(folder) and folder not in sys.path:
            sys.path.append(folder)
        from testbed_adapter.switch.hook import start
        start(model)
    except Exception as error:
        tongue = next(filter(None, map(os.environ.get, {variables!a})), "")
        print({lost!a}[tongue.lower().startswith("zh")] % (error, file), file=sys.stderr)
"""


class SwitchFile(NamedTuple):
    path: Path
    model: str
    folder: Optional[Path]  # where the package is taken from; None where it is installed


def site_packages() -> Path:
    return Path(sysconfig.get_path("purelib"))


def is_environment() -> bool:
    """Whether this Python is that of a venv or a conda environment, rather than the system's."""
    return sys.prefix != sys.base_prefix or os.path.isdir(os.path.join(sys.prefix, "conda-meta"))


def package_folder() -> Optional[Path]:
    """What has to be on the path for the package; None where it is installed."""
    parent = _PACKAGE.parent
    return None if parent.name in ("site-packages", "dist-packages") else parent


def shadowed() -> Optional[Path]:
    """The checkout in the working folder, where this package is another one, which the switch loaded at this Python's
    start: `python -m testbed_adapter` there runs ours all the same."""
    here = Path.cwd()
    if not hasattr(sys, "_testbed_adapter_switch") or not (here / _PACKAGE.name / "__init__.py").is_file():
        return None
    return None if (here / _PACKAGE.name).samefile(_PACKAGE) else here


def find() -> list[SwitchFile]:
    """The switch files that this Python runs at its start."""
    folders = [site_packages(), *map(Path, site.getsitepackages())]
    found = []
    for folder in dict.fromkeys(folders):
        switch = read(folder / NAME)
        if switch is not None:
            found.append(switch)
    return found


def read(path: Path) -> Optional[SwitchFile]:
    """What a switch file was written with; None if there is none. ValueError if it is no file of ours, OSError if it
    cannot be read."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    if lines[:1] == [_ABOUT]:
        with contextlib.suppress(IndexError, ValueError, TypeError, KeyError):
            told = json.loads(lines[1].lstrip("# "))
            return SwitchFile(path, told["model"], Path(told["folder"]) if told["folder"] else None)
    raise ValueError(words.CHANGED.format(path=path))


def content(path: Path, model: str, folder: Optional[Path]) -> bytes:
    told = {"model": model, "folder": str(folder) if folder else None}
    lost = words.LOST.en, words.LOST.zh
    run = _RUN.format(folder=told["folder"], model=model, file=str(path), variables=VARIABLES, lost=lost)
    return f"{_ABOUT}\n# {json.dumps(told)}\nimport sys; exec({run!a}, {{}})\n".encode("ascii")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Waits while another process enables or disables. Nothing to wait for where folders cannot be locked."""
    try:
        import fcntl

        folder = os.open(site_packages(), os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
