"""Tables whose contents lead outside of their buffers, or that take no memory and so may have any number of rows."""

from __future__ import annotations

import ctypes
import mmap
import struct
from ctypes import byref, c_double, c_size_t, c_void_p
from typing import Any, Callable

import pyarrow as pa
import pytest

from Tests.abi.raw import INVALID_ARGUMENT, INVALID_DATA, OK, Exported, Model, message
from Tests.abi.raw import Callback as NoProgress

LONGEST = 2**31 - 2


def guarded(content: bytes) -> pa.Buffer:
    """The bytes at a page's end, with a page behind them that must not be read."""
    pages = mmap.mmap(-1, 2 * mmap.PAGESIZE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(pages))
    assert ctypes.CDLL(None).mprotect(c_void_p(address + mmap.PAGESIZE), mmap.PAGESIZE, 0) == 0
    begin = mmap.PAGESIZE - len(content)
    pages[begin : mmap.PAGESIZE] = content
    return pa.foreign_buffer(address + begin, len(content), pages)


def text(kind: pa.DataType, *offsets: int) -> pa.Array:
    """Text of five bytes, by offsets that nobody checks."""
    packed = struct.pack(f"{len(offsets)}{'q' if pa.types.is_large_string(kind) else 'i'}", *offsets)
    return pa.Array.from_buffers(kind, len(offsets) - 1, [None, pa.py_buffer(packed), guarded(b"a b c")])


FAR = (0, 2_000_000_000, 5)
OUTSIDE: dict[str, pa.Array] = {
    "utf8": text(pa.utf8(), *FAR),
    "large utf8": text(pa.large_utf8(), *FAR),
    "utf8, descending": text(pa.utf8(), 5, 3, 5),
    "dictionary": pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), text(pa.utf8(), *FAR), safe=False),
    "index": pa.DictionaryArray.from_arrays(pa.array([0, 99], pa.int8()), pa.array(["a"]), safe=False),
}
LISTS: dict[str, pa.Array] = {
    "values": pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), text(pa.utf8(), *FAR)),
    "offsets": pa.Array.from_buffers(
        pa.list_(pa.utf8()), 2, [None, pa.py_buffer(struct.pack("3i", *FAR))], children=[pa.array(["a"] * 5)]
    ),
}


def rows(batch: pa.RecordBatch, count: int, **columns: pa.Array) -> Exported:
    """The first rows of the batch, with some columns replaced."""
    cut = batch.slice(0, count)
    replaced = {name: columns.get(name, cut.column(name)) for name in cut.schema.names}
    return Exported(pa.RecordBatch.from_pydict(replaced))


@pytest.mark.parametrize(
    ("column", "array"),
    [("query", array) for array in OUTSIDE.values()] + [("query_words", array) for array in LISTS.values()],
    ids=[*OUTSIDE, *(f"list {name}" for name in LISTS)],
)
def test_what_leads_outside_is_refused_by_every_call(
    column: str, array: pa.Array, trained: Model, untrained: Model, batch: pa.RecordBatch
) -> None:
    table = rows(batch, 2, **{column: array})
    library, needed = trained.library, c_size_t()
    answers, features = (c_double * 2)(-7, -7), (c_double * 72)(*[-7.0] * 72)
    words = set()
    for status in (
        library.ctr_model_predict(trained.handle, *table.both, answers, 2),
        library.ctr_model_explain(trained.handle, *table.both, None, 0, byref(needed)),
        library.ctr_model_extract_features(trained.handle, *table.both, features, 2),
        library.ctr_model_train(untrained.handle, *table.both, NoProgress(), None),
    ):
        assert status == INVALID_DATA
        words.add(message(library))
    assert len(words) == 1 and words.pop().startswith(f"column '{column}'")
    assert set(answers) == set(features) == {-7.0}


