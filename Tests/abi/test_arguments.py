"""Each function with a null for each of its pointers, and with the lengths and numbers it must refuse."""

from __future__ import annotations

import ctypes
import json
import math
from ctypes import byref, c_double, c_int32, c_size_t, c_void_p
from pathlib import Path
from typing import Any, Callable

import pytest

from Tests.abi.calls import POINTERS, Call
from Tests.abi.conftest import click_log
from Tests.abi.raw import (
    INVALID_ARGUMENT,
    INVALID_DATA,
    NOT_TRAINED,
    OK,
    SENTINEL,
    Callback,
    Exported,
    Model,
    deserialize,
    header_functions,
    message,
)

MakeCall = Callable[[str], Call]
WITH_STATUS = [
    name for name, declared in header_functions().items() if declared.parameters and declared.result != "void"
]


@pytest.fixture
def call(impression_model: Model, table: Exported, feature_table: Exported, tmp_path: Path) -> MakeCall:
    """Makes a working call on a copy of the trained model."""
    keep = []

    def make(name: str) -> Call:
        copy = Model(impression_model.library)
        assert deserialize(copy.library, impression_model.serialize(), byref(copy.handle)) == OK
        keep.append(copy)
        takes_log = name in ("ctr_model_extract_features", "ctr_model_set_history", "ctr_model_extend_history")
        return Call(name, copy, table if takes_log else feature_table, tmp_path)

    return make


@pytest.mark.parametrize("name", WITH_STATUS)
def test_the_call_that_the_others_spoil_works(name: str, call: MakeCall) -> None:
    working = call(name)
    assert working.run() == OK, message(working.library)
    if working.handle_out.value != SENTINEL:
        working.library.ctr_model_free(working.handle_out)


@pytest.mark.parametrize(("name", "argument"), POINTERS)
def test_null_is_refused_by_name(name: str, argument: str, call: MakeCall) -> None:
    spoiled = call(name)
    assert spoiled.run(**{argument: None}) == INVALID_ARGUMENT
    assert argument in message(spoiled.library)
    assert spoiled.untouched()


def test_free_takes_null(library: ctypes.CDLL) -> None:
    library.ctr_model_free(None)


def test_create_takes_null_options(library: ctypes.CDLL) -> None:
    handle = c_void_p()
    assert library.ctr_model_create(None, byref(handle)) == OK
    library.ctr_model_free(handle)


# Options and what the message must name.
BAD_OPTIONS = [
    (b'{"embeding_dim": 8}', "embeding_dim"),
    (b'{"hidden_units": "128"}', "hidden_units"),
    (b'{"hidden_units": [0]}', "hidden_units"),
    (b'{"hidden_units": [1e300]}', "hidden_units"),
    (b'{"dropout": 1.5}', "dropout"),
    (b'{"dropout": null}', "dropout"),
    (b'{"epochs": -1}', "epochs"),
    (b'{"epochs": 2.5}', "epochs"),
    (b'{"batch_size": 0}', "batch_size"),
    (b'{"batch_size": 99999999999999999999999}', "batch_size"),
    (b'{"embedding_dim": 4294967297}', "embedding_dim"),
    (b'{"validation_fraction": 1}', "validation_fraction"),
    (b'{"class_weight": [1]}', "class_weight"),
    (b'{"class_weight": [1, -1]}', "class_weight"),
    (b'{"wide_optimizer": "sgd"}', "sgd"),
    (b'{"model": "random_forest"}', "random_forest"),
    (b'{"part": "shallow"}', "shallow"),
    (b'{"features": [{"name": "a", "kind": "colour"}]}', "colour"),
    (b'{"features": [{"kind": "numeric"}]}', "name"),
    (b'{"features": [{"name": "a", "kind": "numeric"}, {"name": "a", "kind": "categorical"}]}', "a"),
    (b"no json", ""),
    (b"{", ""),
    (b"[]", ""),
    (b'{"epochs": 3} x', ""),
    (b'{"part": "\xff"}', ""),
    (b"[" * 100_000, ""),
]


