"""For each function a call that works, argument by argument, for tests to spoil one argument at a time."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_double, c_int32, c_size_t, c_uint8, c_void_p
from pathlib import Path
from typing import Any

from Tests.abi.raw import IMPRESSION_FEATURES, SENTINEL, Callback, Exported, Model, header_functions

# Pointers that may be null by the header's word.
NULLABLE = {("ctr_model_create", "options"), ("ctr_model_free", "model")} | {
    (name, argument)
    for name in ("ctr_model_train", "ctr_model_continue_training", "ctr_model_predict_interruptibly")
    for argument in ("progress", "context")
}
# Those with a status and a pointer: (function, argument) for every pointer that may not be null.
POINTERS = [
    (name, argument)
    for name, declared in header_functions().items()
    for argument, kind in declared.parameters.items()
    if kind.endswith("*") and (name, argument) not in NULLABLE
]


class Call:
    """One call; `outputs` hold sentinels and show whether it wrote."""

    def __init__(self, name: str, model: Model, table: Exported, folder: Path) -> None:
        self.name, self.library = name, model.library
        content = model.serialize()
        schema, array = table.both
        self.handle_out = c_void_p(SENTINEL)
        room = table.rows * IMPRESSION_FEATURES
        self.answers = (c_double * room)(*[-7.0] * room)
        self.number, self.size = c_int32(SENTINEL), c_size_t(SENTINEL)
        self.bytes = (c_uint8 * len(content))(*[0xA5] * len(content))
        self.text = ctypes.create_string_buffer(b"\xa5", 1 << 22)
        query, summary = "天气 北京".encode(), "北京 今天".encode()
        ends = (c_int32 * 2)(6, 13)
        known: dict[str, Any] = {
            "model": model.handle,
            "schema": schema,
            "table": array,
            "progress": Callback(),
            "context": None,
            "probabilities": self.answers,
            "features": self.answers,
            "probability": self.answers,
            "count": table.rows,
            "mean": (c_double * 12)(),
            "scale": (c_double * 12)(*[1.0] * 12),
            "n": 12,
            "query": query,
            "query_length": len(query),
            "query_word_ends": ends,
            "query_word_count": 2,
            "doc_id": b"doc_1",
            "doc_id_length": 5,
            "position": 1,
            "score": 0.5,
            "summary": summary,
            "summary_length": len(summary),
            "summary_word_ends": ends,
            "summary_word_count": 2,
            "path": str(folder / "model.safetensors").encode(),
            "bytes": self.bytes,
            "capacity": len(content),
            "needed": byref(self.size),
            "length": len(content),
            "trained": byref(self.number),
            "text": self.text,
        }
        if name == "ctr_model_create":
            known.update(options=b"{}", model=byref(self.handle_out))
        elif name == "ctr_model_load":
            (folder / "model.safetensors").write_bytes(content)
            known.update(model=byref(self.handle_out))
        elif name == "ctr_model_deserialize":
            known.update(model=byref(self.handle_out), bytes=(c_uint8 * len(content)).from_buffer_copy(content))
        elif name == "ctr_model_set_options":
            known.update(options=b'{"epochs": 1}')
        elif name == "ctr_model_set_metadata":
            known.update(text=b"{}", length=2)
        elif name in ("ctr_model_info", "ctr_model_explain", "ctr_architectures"):
            known.update(capacity=len(self.text))
        self.arguments = {argument: known[argument] for argument in header_functions()[name].parameters}

    def run(self, **spoiled: Any) -> int:
        assert spoiled.keys() <= self.arguments.keys()
        status: int = getattr(self.library, self.name)(*{**self.arguments, **spoiled}.values())
        return status

    def untouched(self) -> bool:
        """No output was written."""
        return (
            self.handle_out.value == self.number.value == self.size.value == SENTINEL
            and set(self.answers) == {-7.0}
            and set(bytes(self.bytes)) == {0xA5}
            and self.text.raw[:2] == b"\xa5\0"
        )
