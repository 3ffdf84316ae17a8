"""Model files that fit together but for one thing, at the library's door: refused by name, or answered with sense."""

from __future__ import annotations

import json
import struct
from ctypes import byref, c_double, c_void_p
from typing import Any, Callable

import numpy as np

from Tests.abi.raw import BAD_MODEL_FILE, INVALID_DATA, OK, SENTINEL, Callback, Exported, Model, deserialize, message
from Tests.abi.test_model_files import resealed

Tensors = dict[str, "np.ndarray[Any, Any]"]
TYPES = {"F32": "<f4", "F64": "<f8", "I32": "<i4", "I64": "<i8", "U8": "u1"}


def rebuilt(content: bytes, change: Callable[[Tensors, dict[str, Any]], None]) -> bytes:
    """The file with its tensors and its description changed, and the right checksum."""
    length = struct.unpack("<Q", content[:8])[0]
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    description = json.loads(header["__metadata__"]["ctr_models"])
    tensors = {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], TYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__"
    }
    change(tensors, description)
    header["__metadata__"]["ctr_models"] = json.dumps(description, ensure_ascii=False)
    made, at = [], 0
    members = {"__metadata__": header["__metadata__"]}
    for name, values in sorted(tensors.items(), key=lambda item: -item[1].itemsize):
        dtype = next(key for key, code in TYPES.items() if np.dtype(code) == values.dtype)
        members[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [at, at + values.nbytes]}
        made.append(values.tobytes())
        at += values.nbytes
    text = json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()
    return resealed(struct.pack("<Q", len(text)) + text + b"".join(made), lambda header: header)


def refused(trained: Model, change: Callable[[Tensors, dict[str, Any]], None]) -> str:
    handle = c_void_p(SENTINEL)
    content = rebuilt(trained.serialize(), change)
    assert deserialize(trained.library, content, byref(handle)) == BAD_MODEL_FILE
    assert handle.value == SENTINEL
    return message(trained.library)


def loaded(trained: Model, change: Callable[[Tensors, dict[str, Any]], None]) -> Model:
    model = Model(trained.library)
    assert deserialize(trained.library, rebuilt(trained.serialize(), change), byref(model.handle)) == OK
    return model


def blocks(tensors: Tensors, name: str) -> list[str]:
    """Of a block of weights: itself, and what its optimiser keeps."""
    return [one for one in (name, f"optimizer.{name}.1", f"optimizer.{name}.2") if one in tensors]


def test_rebuilding_as_such_is_harmless(trained: Model, table: Exported) -> None:
    assert loaded(trained, lambda tensors, description: None).predict(table) == trained.predict(table)


def test_a_member_with_another_shape(trained: Model) -> None:
    """Its embedding is 4,096 wide, and its first layer fits that: a prediction wrote past the thread's memory."""

    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        rows = len(tensors["members.1.deep.query.embedding"])
        for name in blocks(tensors, "members.1.deep.query.embedding"):
            tensors[name] = np.ones((rows, 4096), "<f4")
        for name in blocks(tensors, "members.1.deep.layers.0.weight"):
            inputs, outputs = tensors[name].shape
            tensors[name] = np.ones((inputs + 4092, outputs), "<f4")

    said = refused(trained, change)
    assert "members.1.deep.query.embedding" in said and "4096" in said and "4]" in said


def test_more_bins_than_there_can_be(trained: Model) -> None:
    """65,536 modes and edges took 19 s to load."""

    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        tensors["bins.score.modes"] = np.arange(65536.0)
        tensors["bins.score.edges"] = np.arange(65536.0)

    said = refused(trained, change)
    assert "bins.score" in said and "65536" in said


def test_an_epoch_near_the_largest_number(trained: Model, table: Exported) -> None:
    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        description["summary"]["history"][-1]["epoch"] = (1 << 63) - 1024

    model = loaded(trained, change)
    model.ok("ctr_model_set_options", model.handle, b'{"batch_size": 400, "epochs": 1100, "early_stopping": false}')
    model.ok("ctr_model_continue_training", model.handle, *table.both, Callback(), None)
    assert model.info()["history"][-1]["epoch"] == (1 << 53) - 1
    loaded(model, lambda tensors, description: None)


def test_counts_near_the_largest_number(trained: Model, table: Exported) -> None:
    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        tensors["vocabulary.query.counts"] = np.full_like(tensors["vocabulary.query.counts"], (1 << 53) - 1)

    model = loaded(trained, change)
    model.ok("ctr_model_continue_training", model.handle, *table.both, Callback(), None)
    loaded(model, lambda tensors, description: None)


def test_finite_weights_whose_sums_are_not(trained: Model, table: Exported) -> None:
    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        for name in ("bias", "wide.query.weight", "wide.doc_id.weight"):
            tensors[name] = np.full_like(tensors[name], 3e38)

    model = loaded(trained, change)
    answers = (c_double * table.rows)(*[7.0] * table.rows)
    status = model.library.ctr_model_predict(model.handle, *table.both, answers, table.rows)
    assert status == INVALID_DATA and "weights are too large" in message(model.library)
    assert set(answers) == {7.0}