@pytest.mark.parametrize(("options", "named"), BAD_OPTIONS)
def test_options_that_make_no_sense(options: bytes, named: str, library: ctypes.CDLL, untrained: Model) -> None:
    handle = c_void_p(SENTINEL)
    assert library.ctr_model_create(options, byref(handle)) == INVALID_ARGUMENT
    assert named in message(library) and message(library)
    assert handle.value == SENTINEL
    assert library.ctr_model_set_options(untrained.handle, options) == INVALID_ARGUMENT
    assert named in message(library) and message(library)


@pytest.mark.parametrize(
    ("crosses", "named"), [('["query", "nobody"]', "nobody"), ('["query"]', "query"), ('["query", "query"]', "query")]
)
def test_crosses_that_make_no_sense(crosses: str, named: str, library: ctypes.CDLL, table: Exported) -> None:
    """Found when training names the features."""
    model = Model(library, f'{{"label": "clicked", "crosses": [{crosses}]}}'.encode())
    assert library.ctr_model_train(model.handle, *table.both, Callback(), None) == INVALID_ARGUMENT
    assert named in message(library) and not model.is_trained()


def test_options_are_changed_for_trainings_to_come(copy_of_trained: Model, table: Exported) -> None:
    before = copy_of_trained.predict(table)
    copy_of_trained.ok("ctr_model_set_options", copy_of_trained.handle, b'{"epochs": 1}')
    assert copy_of_trained.predict(table) == before
    copy_of_trained.train(table)
    assert copy_of_trained.info()["options"]["epochs"] == 1 and len(copy_of_trained.info()["history"]) == 1


@pytest.mark.parametrize("name", ["ctr_model_predict", "ctr_model_extract_features"])
@pytest.mark.parametrize("off", [-1, 1, 10_000])
def test_count_that_is_not_the_number_of_rows(name: str, off: int, call: MakeCall) -> None:
    spoiled = call(name)
    rows = spoiled.arguments["count"]
    assert spoiled.run(count=rows + off) == INVALID_ARGUMENT
    assert str(rows + off) in message(spoiled.library) and str(rows) in message(spoiled.library)
    assert spoiled.untouched()


@pytest.mark.parametrize(
    "spoil",
    [
        {"position": -1},
        {"position": -(1 << 63)},
        {"score": math.nan},
        {"score": math.inf},
        {"query_word_ends": (c_int32 * 2)(6, 5)},
        {"query_word_ends": (c_int32 * 2)(6, 14)},
        {"query_word_ends": (c_int32 * 2)(-1, 13)},
        {"summary_word_ends": (c_int32 * 2)(1 << 30, 13)},
    ],
)
def test_an_impression_that_cannot_be(spoil: dict[str, Any], call: MakeCall) -> None:
    spoiled = call("ctr_model_predict_ctr")
    assert spoiled.run(**spoil) in (INVALID_ARGUMENT, INVALID_DATA)
    assert message(spoiled.library)
    assert spoiled.untouched()


def test_an_impression_in_broken_utf8_does_no_harm(call: MakeCall) -> None:
    """Texts are not checked: it would cost more than the answer."""
    broken = call("ctr_model_predict_ctr")
    assert broken.run(query=b"\xff" * 13, doc_id=b"\xc3\x28\xa0\xa1\xff", summary=b"\xf0\x9f" * 7) == OK
    assert 0 <= broken.answers[0] <= 1


def test_an_impression_of_nothing_is_one(call: MakeCall) -> None:
    empty = call("ctr_model_predict_ctr")
    texts = ("query", "doc_id", "summary")
    lengths = {f"{text}_length": 0 for text in texts} | {"query_word_count": 0, "summary_word_count": 0}
    assert empty.run(**lengths) == OK, message(empty.library)
    assert 0 <= empty.answers[0] <= 1


@pytest.mark.parametrize(
    "spoil",
    [
        {"n": 13},
        {"n": (1 << 64) - 1},
        {"scale": (c_double * 12)()},
        {"scale": (c_double * 12)(*[math.nan] * 12)},
        {"mean": (c_double * 12)(*[math.inf] * 12)},
    ],
)
def test_a_history_that_standardises_nothing(spoil: dict[str, Any], call: MakeCall) -> None:
    spoiled = call("ctr_model_set_history")
    assert spoiled.run(**spoil) in (INVALID_ARGUMENT, INVALID_DATA)
    assert message(spoiled.library)


