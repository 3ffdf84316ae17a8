"""Same rows, same bits: whatever holds a table, whole, shuffled or one row at a time."""

from __future__ import annotations

import datetime
import decimal
import fractions
import uuid
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from testbed_adapter import WideDeepClassifier

pd = pytest.importorskip("pandas")
pytest.importorskip("polars")

from Tests.adapter import doors  # noqa: E402

PROFILE = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
TEXTS = ["", "a", "b", "北京", "e\u0301", "\u00e9", "1", "true", "nan", "x" * 20]
CELLS = {
    "whole": st.integers(-3, 3),
    "ids": st.sampled_from([0, 1, 2**53 + 2, 2**60, 2**60 + 1024]),  # that pandas' doubles hold beside a NaN
    "real": st.sampled_from([0.0, -0.0, 1.0, 1.5, -2.25, 1e-7, 1e300, 0.1]),
    "text": st.sampled_from(TEXTS),
    "flag": st.booleans(),
    "tags": st.lists(st.sampled_from(TEXTS), max_size=3),
}


def quick(**options: Any) -> WideDeepClassifier:
    made = {"hidden_units": (4,), "epochs": 2, "random_state": 0, "min_count": 1, "members": 1, "n_jobs": 1, **options}
    return WideDeepClassifier(**made)


@st.composite
def tables(draw: st.DrawFn) -> tuple[doors.Columns, np.ndarray]:
    rows = draw(st.integers(8, 30))
    columns = {}
    for name, cells in CELLS.items():
        values = draw(st.lists(cells | st.none(), min_size=rows, max_size=rows))
        # The first row has no holes, so that each column has a kind.
        columns[name] = [draw(cells), *values[1:]]
    labels = [0, 1, *draw(st.lists(st.integers(0, 1), min_size=rows - 2, max_size=rows - 2))]
    return columns, np.array(labels)


def assert_same(model: WideDeepClassifier, X: Any, expected: np.ndarray, door: str) -> None:
    assert (model.predict_proba(X)[:, 1] == expected).all(), door


@PROFILE
@given(tables(), st.randoms(use_true_random=False))
def test_every_door_gives_the_same_bits(table: tuple[doors.Columns, np.ndarray], random: Any) -> None:
    columns, y = table
    model = quick(categorical_features=["ids"]).fit(pd.DataFrame(doors_objects(columns)), y)
    expected = model.predict_proba(pd.DataFrame(doors_objects(columns)))[:, 1]
    order = list(range(len(y)))
    random.shuffle(order)
    shuffled = {name: [values[row] for row in order] for name, values in columns.items()}
    for door, X in doors.frames(columns):
        assert_same(model, X, expected, door)
    for door, X in doors.frames(shuffled):
        assert_same(model, X, expected[order], f"{door}, shuffled")
    for row in order[:4]:
        one = {name: [values[row]] for name, values in columns.items()}
        for door, X in doors.frames(one):
            assert_same(model, X, expected[row : row + 1], f"{door}, row {row}")


@settings(PROFILE, max_examples=4)
@given(tables())
def test_every_door_teaches_the_same_bits(table: tuple[doors.Columns, np.ndarray]) -> None:
    columns, y = table
    frame = pd.DataFrame(doors_objects(columns))
    expected = quick(categorical_features=["ids"]).fit(frame, y).predict_proba(frame)[:, 1]
    for door, X in doors.frames(columns):
        model = quick(categorical_features=["ids"]).fit(X, y)
        assert_same(model, X, expected, door)
        assert_same(model, frame, expected, door)


@PROFILE
@given(tables())
def test_every_nameless_door_gives_the_same_bits(table: tuple[doors.Columns, np.ndarray]) -> None:
    columns, y = table
    model = quick(categorical_features=[1]).fit([list(row) for row in zip(*columns.values())], y)
    frame = pd.DataFrame({f"x{place}": column for place, column in enumerate(doors_objects(columns).values())})
    expected = quick(categorical_features=["x1"]).fit(frame, y).predict_proba(frame)[:, 1]
    for door, X in doors.matrices(columns):
        assert_same(model, X, expected, door)
    for row in range(4):
        one = {name: [values[row]] for name, values in columns.items()}
        for door, X in doors.matrices(one):
            assert_same(model, X, expected[row : row + 1], f"{door}, row {row}")


