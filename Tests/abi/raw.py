"""The library through bare ctypes, its signatures read from the C header: nothing leans on the adapter's own table."""

from __future__ import annotations

import ctypes
import json
import os
import re
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint8, c_void_p
from pathlib import Path
from typing import Any, NamedTuple, Optional

import pyarrow as pa

ROOT = Path(__file__).resolve().parents[2]
# That of `make library`, unless the environment names one that was built in another way.
LIBRARY = Path(os.environ.get("CTR_MODELS_LIBRARY") or ROOT / ".build" / "library" / "libctr_models.so")
HEADER = ROOT / "bridge" / "include" / "ctr_models.h"

OK, INVALID_ARGUMENT, INVALID_DATA, NOT_TRAINED, IO_ERROR, BAD_MODEL_FILE, CANCELLED = range(7)
OUT_OF_MEMORY = 8
IMPRESSION_FEATURES = 36
SENTINEL = 0x5E117111


class ArrowSchema(ctypes.Structure):
    pass


class ArrowArray(ctypes.Structure):
    pass


ArrowSchema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_void_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(ArrowSchema))),
    ("dictionary", POINTER(ArrowSchema)),
    ("release", c_void_p),
    ("private_data", c_void_p),
]
ArrowArray._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(ArrowArray))),
    ("dictionary", POINTER(ArrowArray)),
    ("release", c_void_p),
    ("private_data", c_void_p),
]


class Progress(ctypes.Structure):
    _fields_ = [
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
    ]


Callback = ctypes.CFUNCTYPE(c_int32, POINTER(Progress), c_void_p)

# Every type the header uses. A new one fails here until its ctypes twin is written down.
C_TYPES: dict[str, Any] = {
    "void": None,
    "int32_t": c_int32,
    "int64_t": c_int64,
    "size_t": c_size_t,
    "double": c_double,
    "const char *": c_char_p,
    "char *": c_char_p,
    "void *": c_void_p,
    "ctr_model *": c_void_p,
    "const ctr_model *": c_void_p,
    "ctr_model **": POINTER(c_void_p),
    "const struct ArrowSchema *": POINTER(ArrowSchema),
    "const struct ArrowArray *": POINTER(ArrowArray),
    "const double *": POINTER(c_double),
    "double *": POINTER(c_double),
    "const int32_t *": POINTER(c_int32),
    "int32_t *": POINTER(c_int32),
    "const uint8_t *": POINTER(c_uint8),
    "uint8_t *": POINTER(c_uint8),
    "size_t *": POINTER(c_size_t),
    "ctr_progress_callback": Callback,
}


class Function(NamedTuple):
    result: str
    parameters: dict[str, str]  # name → C type, in order


def header_functions() -> dict[str, Function]:
    """The functions ctr_models.h declares, in its order."""
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text("utf-8"), flags=re.S)
    functions = {}
    for result, name, inside in re.findall(r"^((?:const )?\w+ \*?)(ctr_\w+)\(([^)]*)\);", text, flags=re.M):
        pairs = [re.fullmatch(r"(.*?)(\w+)", " ".join(part.split())) for part in inside.split(",") if inside != "void"]
        functions[name] = Function(result.strip(), {pair[2]: pair[1].strip() for pair in pairs if pair})
    return functions


def load_library() -> ctypes.CDLL:
    library = ctypes.CDLL(str(LIBRARY))
    for name, declared in header_functions().items():
        function = getattr(library, name)
        function.restype = C_TYPES[declared.result]
        function.argtypes = [C_TYPES[kind] for kind in declared.parameters.values()]
    return library


class Exported:
    """A record batch as a C schema and array, which live as long as this object."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.rows = batch.num_rows
        self.schema, self.array = ArrowSchema(), ArrowArray()
        batch._export_to_c(ctypes.addressof(self.array), ctypes.addressof(self.schema))

    @property
    def both(self) -> tuple[Any, Any]:
        return byref(self.schema), byref(self.array)

    def __del__(self) -> None:
        for part, kind in ((self.array, ArrowArray), (self.schema, ArrowSchema)):
            if part.release:
                ctypes.CFUNCTYPE(None, POINTER(kind))(part.release)(byref(part))


class Model:
    """A handle, freed with this object."""

    def __init__(self, library: ctypes.CDLL, options: Optional[bytes] = None) -> None:
        self.library, self.handle = library, c_void_p()
        if options is not None:
            self.ok("ctr_model_create", options, byref(self.handle))

    def __del__(self) -> None:
        self.library.ctr_model_free(self.handle)

    def ok(self, name: str, *arguments: Any) -> None:
        status = getattr(self.library, name)(*arguments)
        assert status == OK, f"{name}: {status} {message(self.library)}"

    def train(self, table: Exported) -> Model:
        self.ok("ctr_model_train", self.handle, *table.both, Callback(), None)
        return self

    def predict(self, table: Exported) -> list[float]:
        answers = (c_double * table.rows)()
        self.ok("ctr_model_predict", self.handle, *table.both, answers, table.rows)
        return list(answers)

    def serialize(self) -> bytes:
        needed = c_size_t()
        self.ok("ctr_model_serialize", self.handle, None, 0, byref(needed))
        content = (c_uint8 * needed.value)()
        self.ok("ctr_model_serialize", self.handle, content, needed, byref(needed))
        return bytes(content)

    def info(self) -> dict[str, Any]:
        needed = c_size_t()
        self.ok("ctr_model_info", self.handle, None, 0, byref(needed))
        text = ctypes.create_string_buffer(needed.value)
        self.ok("ctr_model_info", self.handle, text, needed, byref(needed))
        assert text.raw.index(b"\0") == needed.value - 1
        answer: dict[str, Any] = json.loads(text.value)
        return answer

    def is_trained(self) -> bool:
        trained = c_int32(-1)
        self.ok("ctr_model_is_trained", self.handle, byref(trained))
        return bool(trained.value)


def architectures(library: ctypes.CDLL) -> dict[str, dict[str, dict[str, Any]]]:
    """By model the options that it reads, by name."""
    text, needed = ctypes.create_string_buffer(1 << 20), c_size_t()
    assert library.ctr_architectures(text, len(text), byref(needed)) == OK, message(library)
    return {entry["model"]: {option["name"]: option for option in entry["options"]} for entry in json.loads(text.value)}


def deserialize(library: ctypes.CDLL, content: bytes, handle: Any) -> int:
    whole = (c_uint8 * len(content)).from_buffer_copy(content)
    status: int = library.ctr_model_deserialize(whole, len(content), handle)
    return status


def message(library: ctypes.CDLL) -> str:
    text: bytes = library.ctr_last_error()
    return text.decode("utf-8")