def test_sizes_are_asked_for_first(trained: Model, table: Exported) -> None:
    """Too small a buffer: the size comes back and nothing is written, byte by byte up to the size that does."""
    for name, fill, given in (
        ("ctr_model_serialize", ctypes.c_uint8, (trained.handle,)),
        ("ctr_model_info", ctypes.c_char, (trained.handle,)),
        ("ctr_model_explain", ctypes.c_char, (trained.handle, *table.both)),
        ("ctr_architectures", ctypes.c_char, ()),
    ):
        function, needed = getattr(trained.library, name), c_size_t()
        assert function(*given, None, 0, byref(needed)) == OK, message(trained.library)
        size = needed.value
        assert size > 100
        small = (fill * size)()
        assert function(*given, small, size - 1, byref(needed)) == OK
        assert needed.value == size and not any(bytes(small))
        assert function(*given, small, size, byref(needed)) == OK and any(bytes(small))


def test_an_explanation_is_json_and_of_the_prediction(trained: Model, table: Exported) -> None:
    text, needed = ctypes.create_string_buffer(1 << 20), c_size_t()
    trained.ok("ctr_model_explain", trained.handle, *table.both, text, len(text), byref(needed))
    assert text.raw.index(b"\0") == needed.value - 1
    rows = json.loads(text.value)
    assert [row["probability"] for row in rows] == trained.predict(table)
    for row in rows:
        summands = [row["bias"], *(term["weight"] for term in row["wide"]), row["deep"]]
        assert sum(summands) == pytest.approx(row["logit"], abs=1e-5)
    features = ["query", "doc_id", "query_words", "position", "score", "query×doc_id"]
    assert [term["feature"] for term in rows[0]["wide"]] == features


def test_more_rows_than_are_explained_at_once(trained: Model) -> None:
    text, needed, long = ctypes.create_string_buffer(b"\xa5", 1 << 10), c_size_t(SENTINEL), Exported(click_log(1001))
    status = trained.library.ctr_model_explain(trained.handle, *long.both, text, len(text), byref(needed))
    assert status == INVALID_ARGUMENT and "1001" in message(trained.library)
    assert needed.value == SENTINEL and text.raw[:2] == b"\xa5\0"


def test_info_is_json(trained: Model) -> None:
    info = trained.info()
    assert info["trained"] is True and info["rows"] > 0 and info["history"]


@pytest.mark.parametrize(
    "name",
    ["ctr_model_predict", "ctr_model_predict_ctr", "ctr_model_explain", "ctr_model_save", "ctr_model_serialize"],
)
def test_what_needs_a_trained_model(name: str, call: MakeCall, untrained: Model) -> None:
    spoiled = call(name)
    assert spoiled.run(model=untrained.handle) == NOT_TRAINED
    assert message(spoiled.library)
    assert spoiled.untouched()


def test_reset_forgets_and_keeps_the_options(trained: Model, copy_of_trained: Model, table: Exported) -> None:
    copy_of_trained.ok("ctr_model_reset", copy_of_trained.handle)
    assert not copy_of_trained.is_trained()
    assert copy_of_trained.train(table).predict(table) == trained.predict(table)


@pytest.mark.parametrize("name", [n for n, declared in header_functions().items() if "capacity" in declared.parameters])
@pytest.mark.parametrize("capacity", [2**63, 2**64 - 1])
def test_a_capacity_of_any_size_is_room(call: MakeCall, name: str, capacity: int) -> None:
    """It is unsigned: the largest is no negative number, for which nothing would be written."""
    enough, huge = call(name), call(name)
    assert enough.run() == huge.run(capacity=capacity) == OK
    assert (bytes(huge.bytes), huge.text.raw) == (bytes(enough.bytes), enough.text.raw)
    assert not huge.untouched() and huge.size.value == enough.size.value
    written = huge.bytes if "bytes" in huge.arguments else huge.text
    assert bytes(written)[:2] not in (b"\xa5\xa5", b"\xa5\0")
