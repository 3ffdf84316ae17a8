"""Writing a model where something else may lie: what is not ours is never lost."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:  # who only asks whose a file is needs neither the library nor its packages
    from ._native import FilePath, NativeModel

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
    """Writes the model file, making its folder. A file there that is not ours is first copied to a free `<path>.bak`,
    `.bak.1`, …, whose name is returned. OSError if it cannot be written; then what was there is there still."""
    folder = os.path.dirname(os.fspath(path))
    if folder:
        os.makedirs(folder, exist_ok=True)
    backup, is_new = None, False
    if os.path.isfile(path) and not is_ours(path):
        backup, is_new = _backed_up(os.fspath(path))
    try:
        model.save(path)
    except BaseException:
        if backup is not None and is_new:
            with contextlib.suppress(OSError):
                os.remove(backup)
        raise
    return backup


def _backed_up(path: str) -> tuple[str, bool]:
    """The backup's name, and whether it was made here: a save that was killed may have left one of the same file."""
    for count in itertools.count():
        backup = f"{path}.bak{f'.{count}' if count else ''}"
        try:
            # The new file takes the place of the old one by a rename, so a second name keeps the old one's bytes. (Of
            # the file itself: a link's second name would lead to the new one.)
            os.link(os.path.realpath(path), backup)
            return backup, True
        except FileExistsError:
            if os.path.samefile(path, backup):
                return backup, False
        except OSError:  # a file system without hard links
            try:
                with open(path, "rb") as source, open(backup, "xb") as target:
                    try:
                        shutil.copyfileobj(source, target)
                        target.flush()
                        os.fsync(target.fileno())
                    except BaseException:
                        os.remove(backup)
                        raise
                return backup, True
            except FileExistsError:
                continue
    raise AssertionError("unreachable")
