"""One value is one category: whatever type holds it, and whatever stands beside it."""

from __future__ import annotations

import datetime
import decimal
import fractions
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testbed_adapter import WideDeepClassifier
from testbed_adapter.estimator import category_text

pd = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")

D = decimal.Decimal
UTC, CHINA = datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=8))


def wide(**options: Any) -> WideDeepClassifier:
    """By heart: what a value was learnt as is in its prediction."""
    made = {"part": "wide", "epochs": 3, "random_state": 0, "min_count": 1, "members": 1, "crosses": (), **options}
    return WideDeepClassifier(**made)


def learnt(values: list[Any], **options: Any) -> Any:
    """A model of one column of these values, where the first is always clicked and the others never are."""
    column = pd.Series([*values] * 40, dtype=object)
    y = np.array([1, *[0] * (len(values) - 1)] * 40)
    return wide(**options).fit(pd.DataFrame({"a": column}), y)


def click(model: Any, value: Any) -> float:
    """What it predicts for a row of one value in an object column."""
    column = np.empty(1, dtype=object)
    column[0] = value
    return float(model.predict_proba(pd.DataFrame({"a": pd.Series(column, dtype=object)}))[0, 1])


ALIKE: list[list[Any]] = [
    [1, 1.0, np.int8(1), np.uint64(1), np.float32(1), D(1), D("1.00"), fractions.Fraction(1), "1", True, np.True_],
    [0, 0.0, -0.0, np.float64(-0.0), D("-0"), "0", False, np.False_],
    [1.1, D("1.10"), D("1.1"), np.float64(1.1), fractions.Fraction(11, 10), "1.1"],
    [0.10000000149011612, np.float32(0.1)],
    [2**60 + 1, D(2**60 + 1), np.int64(2**60 + 1), str(2**60 + 1)],
    [2**63 + 7, np.uint64(2**63 + 7)],
    [2**70, float(2**70), D(2**70), str(2**70)],
    [1e16, 10**16, "10000000000000000"],
    [float(2**53), 2**53],
    [b"\xe4\xba\xac", "京", np.str_("京"), np.bytes_("京".encode())],
    [datetime.date(2025, 1, 2)],
    [datetime.datetime(2025, 1, 2), np.datetime64("2025-01-02"), np.datetime64("2025-01-02", "s")],
    [datetime.datetime(2025, 1, 1), np.datetime64("2025"), np.datetime64("2025-01")],
    [datetime.datetime(2025, 1, 2, 3), pd.Timestamp("2025-01-02 03:00"), np.datetime64("2025-01-02T03", "ns")],
    [
        datetime.datetime(2025, 1, 2, 3, 4, 5, 600, UTC),
        datetime.datetime(2025, 1, 2, 11, 4, 5, 600, CHINA),
        pd.Timestamp("2025-01-02 03:04:05.000600", tz="UTC"),
    ],
    [datetime.timedelta(days=1, seconds=2), pd.Timedelta("1 days 00:00:02"), np.timedelta64(86402, "s")],
    [pd.Interval(0, 10), pd.Interval(0.0, 10.0)],
    [pd.Period("2025-01")],
]


@pytest.mark.parametrize("alike", ALIKE, ids=lambda alike: str(alike[0]))
def test_one_value_is_one_category_beside_anything(alike: list[Any]) -> None:
    """Beside "n/a" at fit; alone, and in any type, at prediction."""
    model = learnt([alike[0], "n/a", None])
    known, other, unknown = click(model, alike[0]), click(model, "n/a"), click(model, "never seen")
    assert known > 0.6 > unknown > other
    assert [click(model, value) for value in alike] == [known] * len(alike)
    mixed = np.empty(len(alike) + 2, dtype=object)
    mixed[:] = [*alike, "n/a", None]
    answers = model.predict_proba(pd.DataFrame({"a": pd.Series(mixed, dtype=object)}))[:, 1]
    assert answers[: len(alike)].tolist() == [known] * len(alike)
    assert click(model, None) == answers[-1]


def test_a_number_of_a_numeric_column_may_be_of_any_type() -> None:
    model = learnt([1.5, 7, -2])
    for alike in ([1.5, D("1.5"), fractions.Fraction(3, 2), np.float32(1.5)], [7, 7.0, D(7), np.uint8(7)]):
        assert len({click(model, value) for value in alike}) == 1
    huge = pd.DataFrame({"a": pd.Series([2**70, -1, D("0.5")], dtype=object)})
    assert model.predict_proba(huge)[0, 1] == click(model, 2**70) == click(model, float(2**70))


