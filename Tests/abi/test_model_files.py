"""Model files and bytes: to the bit and back, and every way in which they can be wrong."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import pickle
import resource
import struct
from ctypes import byref, c_void_p
from pathlib import Path
from typing import Any, Callable

import pytest
import xxhash

from Tests.abi.raw import (
    BAD_MODEL_FILE,
    INVALID_ARGUMENT,
    IO_ERROR,
    OK,
    SENTINEL,
    Callback,
    Exported,
    Model,
    deserialize,
    message,
)


def load(library: ctypes.CDLL, path: object, handle: c_void_p) -> int:
    status: int = library.ctr_model_load(os.fsencode(str(path)), byref(handle))
    return status


def refused(library: ctypes.CDLL, content: bytes) -> str:
    """The message for these bytes, which must be refused."""
    handle = c_void_p(SENTINEL)
    assert deserialize(library, content, byref(handle)) == BAD_MODEL_FILE
    assert handle.value == SENTINEL and message(library)
    return message(library)


def test_saved_loaded_and_serialized_give_the_same_bits(trained: Model, table: Exported, tmp_path: Path) -> None:
    path = tmp_path / "模型 with spaces.safetensors"
    trained.ok("ctr_model_save", trained.handle, os.fsencode(str(path)))
    assert path.read_bytes() == trained.serialize()
    for source in ("file", "bytes"):
        again = Model(trained.library)
        if source == "file":
            assert load(again.library, path, again.handle) == OK
        else:
            assert deserialize(again.library, path.read_bytes(), byref(again.handle)) == OK
        assert again.is_trained()
        assert again.predict(table) == trained.predict(table)
        assert again.serialize() == trained.serialize()
    assert os.listdir(tmp_path) == [path.name]


def test_truncated_bytes(trained: Model) -> None:
    content = trained.serialize()
    for length in {*range(10), *range(0, len(content), 997), len(content) - 8, len(content) - 1}:
        refused(trained.library, content[:length])
    refused(trained.library, content + b"\0")


def test_altered_bytes(trained: Model) -> None:
    """Whatever byte is altered, in header or tensors, the file is refused."""
    content = trained.serialize()
    for at in {*range(200), *range(200, len(content), 211), len(content) - 1}:
        for flip in (0x01, 0x80):
            altered = bytearray(content)
            altered[at] ^= flip
            refused(trained.library, bytes(altered))


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps({"model": [1, 2, 3]}),
        b"PK\x03\x04" + b"\0" * 100,
        b"\xff" * 64,
        b"\0" * 64,
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", (1 << 63) - 1) + b"{}",
        struct.pack("<Q", 100_000_001) + b"{" * 64,
        struct.pack("<Q", 20_000) + b'{"__metadata__":{"checksum":"0000000000000000","a":' + b"[" * 19_949,
    ],
)
def test_bytes_that_are_no_model(content: bytes, library: ctypes.CDLL) -> None:
    refused(library, content)


def resealed(content: bytes, edit: Callable[[bytes], bytes]) -> bytes:
    """The file with its header edited and the checksum made to fit again."""
    length = struct.unpack("<Q", content[:8])[0]
    header, data = edit(content[8 : 8 + length]), content[8 + length :]
    start = len(b'{"__metadata__":{"checksum":"')
    header = header[:start] + b"0" * 16 + header[start + 16 :]
    digits = f"{xxhash.xxh64_intdigest(data, xxhash.xxh64_intdigest(header)):016x}".encode()
    return struct.pack("<Q", len(header)) + header[:start] + digits + header[start + 16 :] + data


def test_resealing_as_such_is_harmless(trained: Model) -> None:
    assert resealed(trained.serialize(), lambda header: header) == trained.serialize()


def test_a_newer_format(trained: Model) -> None:
    newer = resealed(trained.serialize(), lambda header: header.replace(b'\\"format\\":2', b'\\"format\\":3', 1))
    assert newer != trained.serialize()
    said = refused(trained.library, newer)
    assert "3" in said and "newer" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"F32"', '"F64"'),
        ('"bias"', '"bier"'),
        ('"deep.layers.0.weight"', '"deep.layers.7.weight"'),
        ('"shape":[', '"shape":[9'),
        ('"data_offsets":[', '"data_offsets":[9'),
        (r"\"format\":2", r"\"format\":-1"),
        (r"\"format\":2", r"\"format\":null"),
        (r"\"categorical\"", r"\"numeric\""),
        (r"\"hidden_units\":[8]", r"\"hidden_units\":[9]"),
        (r"\"hidden_units\":[8]", r"\"hidden_units\":[60000,60000,60000]"),
        (r"\"query\"", r"\"other\""),
    ],
)
def test_headers_that_promise_what_is_not_there(old: str, new: str, trained: Model) -> None:
    """Sealed with the right checksum, so that what is behind the checksum has to notice."""
    spoiled = resealed(trained.serialize(), lambda header: header.replace(old.encode(), new.encode()))
    assert spoiled != trained.serialize(), f"the header has no {old}"
    refused(trained.library, spoiled)


def rewritten(
    content: bytes,
    describe: Callable[[dict[str, Any]], Any] = lambda description: None,
    spoil: Callable[[dict[str, Any], bytearray], Any] = lambda header, data: None,
) -> bytes:
    """The file with its description and tensors edited, sealed again."""
    length = struct.unpack("<Q", content[:8])[0]
    header, data = json.loads(content[8 : 8 + length]), bytearray(content[8 + length :])
    description = json.loads(header["__metadata__"]["ctr_models"])
    describe(description)
    header["__metadata__"]["ctr_models"] = json.dumps(description)
    spoil(header, data)
    text = json.dumps(header, separators=(",", ":")).encode()
    return resealed(struct.pack("<Q", len(text)) + text + bytes(data), lambda header: header)


@pytest.mark.parametrize(
    ("mean", "scale"),
    [([0.5] * 100_000, [0.001] * 100_000), ([0.5] * 13, [1.0] * 13), ([0.5], [1.0, 1.0]), ([0.5], [0.0])],
)
def test_a_file_with_other_scaling_than_the_features_have(
    mean: list[float], scale: list[float], impression_model: Model
) -> None:
    def describe(description: dict[str, Any]) -> None:
        description["impressions"] = {"mean": mean, "scale": scale}

    said = refused(impression_model.library, rewritten(impression_model.serialize(), describe))
    assert "mean has" in said or "scale[0] = 0.0" in said


def test_a_file_with_a_cross_twice(trained: Model) -> None:
    spoiled = rewritten(
        trained.serialize(), lambda description: description["crosses"].append(description["crosses"][0])
    )
    assert "query×doc_id" in refused(trained.library, spoiled)


def test_a_file_with_weights_that_are_no_numbers(trained: Model) -> None:
    for value in (float("nan"), float("inf")):

        def spoil(header: dict[str, Any], data: bytearray, value: float = value) -> None:
            begin = header["wide.query.weight"]["data_offsets"][0]
            data[begin : begin + 4] = struct.pack("<f", value)

        assert "wide.query.weight" in refused(trained.library, rewritten(trained.serialize(), spoil=spoil))


@pytest.mark.parametrize("key", ["rows", "steps", "best_epoch"])
def test_training_goes_on_from_absurd_counts(key: str, trained: Model, table: Exported) -> None:
    """As large as a double below 2^63 gets: one training more would overflow."""
    again, largest = Model(trained.library), (1 << 63) - 1024

    def describe(description: dict[str, Any]) -> None:
        description["summary"][key] = largest

    assert deserialize(again.library, rewritten(trained.serialize(), describe), byref(again.handle)) == OK
    again.ok("ctr_model_set_options", again.handle, b'{"batch_size": 8, "epochs": 100, "early_stopping": false}')
    again.ok("ctr_model_continue_training", again.handle, *table.both, Callback(), None)


def with_pending(content: bytes, count: int) -> bytes:
    """The file as an earlier library wrote it: its cross waits for a combination to be seen more often, after `count`
    times."""

    def describe(description: dict[str, Any]) -> None:
        description["crosses"][0]["min_count"] = 100

    def spoil(header: dict[str, Any], data: bytearray) -> None:
        for name, value in (("keys", 12345), ("counts", count)):
            entry = header[f"cross.query×doc_id.pending.{name}"]
            assert entry["shape"] == [0]
            begin = entry["data_offsets"][0]
            data[begin:begin] = struct.pack("<q", value)
            for other in (one for key, one in header.items() if key != "__metadata__" and one is not entry):
                if other["data_offsets"][0] >= begin and other["data_offsets"] != [begin, begin]:
                    other["data_offsets"] = [offset + 8 for offset in other["data_offsets"]]
            entry.update(shape=[1], data_offsets=[begin, begin + 8])

    return rewritten(content, describe, spoil)


def test_a_file_with_absurd_counts_of_combinations(trained: Model, table: Exported) -> None:
    again = Model(trained.library)
    assert deserialize(again.library, with_pending(trained.serialize(), 99), byref(again.handle)) == OK
    again.ok("ctr_model_continue_training", again.handle, *table.both, Callback(), None)
    assert "query×doc_id" in refused(trained.library, with_pending(trained.serialize(), (1 << 63) - 1))


def test_paths_that_cannot_be_read(library: ctypes.CDLL, tmp_path: Path) -> None:
    handle = c_void_p(SENTINEL)
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "none", tmp_path / "no" / "folder", tmp_path / "file" / "inside", tmp_path):
        assert load(library, path, handle) == IO_ERROR
        assert str(path) in message(library)
    assert load(library, tmp_path / "file", handle) == BAD_MODEL_FILE
    assert load(library, "", handle) in (IO_ERROR, INVALID_ARGUMENT)
    assert handle.value == SENTINEL


def test_the_systems_error_of_a_file(trained: Model, tmp_path: Path) -> None:
    library, handle = trained.library, c_void_p(SENTINEL)
    assert load(library, tmp_path / "none", handle) == IO_ERROR
    assert library.ctr_last_errno() == errno.ENOENT
    assert library.ctr_model_save(trained.handle, os.fsencode(tmp_path)) == IO_ERROR
    assert library.ctr_last_errno() == errno.EISDIR
    (tmp_path / "file").write_bytes(b"no model")
    assert load(library, tmp_path / "file", handle) == BAD_MODEL_FILE
    assert str(tmp_path / "file") in message(library) and library.ctr_last_errno() == 0


def test_paths_that_cannot_be_written(trained: Model, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"kept")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "no" / "folder", tmp_path / "file" / "inside", tmp_path / "folder", tmp_path / ("n" * 300)):
        assert trained.library.ctr_model_save(trained.handle, os.fsencode(path)) == IO_ERROR
        assert str(path) in message(trained.library)
    assert trained.library.ctr_model_save(trained.handle, b"") in (IO_ERROR, INVALID_ARGUMENT)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"] and (tmp_path / "file").read_bytes() == b"kept"


def test_a_save_that_fails_half_way_leaves_the_old_file(trained: Model, tmp_path: Path) -> None:
    """The disk "fills" after a thousand bytes: the file's size is limited, as a quota would."""
    path = tmp_path / "model"
    path.write_bytes(b"the old model")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        status = trained.library.ctr_model_save(trained.handle, os.fsencode(path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert status == IO_ERROR and message(trained.library)
    assert os.listdir(tmp_path) == ["model"] and path.read_bytes() == b"the old model"
