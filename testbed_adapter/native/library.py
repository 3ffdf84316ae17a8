"""Finds libctr_models.so, loads it once, and declares its functions (bridge/include/ctr_models.h) to ctypes."""

from __future__ import annotations

import ctypes
import os
import re
import threading
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_size_t, c_void_p
from pathlib import Path
from typing import Any, Optional

from ..messages import Message, joined, said
from ..messages import library as words
from ..version import __version__
from .errors import LibraryError

ABI_VERSION = 1
LIBRARY_NAME = "libctr_models.so"
ENVIRONMENT_VARIABLE = "CTR_MODELS_LIBRARY"
_PACKAGE = Path(__file__).resolve().parents[1]


class ProgressInfo(ctypes.Structure):
    """ctr_progress_info of the header."""

    _fields_ = (
        ("epoch", c_int32),
        ("epochs", c_int32),
        ("rows_done", c_int64),
        ("rows", c_int64),
        ("train_log_loss", c_double),
        ("validation_log_loss", c_double),
        ("validation_auc", c_double),
        ("seconds", c_double),
        ("member", c_int32),
        ("members", c_int32),
        ("is_refit", c_int32),
    )


ProgressCallback = ctypes.CFUNCTYPE(c_int32, POINTER(ProgressInfo), c_void_p)

# Handles and arrays cross as addresses; ctypes' own default would cut one of a function that does not stand here.
_TABLE = (c_void_p, c_void_p, c_void_p)  # of a model
_TEXT, _WORDS = (c_char_p, c_size_t), (c_void_p, c_size_t)  # and its length; their ends and number
_PROGRESS = (ProgressCallback, c_void_p)
_SIZED = (c_void_p, c_size_t, POINTER(c_size_t))
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "ctr_abi_version": (),
    "ctr_build_info": (),
    "ctr_last_error": (),
    "ctr_last_errno": (),
    "ctr_architectures": _SIZED,
    "ctr_model_create": (c_char_p, POINTER(c_void_p)),
    "ctr_model_free": (c_void_p,),
    "ctr_model_train": (*_TABLE, *_PROGRESS),
    "ctr_model_continue_training": (*_TABLE, *_PROGRESS),
    "ctr_model_set_options": (c_void_p, c_char_p),
    "ctr_model_predict": (*_TABLE, c_void_p, c_size_t),
    "ctr_model_predict_interruptibly": (*_TABLE, c_void_p, c_size_t, *_PROGRESS),
    # query, doc_id, position, score, summary
    "ctr_model_predict_ctr": (c_void_p, *_TEXT, *_WORDS, *_TEXT, c_int64, c_double, *_TEXT, *_WORDS, c_void_p),
    "ctr_model_extract_features": (*_TABLE, c_void_p, c_size_t),
    "ctr_model_set_history": (*_TABLE, c_void_p, c_void_p, c_size_t),
    "ctr_model_extend_history": _TABLE,
    "ctr_model_set_metadata": (c_void_p, *_TEXT),
    "ctr_model_save": (c_void_p, c_char_p),
    "ctr_model_load": (c_char_p, POINTER(c_void_p)),
    "ctr_model_serialize": (c_void_p, *_SIZED),
    "ctr_model_deserialize": (*_TEXT, POINTER(c_void_p)),
    "ctr_model_reset": (c_void_p,),
    "ctr_model_is_trained": (c_void_p, POINTER(c_int32)),
    "ctr_model_info": (c_void_p, *_SIZED),
    "ctr_model_explain": (*_TABLE, *_SIZED),
}
_RESULTS = {"ctr_build_info": c_char_p, "ctr_last_error": c_char_p, "ctr_model_free": None}  # others' are int32_t

_lock = threading.Lock()
_loaded: Optional[ctypes.CDLL] = None


def library() -> ctypes.CDLL:
    """The library, loaded at the first call. Raises LibraryError; a later call tries again."""
    global _loaded
    if _loaded is None:
        with _lock:
            if _loaded is None:
                _loaded = _load()
    return _loaded


def candidates() -> list[Path]:
    """Where the library is looked for, in order. A path given by the environment stands alone."""
    given = os.environ.get(ENVIRONMENT_VARIABLE)
    if given:
        return [Path(os.path.expanduser(given))]
    return [_PACKAGE / LIBRARY_NAME, _PACKAGE.parent / ".build" / "library" / LIBRARY_NAME]


def _load() -> ctypes.CDLL:
    problems = []
    for path in candidates():
        if not path.is_file():
            problems.append(words.NO_FILE.format(path=path))
            continue
        try:
            found = ctypes.CDLL(str(path))
            _declare(found)
            return found
        except (OSError, LibraryError) as error:
            problems.append(words.PROBLEM.format(path=path, error=_reason(error, path)))
    tried = joined(problems, "\n  ")
    raise LibraryError(
        words.NOT_LOADED.format(library=LIBRARY_NAME, problems=tried, advice=_advice()), name=LIBRARY_NAME
    )


def _declare(found: ctypes.CDLL) -> None:
    for name, arguments in _SIGNATURES.items():
        function = getattr(found, name, None)
        if function is None:
            wrong = words.NOT_OURS if name == "ctr_abi_version" else words.NO_SYMBOL
            raise LibraryError(wrong.format(name=name, package=_package(), abi=ABI_VERSION))
        function.argtypes = arguments
        function.restype = _RESULTS.get(name, c_int32)
        if name == "ctr_abi_version" and (version := function()) != ABI_VERSION:
            older = words.OLDER_LIBRARY if version < ABI_VERSION else words.OLDER_PACKAGE
            raise LibraryError(older.format(version=version, abi=ABI_VERSION, package=_package(), build=_build(found)))
        if name == "ctr_build_info":
            _check_version(function().decode("utf-8", "replace"))


def _check_version(build: str) -> None:
    """Library and package are made and tested as one: LibraryError where their versions differ."""
    named = re.match(r"CTRModels ([^,\s]+)", build)
    if named is None or named[1] != __version__:
        version = named[1] if named else build
        raise LibraryError(words.OTHER_VERSION.format(version=version, package=_package()))


def _package() -> Message:
    return words.PACKAGE.format(path=_PACKAGE, version=__version__)


def _build(found: ctypes.CDLL) -> str:
    """What the library tells of itself, where it does."""
    build_info = getattr(found, "ctr_build_info", None)
    if build_info is None:
        return ""
    build_info.restype = c_char_p
    return f" ({(build_info() or b'').decode('utf-8', 'replace')})"


def _reason(error: Exception, path: Path) -> Message:
    """What is wrong, without the path, which the loader's own errors begin with."""
    message = said(error)
    return Message(message.en.removeprefix(f"{path}: "), message.zh.removeprefix(f"{path}: "))


def _advice() -> Message:
    if os.environ.get(ENVIRONMENT_VARIABLE):
        return words.NAMED_BY.format(variable=ENVIRONMENT_VARIABLE)
    root = _PACKAGE.parent
    if (root / "Package.swift").is_file():
        return words.BUILD_IT.format(root=root)
    return words.INSTALL_IT
