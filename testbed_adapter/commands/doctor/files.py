"""Whose the files under the testbed's models/ are, by their first bytes; ours are then read, pickles never."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional, Union

from ...host import model_files
from ...messages import Message
from ...messages import doctor as words
from ...switch import NEITHER
from ...switch.choice import Choice
from .finding import BAD, NOTE, OK, Finding

# The logs that the testbed's data service and its older collector keep.
LOGS = ("models/ctr_data.json", "src/search_engine/data/ctr_data.json")
GENERATE = "python -m testbed_adapter log --testbed"
_FOLDERS = ("", "models", "models/offline", "models/online")
_NAME = re.compile(r"ctr(_lr)?_model")
_BACKUP = re.compile(r"\.bak(\.\d+)?$")
_SEARCHED = 1_000_000

OURS, LR, PICKLE, TENSORFLOW, JSON, EMPTY, UNKNOWN = "ours", "lr", "pickle", "tensorflow", "json", "empty", "unknown"
_SPOKEN = {
    LR: words.LR,
    PICKLE: words.PICKLE,
    TENSORFLOW: words.TENSORFLOW,
    JSON: words.ABOUT_A_MODEL,
    EMPTY: words.EMPTY,
    UNKNOWN: words.UNKNOWN,
}


def candidates(testbed: Path) -> Iterator[Path]:
    """Files, and folders of TensorFlow's, that a model may be in."""
    for folder in _FOLDERS:
        place = testbed / folder
        if place.is_dir():
            yield from sorted(path for path in place.iterdir() if _NAME.search(path.name))


def kind_of(path: Path) -> str:
    """Whose it is, from its first bytes. OSError if it cannot be read."""
    if path.is_dir():
        return TENSORFLOW if (path / "saved_model.pb").exists() or (path / "keras_metadata.pb").exists() else UNKNOWN
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, words.NOT_REGULAR)  # a pipe would be waited for
    with open(path, "rb") as file:
        start = file.read(_SEARCHED)
    if not start:
        return EMPTY
    if model_files.is_ours(path):
        return OURS
    # Protocols 2 and later begin so; the names of the classes in a pickle are plain text.
    if start[0] == 0x80 and len(start) > 1 and 2 <= start[1] <= 5:
        return LR if b"LogisticRegression" in start else PICKLE
    if start.startswith(b"\x89HDF\r\n\x1a\n") or (start.startswith(b"PK\x03\x04") and path.suffix == ".keras"):
        return TENSORFLOW
    return JSON if start.lstrip()[:1] in (b"{", b"[") else UNKNOWN


def findings(
    testbed: Path, kinds: dict[Path, Union[str, Message]], read: dict[str, Any], choice: Optional[Choice]
) -> list[Finding]:
    """A line a file. `read` is what the library says of ours, by path."""
    found = [_of_file(path, path.relative_to(testbed), kind, read, choice) for path, kind in kinds.items()]
    return found or [Finding(NOTE, words.NO_MODEL)]


def _of_file(
    path: Path, shown: Path, kind: Union[str, Message], read: dict[str, Any], choice: Optional[Choice]
) -> Finding:
    if kind == OURS:
        return _ours(shown, read.get(str(path)), choice)
    # Another one: why it cannot be read.
    known = kind if isinstance(kind, Message) else _SPOKEN[kind]
    told = words.OF_KIND.format(file=shown, kind=known, size=_size(path))
    if _BACKUP.search(path.name):
        return Finding(OK, words.BACKUP.format(found=told))
    if kind in (JSON, UNKNOWN) or isinstance(kind, Message):
        return Finding(OK if kind == JSON else NOTE, told)
    if path.name.startswith("ctr_lr_model"):
        return Finding(OK, words.BY_SCRIPT.format(found=told))
    return Finding(NOTE, words.NOT_READ.format(found=told), words.TRAIN_AGAIN)


def _ours(shown: Path, told: Any, choice: Optional[Choice]) -> Finding:
    if told is None:
        return Finding(NOTE, words.NOT_CHECKED.format(file=shown))
    if "error" in told:
        return Finding(BAD, words.OURS_UNREADABLE.format(file=shown, error=Message(*told["error"])), words.DELETE)
    if not told["trained"]:
        return Finding(NOTE, words.UNTRAINED.format(file=shown))
    facts = words.OURS.format(file=shown, **{name: told[name] for name in ("rows", "format", "version")})
    if choice is not None and choice.holds == NEITHER and shown.name.endswith(".pkl"):
        return Finding(NOTE, words.OURS_FOR_LR.format(found=facts))
    return Finding(OK, facts)


def _size(path: Path) -> Union[str, Message]:
    if path.is_dir():
        return words.FOLDER
    try:
        size = path.stat().st_size
    except OSError:  # a link to nowhere
        return "–"
    return f"{size} B" if size < 1024 else f"{size / 1024:.0f} KB"


def logs(testbed: Path, read: dict[str, Any]) -> list[Finding]:
    """A line a click log. `read` is what is in it, by path."""
    found = []
    for name in LOGS:
        path = testbed / name
        told = read.get(str(path))
        if not path.exists():
            continue
        if told is None:
            found.append(Finding(NOTE, words.LOG_NOT_CHECKED.format(file=name)))
        elif "error" in told:
            error = Message(*(text.replace(f"{path}", "").strip(" ,:") for text in told["error"]))
            found.append(Finding(BAD, words.LOG_UNREADABLE.format(file=name, error=error), words.MEND))
        else:
            facts = {"file": name, "records": told["records"], "clicks": told["clicks"]}
            if told["too_little"]:
                todo = f"{GENERATE} {testbed} --append" if name == LOGS[0] else ""
                found.append(Finding(NOTE, words.TOO_LITTLE.format(**facts, reason=Message(*told["too_little"])), todo))
            else:
                found.append(Finding(OK, words.ENOUGH.format(**facts)))
    if not (testbed / LOGS[0]).exists():
        found.append(Finding(NOTE, words.NO_LOG.format(file=LOGS[0]), f"{GENERATE} {testbed}"))
    return found