def test_one_row_of_a_text_that_leads_outside(trained: Model, batch: pa.RecordBatch) -> None:
    """The row that is wanted ends where the next one begins, which is outside."""
    table = rows(batch, 2, query=text(pa.utf8(), *FAR))
    table.array.length = 1
    answer = c_double(-7)
    assert trained.library.ctr_model_predict(trained.handle, *table.both, byref(answer), 1) == INVALID_DATA
    assert "ends at 2000000000, the column's last text at 5" in message(trained.library)


def test_a_null_column_has_no_buffers_whatever_it_says(trained: Model, batch: pa.RecordBatch) -> None:
    plain = rows(batch, 40, query=pa.nulls(40), query_words=pa.nulls(40), position=pa.nulls(40))
    expected = trained.predict(plain)
    nowhere = (c_void_p * 2)(8, 16)
    for claimed in (1, 2):
        for index in range(plain.array.n_children):
            child = plain.array.children[index].contents
            if plain.schema.children[index].contents.format == b"n":
                child.n_buffers, child.null_count, child.buffers = claimed, 40, nowhere
        assert trained.predict(plain) == expected


CALLS: dict[str, tuple[Callable[[Model, Exported], Any], int, str]] = {
    "predict": (
        lambda model, table: model.library.ctr_model_predict(model.handle, *table.both, byref(c_double()), 1),
        INVALID_ARGUMENT,
        f"count = 1, but the table has {LONGEST} rows",
    ),
    "explain": (
        lambda model, table: model.library.ctr_model_explain(model.handle, *table.both, None, 0, byref(c_size_t())),
        INVALID_ARGUMENT,
        f"the table has {LONGEST} rows; at most 1000",
    ),
    "features, few": (
        lambda model, table: model.library.ctr_model_extract_features(model.handle, *table.both, byref(c_double()), 1),
        INVALID_ARGUMENT,
        f"count = 1, but the table has {LONGEST} rows",
    ),
    "features, all": (
        lambda model, table: model.library.ctr_model_extract_features(
            model.handle, *table.both, byref(c_double()), LONGEST
        ),
        INVALID_DATA,
        "column 'query', row 0 (from 0) is missing",
    ),
    "history": (
        lambda model, table: model.library.ctr_model_extend_history(model.handle, *table.both),
        INVALID_DATA,
        "column 'query', row 0 (from 0) is missing",
    ),
    "training": (
        lambda model, table: model.library.ctr_model_train(model.handle, *table.both, NoProgress(), None),
        INVALID_DATA,
        "label column 'clicked', row 0 (from 0): missing",
    ),
    "further training": (
        lambda model, table: model.library.ctr_model_continue_training(model.handle, *table.both, NoProgress(), None),
        INVALID_DATA,
        "label column 'clicked', row 0 (from 0): missing",
    ),
}


@pytest.mark.parametrize(("call", "status", "said"), CALLS.values(), ids=CALLS)
def test_rows_without_memory(
    call: Callable[[Model, Exported], Any], status: int, said: str, copy_of_trained: Model, batch: pa.RecordBatch
) -> None:
    nulls = pa.nulls(LONGEST)
    table = Exported(pa.RecordBatch.from_pydict(dict.fromkeys(batch.schema.names, nulls)))
    before = peak()
    assert call(copy_of_trained, table) == status
    assert said in message(copy_of_trained.library)
    assert peak() - before < 64


def peak() -> float:
    """The most memory that this process has had, in MiB."""
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def test_many_rows_are_predicted_in_blocks(trained: Model, batch: pa.RecordBatch) -> None:
    count = 1_000_000
    table = Exported(pa.RecordBatch.from_pydict({name: pa.nulls(count) for name in batch.schema.names}))
    answers = (c_double * count)()
    ctypes.memset(answers, 1, 8 * count)
    before = peak()
    assert trained.library.ctr_model_predict(trained.handle, *table.both, answers, count) == OK
    assert set(answers) == {trained.predict(rows(batch, 1, **{name: pa.nulls(1) for name in batch.schema.names}))[0]}
    # Their logits, and one block's rows.
    assert peak() - before < 24