BOOLEANS = {
    "frame": lambda flag, number: pd.DataFrame({"flag": flag, "number": number}),
    "objects": lambda flag, number: pd.DataFrame({"flag": pd.Series(flag, dtype=object), "number": number}),
    "digits": lambda flag, number: pd.DataFrame({"flag": np.array(flag, float), "number": number}),
    "nullable": lambda flag, number: pd.DataFrame({"flag": pd.array(flag, dtype="Int64"), "number": number}),
    "Arrow": lambda flag, number: pa.table({"flag": pa.array(flag).cast(pa.int8()), "number": number}),
    "category": lambda flag, number: pd.DataFrame({"flag": pd.Series(flag).astype("category"), "number": number}),
    "a category of digits": lambda flag, number: pd.DataFrame(
        {"flag": pd.Series(flag).astype(int).astype("category"), "number": number}
    ),
    "Polars": lambda flag, number: polars.DataFrame({"flag": flag, "number": number}),
}
NAMELESS = {
    "NumPy": lambda flag, number: np.array([flag, number], float).T,
    "NumPy, rows of both": lambda flag, number: np.array([list(row) for row in zip(flag, number)]),
    "lists": lambda flag, number: [list(row) for row in zip(flag, number)],
    "objects": lambda flag, number: np.array([list(row) for row in zip(flag, number)], dtype=object),
}


def test_a_boolean_is_zero_or_one_in_every_type() -> None:
    flag, number = [True, False] * 60, [0.5, 1.5, 2.5, 3.5] * 30
    y = np.array(flag, int)
    for made, doors in ((BOOLEANS["frame"], BOOLEANS), (NAMELESS["objects"], NAMELESS)):
        model = wide().fit(made(flag, number), y)
        expected = model.predict_proba(made(flag, number))[:, 1]
        assert expected[0] > 0.6 and expected[1] < 0.4
        for name, door in doors.items():
            assert (model.predict_proba(door(flag, number))[:, 1] == expected).all(), name
            assert (model.predict_proba(door(flag[:1], number[:1]))[:, 1] == expected[:1]).all(), name
    for made in (BOOLEANS["digits"], BOOLEANS["category"], BOOLEANS["a category of digits"]):
        model = wide(categorical_features=["flag"]).fit(made(flag, number), y)
        expected = model.predict_proba(made(flag, number))[:, 1]
        for name, door in BOOLEANS.items():
            assert (model.predict_proba(door(flag, number))[:, 1] == expected).all(), name


def test_booleans_beside_text_and_in_lists() -> None:
    model = learnt([True, "n/a", None])
    assert click(model, True) == click(model, 1) == click(model, 1.0) == click(model, "true") > 0.6
    lists = learnt([[True], [False], ["x"]])
    assert click(lists, [True]) == click(lists, [1]) == click(lists, [1.0]) == click(lists, (np.True_,)) > 0.6
    digits = learnt([[1], [0], ["x"]])
    assert click(digits, [True]) == click(digits, [1]) == click(digits, {1.0}) > 0.6


def test_what_booleans_are_is_kept_in_the_file(tmp_path: Any) -> None:
    for values in ([True, False], [1, 0], [True, "n/a"], ["true", "x"]):
        model = learnt(values, categorical_features=["a"])
        model.save(tmp_path / "model")
        again = WideDeepClassifier.load(tmp_path / "model")
        for value in (True, 1, 1.0, "true", "1", False, 0, "x"):
            assert click(again, value) == click(model, value), (values, value)


def test_a_hole_makes_no_other_category() -> None:
    """pandas makes a column of whole numbers one of doubles where a value is missing."""
    whole = pd.DataFrame({"a": [3, 2**60, 5] * 40})
    y = np.array([1, 1, 0] * 40)
    model = wide(categorical_features=["a"]).fit(whole, y)
    expected = model.predict_proba(whole)[:2, 1]
    holed = pd.DataFrame({"a": [3, 2**60, None]})
    assert holed["a"].dtype == float and (model.predict_proba(holed)[:2, 1] == expected).all()
    for same in (holed.astype("Int64"), holed.astype(object), holed.astype("category"), whole[:2].astype(str)):
        assert (model.predict_proba(same)[:2, 1] == expected).all()


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**64 - 1))
def test_a_number_is_spelt_as_the_library_spells_it(value: Any) -> None:
    """For doubles that are not whole, and whole ones below 2^53; beyond, the adapter writes all of their digits."""
    text = category_text.number(value)
    assert float(text) == float(value) and (int(text) == value if float(value).is_integer() else True)


def test_the_library_spells_numbers_so_too() -> None:
    random = np.random.default_rng(0)
    bits = random.integers(0, 2**64, 4000, dtype=np.uint64).view(np.float64)
    short = np.round(random.normal(size=2000) * 10.0 ** random.integers(-8, 15, 2000), 3)
    values = np.concatenate([bits, short, [0.1, 1e-5, 1e-4, 123456.789, 2**53 - 1, -0.0]])
    values = values[np.isfinite(values)]
    values = values[(np.abs(values) < 2**53) | (values % 1 != 0)]
    y = np.arange(len(values)) % 2
    model = wide(categorical_features=[0], epochs=1).fit(values.reshape(-1, 1), y)
    tensors = model.tensors_()
    text, ends = tensors["vocabulary.x0.bytes"].tobytes().decode(), tensors["vocabulary.x0.offsets"].tolist()
    spelt = {text[start:end] for start, end in zip(ends, ends[1:])}
    assert spelt == {category_text.number(value) for value in values.tolist()}
