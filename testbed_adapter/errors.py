"""The exceptions of this package. Each is also of a built-in kind, so that callers need not know it."""

from __future__ import annotations


class LibraryError(ImportError):
    """The Swift library is missing or cannot be used; the message lists the paths tried and how to build it."""


class ModelFileError(ValueError):
    """A file or bytes that hold no model, or a truncated, altered or newer one."""


class RecordError(ValueError):
    """A click-log record that cannot be used; the message (in Chinese) names the record, the field and the value."""
