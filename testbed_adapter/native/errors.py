"""The exceptions of this package. Each is also of a built-in kind, so that callers need not know it. What they say is a
`Message` where it is in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Optional, Union

from ..messages import files


class LibraryError(ImportError):
    """The Swift library is missing or cannot be used; the message lists the paths tried and how to build it."""


class ModelFileError(ValueError):
    """A file or bytes that hold no model, or a truncated, altered or newer one. `filename` is that of a file."""

    filename: Optional[str] = None


@contextmanager
def about(path: Union[str, os.PathLike[str]]) -> Iterator[None]:
    """A ModelFileError of what is done here names the file."""
    try:
        yield
    except ModelFileError as error:
        if error.filename is None:
            name = os.fsdecode(path)
            if name not in str(error):
                error.args = (files.OF_FILE.format(name=name, error=error),)
            error.filename = name
        raise


class RecordError(ValueError):
    """A click-log record that cannot be used; the message names the record, the field and the value."""


class DictionaryError(OSError):
    """jieba's dictionary cannot be read; the message names it and says how to have it again."""


class ParameterError(ValueError, TypeError):
    """An argument of an estimator of the wrong type or out of its range; the message says what it must be."""