def doors_objects(columns: doors.Columns) -> dict[str, Any]:
    return {name: pd.Series(values, dtype=object) for name, values in columns.items()}


@settings(PROFILE, max_examples=3)
@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=8, max_size=20))
def test_every_matrix_gives_the_same_bits(rows: list[list[int]]) -> None:
    matrix = np.array(rows)
    y = np.arange(len(rows)) % 2
    for options in ({}, {"categorical_features": [0, 2]}):
        model = quick(**options).fit(matrix, y)
        expected = model.predict_proba(matrix)[:, 1]
        for door, X in doors.numbers(matrix):
            with_names = not isinstance(X, (list, np.ndarray))
            # Each door at fit too: what was learnt is the same.
            learnt = quick(**options).fit(X, y)
            assert_same(learnt, X, expected, f"{door}, fitted")
            if not with_names:
                assert_same(model, X, expected, door)


POOL: list[Any] = [
    *(None, float("nan"), pd.NA, pd.NaT, True, False, np.True_, 0, 1, 2, -1, 2**53, 2**60 + 1, 2**64, 10**30),
    *(0.0, -0.0, 1.0, 0.1, 1.5, 1e16, 1e-7, np.float32(0.1), np.int8(1), np.uint64(2**63), 5e-324, 1e308),
    *(decimal.Decimal("1.10"), decimal.Decimal("1"), decimal.Decimal("NaN"), fractions.Fraction(1, 3)),
    *("", "1", "1.0", "true", "True", "nan", "None", "北京", "\ud83d", b"a", b"\xff", np.str_("a"), np.bytes_(b"a")),
    *(datetime.date(2025, 1, 2), datetime.datetime(2025, 1, 2), pd.Timestamp("2025-01-02"), datetime.timedelta(1)),
    *(np.datetime64("2025-01-02"), np.timedelta64(1, "D"), datetime.time(1), pd.Timestamp("2025-01-02", tz="UTC")),
    *(pd.Interval(0, 1), pd.Period("2025-01"), uuid.UUID(int=5)),
]


def column(values: list[Any]) -> Any:
    cells = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        cells[row] = value
    return cells


@settings(PROFILE, max_examples=40)
@given(st.lists(st.sampled_from(range(len(POOL))), min_size=6, max_size=14), st.booleans())
def test_a_row_of_anything_does_not_depend_on_the_rows_beside_it(drawn: list[int], is_named: bool) -> None:
    """Alone, pandas, NumPy and Arrow give a value types of their own, which they do not beside others."""
    values = [POOL[index] for index in drawn]
    y = np.arange(len(values)) % 2
    X = pd.DataFrame({"a": pd.Series(column(values), dtype=object)})
    model = quick(part="wide", categorical_features=["a"] if is_named else "auto")
    try:
        expected = model.fit(X, y).predict_proba(X)[:, 1]
    except ValueError as error:
        assert "column 'a'" in str(error)
        return
    for row, value in enumerate(values):
        ones = {"an object": pd.DataFrame({"a": pd.Series(column([value]), dtype=object)})}
        if not (isinstance(value, str) and value == "\ud83d"):  # of which pandas makes nothing
            ones["what pandas makes of it"] = pd.DataFrame({"a": [value]})
            ones["twice"] = pd.DataFrame({"a": [value, value]})
            ones["a category"] = pd.DataFrame({"a": pd.Series(column([value]), dtype=object).astype("category")})
            if not (isinstance(value, int) and abs(value) > 2**53):  # which pandas rounds
                ones["with a hole"] = pd.DataFrame({"a": [value, None]})
        if isinstance(value, bool):
            ones["a number"] = pd.DataFrame({"a": [float(value)]})
        for door, one in ones.items():
            assert model.predict_proba(one)[0, 1] == expected[row], (door, value)
