"""Tables that cannot be trained on or predicted from: wrong columns, wrong types, broken Arrow structs."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_double
from typing import Any, Callable

import pyarrow as pa
import pytest

from Tests.abi.raw import INVALID_ARGUMENT, INVALID_DATA, ArrowArray, ArrowSchema, Callback, Exported, Model, message

Spoil = Callable[[ArrowSchema, ArrowArray], None]


def with_column(batch: pa.RecordBatch, name: str, values: Any) -> pa.RecordBatch:
    """The batch with one column replaced, or without it when values is None."""
    columns = {field: batch.column(field) for field in batch.schema.names if field != name}
    if values is not None:
        columns[name] = values
    return pa.RecordBatch.from_pydict(columns)


def dates(rows: int) -> pa.Array:
    return pa.array(range(rows), pa.date32())


WRONG_COLUMNS: list[tuple[str, Callable[[int], Any], str]] = [
    ("query", lambda rows: None, "query"),
    ("query", lambda rows: pa.array(range(rows), pa.time64("us")), "query"),
    ("query", lambda rows: pa.array([{"a": 1}] * rows), "query"),
    ("query_words", lambda rows: pa.array([[["a"]]] * rows), "query_words"),
    ("position", lambda rows: pa.array(["one"] * rows), "position"),
    ("position", dates, "position"),
    ("score", lambda rows: pa.array([[0.5]] * rows), "score"),
    ("doc_id", lambda rows: pa.array([b"raw"] * rows, pa.binary()), "doc_id"),
]
WRONG_LABELS: list[tuple[Callable[[int], Any], str]] = [
    (lambda rows: None, "clicked"),
    (lambda rows: pa.array(["yes"] * rows), "clicked"),
    (lambda rows: pa.array([0, 1] * (rows // 2 - 1) + [0, 2]), "2"),
    (lambda rows: pa.array([0.0, 1.0] * (rows // 2 - 1) + [0.0, 0.5]), "0.5"),
    (lambda rows: pa.array([0, 1] * (rows // 2 - 1) + [0, None]), "clicked"),
    (lambda rows: pa.array([0.0, 1.0] * (rows // 2 - 1) + [0.0, float("nan")]), "clicked"),
    (lambda rows: pa.array([0] * rows), "all 0"),
    (lambda rows: pa.array([1] * rows), "all 1"),
]


@pytest.mark.parametrize("name", ["ctr_model_train", "ctr_model_continue_training"])
@pytest.mark.parametrize(("column", "values", "named"), WRONG_COLUMNS)
def test_training_names_the_column_it_cannot_use(
    name: str, column: str, values: Callable[[int], Any], named: str, untrained: Model, batch: pa.RecordBatch
) -> None:
    wrong = Exported(with_column(batch, column, values(batch.num_rows)))
    assert getattr(untrained.library, name)(untrained.handle, *wrong.both, Callback(), None) == INVALID_DATA
    assert named in message(untrained.library)
    assert not untrained.is_trained()


@pytest.mark.parametrize(("column", "values", "named"), WRONG_COLUMNS)
def test_prediction_names_the_column_it_cannot_use(
    column: str, values: Callable[[int], Any], named: str, trained: Model, batch: pa.RecordBatch
) -> None:
    wrong = Exported(with_column(batch, column, values(batch.num_rows)))
    answers = (c_double * batch.num_rows)(*[-7.0] * batch.num_rows)
    status = trained.library.ctr_model_predict(trained.handle, *wrong.both, answers, batch.num_rows)
    assert status == INVALID_DATA and named in message(trained.library)
    assert set(answers) == {-7.0}


@pytest.mark.parametrize(("values", "named"), WRONG_LABELS)
def test_labels_that_are_not_zeros_and_ones(
    values: Callable[[int], Any], named: str, untrained: Model, batch: pa.RecordBatch
) -> None:
    wrong = Exported(with_column(batch, "clicked", values(batch.num_rows)))
    status = untrained.library.ctr_model_train(untrained.handle, *wrong.both, Callback(), None)
    assert status == INVALID_DATA and named in message(untrained.library)
    assert not untrained.is_trained()


@pytest.mark.parametrize("name", ["ctr_model_extract_features", "ctr_model_set_history", "ctr_model_extend_history"])
@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("query", lambda rows: None),
        ("query", lambda rows: pa.array([["a"]] * rows)),
        ("summary_words", lambda rows: pa.array(["a"] * rows)),
        ("position", lambda rows: pa.array(["first"] * rows)),
        ("score", lambda rows: pa.array([True] * (rows - 1) + [None]).dictionary_encode()),
        ("timestamp", lambda rows: pa.array([[1]] * rows)),
        ("clicked", lambda rows: pa.array([3] * rows)),
    ],
)
def test_click_logs_that_are_none(
    name: str, column: str, values: Callable[[int], Any], trained: Model, batch: pa.RecordBatch
) -> None:
    rows = batch.num_rows
    wrong = Exported(with_column(batch, column, values(rows)))
    out = (c_double * (rows * 36))(*[-7.0] * (rows * 36))
    ones = (c_double * 12)(*[1.0] * 12)
    rest: dict[str, tuple[Any, ...]] = {
        "ctr_model_extract_features": (out, rows),
        "ctr_model_set_history": (ones, ones, 12),
        "ctr_model_extend_history": (),
    }
    assert getattr(trained.library, name)(trained.handle, *wrong.both, *rest[name]) == INVALID_DATA
    assert column in message(trained.library)
    assert set(out) == {-7.0}


def copied(part: Any) -> Any:
    """A struct's copy, with its own list of children and its own first child, for a test to spoil."""
    kind = type(part)
    copy, first = kind.from_buffer_copy(part), kind.from_buffer_copy(part.children[0].contents)
    pointers = [part.children[index] for index in range(part.n_children)]
    copy.children = (ctypes.POINTER(kind) * len(pointers))(ctypes.pointer(first), *pointers[1:])
    return copy


