"""Same rows, same bits: whatever holds a table, whole, shuffled or one row at a time."""

from __future__ import annotations

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
    max_examples=20,
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


@settings(PROFILE, max_examples=8)
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
