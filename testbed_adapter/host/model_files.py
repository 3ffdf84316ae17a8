"""Writing a model where something else may lie: what is not ours is never lost."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:  # who only asks whose a file is needs neither the library nor its packages
    from ..native.model import FilePath, NativeModel

# Where each slot's model is saved when no path is given, under the working folder.
FIRST_SLOT = os.path.join("models", "ctr_model.pkl")
SECOND_SLOT = os.path.join("models", "wide_deep_ctr_model")

_MAGIC = b'"ctr_models"'  # the key of our metadata in the file's JSON header
_LONGEST_HEADER = 100_000_000


def is_ours(path: FilePath) -> bool:
    """Whether the file is one of this library's, whole or not, as far as its header tells. It is only read."""
    try:
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > min(size - 8, _LONGEST_HEADER):
                return False
            header = file.read(length)
    except OSError:
        return False
    return header.startswith(b"{") and _MAGIC in header


def save(model: NativeModel, path: FilePath) -> Optional[str]:
    """Writes the model file, making its folder. A file there that is not ours is first backed up to a free
    `<path>.bak`, `.bak.1`, …, whose name is returned. OSError if it cannot be written; then what was there
    is there still."""
    path = os.fspath(path)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    backup, is_new = _second_name(path) if os.path.isfile(path) and not is_ours(path) else (None, False)
    try:
        model.save(path)
    except BaseException:
        if backup is not None and is_new:
            with contextlib.suppress(OSError):
                os.remove(backup)
        raise
    return backup


def last_backup(path: FilePath, ours: bool) -> Optional[str]:
    """The last backup of a path that is a file of ours, or of another's; None where there is none."""
    there = itertools.takewhile(os.path.lexists, _backups(os.fspath(path)))
    fitting = [backup for backup in there if os.path.isfile(backup) and is_ours(backup) == ours]
    return fitting[-1] if fitting else None


def back_up(path: FilePath) -> str:
    """Copies a file to a free backup, whose name is returned: for who is about to write over the file itself, and with
    it over each of its names. OSError if it cannot be."""
    return next(backup for backup in _backups(os.fspath(path)) if _copy(os.fspath(path), backup))


def _backups(path: str) -> Iterator[str]:
    return (f"{path}.bak{f'.{count}' if count else ''}" for count in itertools.count())


def _copy(path: str, backup: str) -> bool:
    """False where the backup's name is taken."""
    try:
        with open(path, "rb") as source, open(backup, "xb") as target:
            try:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            except BaseException:
                os.remove(backup)
                raise
    except FileExistsError:
        return False
    return True


def _second_name(path: str) -> tuple[str, bool]:
    """A backup without a copy, and whether it was made here: a save that was killed may have left one. The new file
    takes the old one's place by a rename, so a second name keeps the old one's bytes."""
    for backup in _backups(path):
        try:
            os.link(os.path.realpath(path), backup)  # a link's own second name would lead to the new file
            return backup, True
        except FileExistsError:
            if os.path.samefile(path, backup):
                return backup, False
        except OSError:  # a file system without hard links
            if _copy(path, backup):
                return backup, True
    raise AssertionError("unreachable")