def empty_child(schema: ArrowSchema, array: ArrowArray) -> None:
    array.children[0] = ctypes.POINTER(ArrowArray)()


def empty_schema_child(schema: ArrowSchema, array: ArrowArray) -> None:
    schema.children[0] = ctypes.POINTER(ArrowSchema)()


def on_child(**fields: Any) -> Spoil:
    def spoil(schema: ArrowSchema, array: ArrowArray) -> None:
        for name, value in fields.items():
            setattr((schema if hasattr(schema, name) else array).children[0].contents, name, value)

    return spoil


BROKEN: dict[str, Spoil] = {
    "schema released": lambda schema, array: setattr(schema, "release", None),
    "array released": lambda schema, array: setattr(array, "release", None),
    "schema not a struct": lambda schema, array: setattr(schema, "format", b"l"),
    "schema without a format": lambda schema, array: setattr(schema, "format", None),
    "one child fewer in the array": lambda schema, array: setattr(array, "n_children", array.n_children - 1),
    "one child fewer in the schema": lambda schema, array: setattr(schema, "n_children", schema.n_children - 1),
    "negative children": lambda schema, array: setattr(array, "n_children", -1),
    "no children": lambda schema, array: setattr(array, "children", ctypes.POINTER(ctypes.POINTER(ArrowArray))()),
    "negative length": lambda schema, array: setattr(array, "length", -1),
    "length past the columns": lambda schema, array: setattr(array, "length", array.length + 1),
    "length past everything": lambda schema, array: setattr(array, "length", (1 << 63) - 1),
    "negative offset": lambda schema, array: setattr(array, "offset", -1),
    "offset past everything": lambda schema, array: setattr(array, "offset", (1 << 63) - 1),
    "null child": empty_child,
    "null child of the schema": empty_schema_child,
    "child without a format": on_child(format=None),
    "child of an unknown format": on_child(format=b"vz"),
    "child of no format": on_child(format=b""),
    "child that is too short": on_child(length=3),
    "child of negative length": on_child(length=-3),
    "child with a wild offset": on_child(offset=(1 << 63) - 8),
    "child without its buffers": on_child(n_buffers=1),
    "child with null buffers": on_child(buffers=ctypes.POINTER(ctypes.c_void_p)()),
}


@pytest.mark.parametrize("spoil", BROKEN.values(), ids=BROKEN.keys())
def test_arrow_structs_that_are_broken(spoil: Spoil, trained: Model, untrained: Model, table: Exported) -> None:
    schema, array = copied(table.schema), copied(table.array)
    spoil(schema, array)
    answers = (c_double * table.rows)(*[-7.0] * table.rows)
    for status in (
        untrained.library.ctr_model_train(untrained.handle, byref(schema), byref(array), Callback(), None),
        trained.library.ctr_model_predict(trained.handle, byref(schema), byref(array), answers, table.rows),
    ):
        assert status in (INVALID_ARGUMENT, INVALID_DATA)
        assert message(trained.library)
    assert set(answers) == {-7.0} and not untrained.is_trained()


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_tables_of_next_to_nothing(rows: int, untrained: Model, trained: Model, batch: pa.RecordBatch) -> None:
    few = Exported(batch.slice(0, rows))
    status = untrained.library.ctr_model_train(untrained.handle, *few.both, Callback(), None)
    clicks = set(batch.column("clicked").to_pylist()[:rows])
    if len(clicks) < 2:
        assert status == INVALID_DATA and message(untrained.library)
    assert len(trained.predict(few)) == rows


def test_a_slice_of_a_table_is_the_table_cut(trained: Model, table: Exported, batch: pa.RecordBatch) -> None:
    """Arrow offsets; and a row's answer does not depend on its neighbours."""
    whole = trained.predict(table)
    assert trained.predict(Exported(batch.slice(37, 64))) == whole[37:101]
    assert trained.predict(Exported(batch.slice(399, 1))) == whole[399:]


def test_missing_and_unknown_values_have_an_answer(trained: Model, batch: pa.RecordBatch) -> None:
    rows = batch.num_rows
    blank = with_column(batch, "query", pa.array([None, "未知的查询"] * (rows // 2)))
    blank = with_column(blank, "position", pa.array([None, 1] * (rows // 2)))
    blank = with_column(blank, "score", pa.array([float("nan"), None] * (rows // 2), pa.float64()))
    blank = with_column(blank, "query_words", pa.array([None, []] * (rows // 2), pa.list_(pa.utf8())))
    assert all(0 < answer < 1 for answer in trained.predict(Exported(blank)))
