"""Finds libctr_models.so, loads it once, and declares its functions (bridge/include/ctr_models.h) to ctypes."""

from __future__ import annotations

import ctypes
import os
import threading
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_size_t, c_void_p
from pathlib import Path
from typing import Any, Optional

from .errors import LibraryError

ABI_VERSION = 1
LIBRARY_NAME = "libctr_models.so"
ENVIRONMENT_VARIABLE = "CTR_MODELS_LIBRARY"


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
    )


ProgressCallback = ctypes.CFUNCTYPE(c_int32, POINTER(ProgressInfo), c_void_p)

# Handles and arrays cross as addresses. A result type left out is the status, int32_t: ctypes' own default would do for
# it, but a forgotten one would cut a pointer to 32 bits, so every function stands here.
_TABLE = (c_void_p, c_void_p)
_SIGNATURES: dict[str, tuple[tuple[Any, ...], Any]] = {
    "ctr_abi_version": ((), c_int32),
    "ctr_build_info": ((), c_char_p),
    "ctr_last_error": ((), c_char_p),
    "ctr_model_create": ((c_char_p, POINTER(c_void_p)), c_int32),
    "ctr_model_free": ((c_void_p,), None),
    "ctr_model_train": ((c_void_p, *_TABLE, ProgressCallback, c_void_p), c_int32),
    "ctr_model_continue_training": ((c_void_p, *_TABLE, ProgressCallback, c_void_p), c_int32),
    "ctr_model_set_options": ((c_void_p, c_char_p), c_int32),
    "ctr_model_predict": ((c_void_p, *_TABLE, c_void_p, c_size_t), c_int32),
    "ctr_model_predict_interruptibly": (
        (c_void_p, *_TABLE, c_void_p, c_size_t, ProgressCallback, c_void_p),
        c_int32,
    ),
    "ctr_model_predict_ctr": (
        (
            c_void_p,
            *(c_char_p, c_size_t, c_void_p, c_size_t),  # query: text, length, word ends, word count
            *(c_char_p, c_size_t),  # doc_id
            *(c_int64, c_double),  # position, score
            *(c_char_p, c_size_t, c_void_p, c_size_t),  # summary
            c_void_p,
        ),
        c_int32,
    ),
    "ctr_model_extract_features": ((c_void_p, *_TABLE, c_void_p, c_size_t), c_int32),
    "ctr_model_set_history": ((c_void_p, *_TABLE, c_void_p, c_void_p, c_size_t), c_int32),
    "ctr_model_extend_history": ((c_void_p, *_TABLE), c_int32),
    "ctr_model_set_metadata": ((c_void_p, c_char_p, c_size_t), c_int32),
    "ctr_model_save": ((c_void_p, c_char_p), c_int32),
    "ctr_model_load": ((c_char_p, POINTER(c_void_p)), c_int32),
    "ctr_model_serialize": ((c_void_p, c_void_p, c_size_t, POINTER(c_size_t)), c_int32),
    "ctr_model_deserialize": ((c_char_p, c_size_t, POINTER(c_void_p)), c_int32),
    "ctr_model_reset": ((c_void_p,), c_int32),
    "ctr_model_is_trained": ((c_void_p, POINTER(c_int32)), c_int32),
    "ctr_model_info": ((c_void_p, c_void_p, c_size_t, POINTER(c_size_t)), c_int32),
    "ctr_model_explain": ((c_void_p, *_TABLE, c_void_p, c_size_t, POINTER(c_size_t)), c_int32),
    "ctr_last_errno": ((), c_int32),
}

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
    package = Path(__file__).resolve().parent
    return [package / LIBRARY_NAME, package.parent / ".build" / "library" / LIBRARY_NAME]


def _load() -> ctypes.CDLL:
    problems = []
    for path in candidates():
        if not path.is_file():
            problems.append(f"{path}: no such file")
            continue
        try:
            found = ctypes.CDLL(str(path))
            _declare(found)
            return found
        except (OSError, LibraryError) as error:
            problems.append(f"{path}: {_reason(error, path)}")
    raise LibraryError(
        f"{LIBRARY_NAME} cannot be loaded. Tried:\n  " + "\n  ".join(problems) + f"\n{_advice()}", name=LIBRARY_NAME
    )


def _declare(found: ctypes.CDLL) -> None:
    for name, (arguments, result) in _SIGNATURES.items():
        function = getattr(found, name, None)
        if function is None:
            has_version = name != "ctr_abi_version"
            what = (
                f"of ABI version {ABI_VERSION} but older than {_package()}"
                if has_version
                else "not this package's library"
            )
            raise LibraryError(f"{what} (undefined symbol: {name}); {_package()} speaks ABI version {ABI_VERSION}")
        function.argtypes = arguments
        function.restype = result
        if name == "ctr_abi_version" and (version := function()) != ABI_VERSION:
            older, advice = (
                ("library", "build or install the library anew")
                if version < ABI_VERSION
                else ("package", "install the package anew, with the library's own version")
            )
            raise LibraryError(
                f"its ABI version is {version}, this package speaks version {ABI_VERSION}: {_package()} is not for "
                f"this library{_build(found)}. The {older} is the older one: {advice}"
            )


def _package() -> str:
    from . import __version__

    return f"the package {Path(__file__).resolve().parent}, version {__version__},"


def _build(found: ctypes.CDLL) -> str:
    """What the library tells of itself, where it does."""
    build_info = getattr(found, "ctr_build_info", None)
    if build_info is None:
        return ""
    build_info.restype = c_char_p
    return f" ({(build_info() or b'').decode('utf-8', 'replace')})"


def _reason(error: Exception, path: Path) -> str:
    text = str(error)
    return text[len(str(path)) + 2 :] if text.startswith(f"{path}: ") else text


def _advice() -> str:
    if os.environ.get(ENVIRONMENT_VARIABLE):
        return f"{ENVIRONMENT_VARIABLE} names it: correct that, or unset it to use the library of the package."
    root = Path(__file__).resolve().parent.parent
    if (root / "Package.swift").is_file():
        return f"Build it with:  make -C {root} library"
    return "Install the package with its library:  pip install .   (in a checkout of the project)"
