"""native.errors, under the name by which users catch them."""

from __future__ import annotations

from .native.errors import DictionaryError, LibraryError, ModelFileError, ParameterError, RecordError

__all__ = ["DictionaryError", "LibraryError", "ModelFileError", "ParameterError", "RecordError"]
