"""What the library's functions answer: status codes as exceptions, bytes and texts of any size. Without NumPy and
pyarrow, as the switch asks at the start of a Python."""

from __future__ import annotations

import ctypes
import json
import os
from ctypes import byref, c_size_t
from typing import Any, Callable, Optional, Union

from ..messages import Message
from ..messages import library as words
from .errors import ModelFileError
from .library import library

OK, INVALID_ARGUMENT, INVALID_DATA, NOT_TRAINED, IO_ERROR, BAD_MODEL_FILE, CANCELLED, _, OUT_OF_MEMORY = range(9)
_USUALLY_ENOUGH = 1 << 20  # bytes of a model, or of its description

FilePath = Union[str, "os.PathLike[str]"]


def check(status: int, path: Optional[FilePath] = None) -> None:
    """Raises the exception that a status other than CTR_OK stands for, with the library's message; of a file, with its
    path and the system's errno too, which makes it a FileNotFoundError, PermissionError and so on.

    The library speaks English. In Chinese a sentence of ours leads, of what kind of thing it is; its words follow."""
    if status == OK:
        return
    core = (library().ctr_last_error() or b"").decode("utf-8", "replace") or words.STATUS.format(status=status)
    template, error = _ERRORS.get(status, (words.OTHER, RuntimeError))
    message = template.format(core=core)
    number = library().ctr_last_errno() if status == IO_ERROR else 0
    raise OSError(number, message, path) if number else error(message)


def _not_fitted(message: Message) -> Exception:
    from sklearn.exceptions import NotFittedError

    return NotFittedError(message)


_ERRORS: dict[int, tuple[Message, Callable[[Message], BaseException]]] = {
    INVALID_ARGUMENT: (words.INVALID_ARGUMENT, ValueError),
    INVALID_DATA: (words.INVALID_DATA, ValueError),
    NOT_TRAINED: (words.NOT_TRAINED, _not_fitted),
    IO_ERROR: (words.IO_ERROR, OSError),
    BAD_MODEL_FILE: (words.BAD_MODEL_FILE, ModelFileError),
    CANCELLED: (words.CANCELLED, KeyboardInterrupt),
    OUT_OF_MEMORY: (words.OUT_OF_MEMORY, MemoryError),
}


def sized(call: Any, *arguments: Any) -> bytes:
    """What the library writes where there is room for it."""
    # It is made anew at each call, so a first guess that is usually enough halves the work.
    needed = c_size_t(_USUALLY_ENOUGH)
    while True:
        buffer = ctypes.create_string_buffer(needed.value)
        check(call(*arguments, buffer, len(buffer), byref(needed)))
        # Another thread may have trained the model in between, to a larger one.
        if needed.value <= len(buffer):
            return bytes(memoryview(buffer)[: needed.value])


def parsed(call: Any, *arguments: Any) -> Any:
    """The same, of a JSON text with its NUL."""
    return json.loads(sized(call, *arguments).rstrip(b"\0"))
