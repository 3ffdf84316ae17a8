"""What a column of each type is taken for, row by row of the table in `columns`, and columns without any value."""

from __future__ import annotations

import datetime
import decimal
import fractions
import uuid
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.model_selection import cross_val_score

from testbed_adapter import WideDeepClassifier
from testbed_adapter.estimator.columns import CATEGORICAL, MULTI, NUMERIC
from testbed_adapter.estimator.frames import (
    as_frame,
    names_of,
    to_columns,
)

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

D = decimal.Decimal
DAYS = pd.Series(pd.to_datetime(["2025-01-01", "2025-01-02"]))
DATES = [datetime.date(2025, 1, 1), datetime.date(2025, 1, 2)]
IDS = [uuid.UUID(int=1), uuid.UUID(int=2)]


def quick(**options: Any) -> WideDeepClassifier:
    made = {"hidden_units": (4,), "epochs": 2, "random_state": 0, "min_count": 1, "members": 1, **options}
    return WideDeepClassifier(**made)


def series(values: list[Any]) -> Any:
    column = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        column[row] = value
    return pd.Series(column, dtype=object)


class Silent:
    def __str__(self) -> str:
        raise RuntimeError("no words")


def polars(values: list[Any], kind: Any = None) -> Any:
    return pl.DataFrame({"a": pl.Series("a", values, dtype=kind)})


def frame(column: Any) -> Any:
    return column if hasattr(column, "columns") else pd.DataFrame({"a": column})


TAKEN = {
    "decimals": (series([D("1.5"), D(2)]), NUMERIC),
    "fractions": (series([fractions.Fraction(1, 2), 2]), NUMERIC),
    "whole numbers beyond 64 bits": (series([2**70, -1]), NUMERIC),
    "Arrow decimals": (pa.table({"a": pa.array([D("1.5"), D(2)])}), NUMERIC),
    "Polars' decimals": (polars([D("1.5"), D(2)]), NUMERIC),
    "sparse": (pd.Series(pd.arrays.SparseArray([1.0, 0.0])), NUMERIC),
    "big-endian": (pd.Series(np.array([1, 2], ">i8")), NUMERIC),
    "bytes": (series([b"a", b"\xff"]), CATEGORICAL),
    "Arrow bytes": (pa.table({"a": pa.array([b"a", b"\xff"])}), CATEGORICAL),
    "Arrow bytes of one length": (pa.table({"a": pa.array([b"a", b"\xff"], pa.binary(1))}), CATEGORICAL),
    "Polars' bytes": (polars([b"a", b"\xff"]), CATEGORICAL),
    "intervals": (pd.Series([pd.Interval(0, 1), pd.Interval(1, 2)]), CATEGORICAL),
    "UUIDs": (series(IDS), CATEGORICAL),
    "mixed": (series([1, "a"]), CATEGORICAL),
    "categories of intervals": (pd.cut(pd.Series([1.0, 2.0]), 2), CATEGORICAL),
    "the same in Arrow": (pa.Table.from_pandas(pd.DataFrame({"a": pd.cut(pd.Series([1.0, 2.0]), 2)})), CATEGORICAL),
    "categories of decimals": (series([D("1.5"), D(2)]).astype("category"), CATEGORICAL),
    "categories of bytes": (series([b"a", b"\xff"]).astype("category"), CATEGORICAL),
    "categories of timestamps": (DAYS.astype("category"), CATEGORICAL),
    "categories of dates": (series(DATES).astype("category"), CATEGORICAL),
    "categories of periods": (DAYS.dt.to_period("D").astype("category"), CATEGORICAL),
    "categories of several sorts": (series([1, "a"]).astype("category"), CATEGORICAL),
    "categories of numbers": (pd.Series([1.5, 2.5]).astype("category"), CATEGORICAL),
    "categories of booleans": (pd.Series([True, False]).astype("category"), CATEGORICAL),
    "a dictionary of decimals": (pa.table({"a": pa.array([D("1.5"), D(2)]).dictionary_encode()}), CATEGORICAL),
    "a dictionary of timestamps": (pa.table({"a": pa.array(DAYS).dictionary_encode()}), CATEGORICAL),
    "a dictionary of bytes": (pa.table({"a": pa.array([b"a", b"\xff"]).dictionary_encode()}), CATEGORICAL),
    "Polars' Categorical": (polars(["a", "b"], pl.Categorical), CATEGORICAL),
    "Polars' Enum": (polars(["a", "b"], pl.Enum(["a", "b"])), CATEGORICAL),
    "lists": (series([["a"], ["b", "a"]]), MULTI),
    "sets": (series([{"a"}, {"b", "a"}]), MULTI),
    "tuples": (series([(1,), (2, 1)]), MULTI),
    "arrays": (series([np.array([1]), np.array([2, 1])]), MULTI),
    "lists of decimals": (series([[D("1.5")], [D(2)]]), MULTI),
    "lists of times": (series([[DATES[0]], [DATES[1]]]), MULTI),
    "Arrow lists of timestamps": (pa.table({"a": pa.array([[DATES[0]], [DATES[1]]])}), MULTI),
    "Polars' List": (polars([["a"], ["b", "a"]]), MULTI),
    "Polars' List(Categorical)": (polars([["a"], ["b", "a"]], pl.List(pl.Categorical)), MULTI),
    "Polars' List(Enum)": (polars([["a"], ["b", "a"]], pl.List(pl.Enum(["a", "b"]))), MULTI),
    "Polars' List(Decimal)": (polars([[D("1.5")], [D(2)]]), MULTI),
    "Polars' Array": (polars([[1, 2], [2, 1]], pl.Array(pl.Int64, 2)), MULTI),
    "Polars' Array of text": (polars([["x", "y"], ["y", "x"]], pl.Array(pl.String, 2)), MULTI),
    "Arrow views of lists": (pa.table({"a": pa.array([["a"], ["b", "a"]], pa.list_view(pa.string()))}), MULTI),
}

REFUSED = {
    "timestamps": (DAYS, "timestamp"),
    "timestamps as objects": (series(list(DAYS)), "turn it into numbers"),
    "Arrow timestamps": (pa.table({"a": pa.array(DAYS)}), "timestamp"),
    "dates": (series(DATES), "turn it into numbers"),
    "Arrow dates": (pa.table({"a": pa.array(DATES)}), "date32"),
    "Polars' Date": (polars(DATES), "date32"),
    "durations": (DAYS - DAYS[0], "duration"),
    "times of day": (series([datetime.time(1), datetime.time(2)]), "turn it into numbers"),
    "periods": (DAYS.dt.to_period("D"), "turn it into numbers"),
    "Polars' Time": (polars([datetime.time(1), datetime.time(2)]), "time64"),
    "Polars' Struct": (polars([{"x": 1}, {"x": 2}]), "struct"),
    "Polars' Object": (polars([object(), object()], pl.Object), "Object"),
    "Polars' List(Struct)": (polars([[{"x": 1}], [{"x": 2}]]), "struct"),
    "Polars' Int128": (polars([1, 2], pl.Int128), "Int128"),
    "Arrow maps": (pa.table({"a": pa.array([[("x", 1)], [("y", 2)]], pa.map_(pa.string(), pa.int64()))}), "map"),
    "lists of lists": (series([[["a"]], [["b"]]]), "lists within lists"),
    "Arrow lists of lists": (pa.table({"a": [[["a"]], [["b"]]]}), "list"),
    "lists beside values": (series([["a"], "b"]), "lists beside single values"),
    "complex objects": (series([1j, 2.0]), "Complex"),
    "infinity beside text": (series([np.inf, "a"]), "infinity"),
    "infinite decimals": (series([D("Infinity"), D(1)]), "infinity"),
    "numbers beyond doubles": (series([10**400, 1]), "too large"),
    "decimals beyond doubles": (series([D("1e400"), 1]), "too large"),
    "fractions beyond doubles": (series([fractions.Fraction(10**400), "a"]), "too large"),
    "values without a text": (series([Silent(), "a"]), "has no text"),
    "categories of infinity": (pd.Series([np.inf, 1.0]).astype("category"), "infinity"),
}


def columns(X: Any) -> list[Any]:
    X = as_frame(X)
    return to_columns(X, names_of(X), "test")


@pytest.mark.parametrize("name", TAKEN)
def test_each_type_is_taken_as_the_table_says(name: str) -> None:
    X, kind = frame(TAKEN[name][0]), TAKEN[name][1]
    assert [column.kind for column in columns(X)] == [kind]
    model = quick().fit(X, [0, 1])
    assert model.info_["features"][0]["kind"] == kind
    whole = model.predict_proba(X)
    assert np.isfinite(whole).all()
    parts = [X.slice(row, 1) if hasattr(X, "slice") else X[row : row + 1] for row in range(2)]
    assert (np.concatenate([model.predict_proba(part) for part in parts]) == whole).all()


@pytest.mark.parametrize("name", REFUSED)
def test_each_other_type_is_refused_with_the_columns_name(name: str) -> None:
    column, said = REFUSED[name]
    with pytest.raises(ValueError, match=f"column 'a'.*{said}|{said}.*column 'a'"):
        quick().fit(frame(column), [0, 1])


@pytest.mark.parametrize("name", ["timestamps", "timestamps as objects", "dates", "Polars' Date", "periods"])
def test_times_are_categories_where_they_are_named_so(name: str) -> None:
    X = frame(REFUSED[name][0])
    model = quick(categorical_features=["a"]).fit(X, [0, 1])
    assert np.isfinite(model.predict_proba(X)).all()
    assert model.info_["features"][0]["kind"] == CATEGORICAL


def test_times_are_one_category_in_every_type() -> None:
    days = pd.Series(pd.to_datetime(["2025-01-01 10:00", "2025-01-02 00:00"]))
    for made in (series(list(days)), days, days.astype("category")):
        model = quick(categorical_features=["a"], part="wide").fit(frame(made), [0, 1])
        expected = model.predict_proba(frame(made))
        arrow = pa.table({"a": pa.array(days)})
        for same in (
            *(days, series(list(days)), days.astype("category"), days.astype("datetime64[s]")),
            *(
                days.astype("datetime64[ns]"),
                arrow,
                pl.from_arrow(arrow),
                pd.Series(["2025-01-01 10:00:00", "2025-01-02 00:00:00"]),
            ),
            series([one.to_pydatetime() for one in days]),
        ):
            assert (model.predict_proba(frame(same)) == expected).all()


# --- columns without any value ---

NOTHING = {
    "None": series([None] * 40),
    "NaN": pd.Series([np.nan] * 40),
    "NaN as objects": series([np.nan] * 40),
    "NA": series([pd.NA] * 40),
    "NaT as objects": series([pd.NaT] * 40),
    "text": pd.Series([None] * 40, dtype="str"),
    "nullable": pd.Series([pd.NA] * 40, dtype="Int64"),
    "booleans": pd.Series([pd.NA] * 40, dtype="boolean"),
    "category": pd.Series([None] * 40, dtype="category"),
    "Arrow": pd.Series([None] * 40, dtype=pd.ArrowDtype(pa.list_(pa.string()))),
    "Polars": polars([None] * 40),
}
SOMETHING = {
    "numbers": pd.Series([1.5, 2.5] * 20),
    "text": pd.Series(["a", "b"] * 20),
    "booleans": pd.Series([True, False] * 20),
    "lists": series([["a"], ["b", "a"]] * 20),
    "categories": pd.Series(["a", "b"] * 20).astype("category"),
}


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_column_without_a_value_is_fine_at_any_time(nothing: str) -> None:
    y = np.arange(40) % 2
    empty = frame(NOTHING[nothing])
    for column in SOMETHING.values():
        full = frame(column)
        model = quick().fit(full, y)
        gone = model.predict_proba(empty)
        assert (gone == gone[0]).all() and (model.predict_proba(empty[:1]) == gone[:1]).all()
        before = quick().fit(empty, y)
        # Nothing was learnt of it, so nothing that it holds tells anything.
        assert (before.predict_proba(full) == before.predict_proba(empty)).all()
        model.partial_fit(empty, y)


def test_a_column_that_comes_to_have_values() -> None:
    y = np.arange(40) % 2
    text, empty = frame(SOMETHING["text"]), frame(NOTHING["None"])
    named = quick(categorical_features=["a"], part="wide").fit(empty, y)
    assert (named.predict_proba(text) == named.predict_proba(empty)).all()
    named.partial_fit(text, y)
    assert named.predict_proba(text)[0, 1] < 0.5 < named.predict_proba(text)[1, 1]
    unnamed = quick().fit(empty, y)
    with pytest.raises(ValueError, match=r"column 'a' holds categories.*had no value.*categorical_features"):
        unnamed.partial_fit(text, y)
    assert np.isfinite(unnamed.predict_proba(text)).all()
    unnamed.partial_fit(frame(SOMETHING["numbers"]), y)


def test_a_fold_of_a_cross_validation_without_a_value() -> None:
    """Ordered by time, a column that came late is missing throughout in the first folds."""
    rows = 60
    y = np.arange(rows) % 2
    for late in (["a", "b"], [["a"], ["b"]], [1.5, 2.5]):
        X = pd.DataFrame({"old": np.arange(rows), "late": series([None] * 40 + late * 10)})
        folds = [(np.arange(30), np.arange(40, 60)), (np.arange(40, 60), np.arange(30))]
        assert np.isfinite(cross_val_score(quick(), X, y, cv=folds, error_score="raise")).all()


@pytest.mark.parametrize("name", ["a\0b", "half \ud800"])
def test_names_that_cannot_be_are_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"the column name .* rename the column"):
        quick().fit(pd.DataFrame([[0.0], [1.0]], columns=pd.Index([name], dtype=object)), [0, 1])


def test_every_sort_of_nan_is_missing() -> None:
    nothing = [None, np.nan, np.float32("nan"), D("NaN"), D("sNaN"), pd.NA, pd.NaT, np.datetime64("NaT"), -np.nan]
    nothing.append(np.timedelta64("NaT"))
    model = quick().fit(frame(series(["a", "b", 1.5, None] * 10)), [0, 1] * 20)
    answers = model.predict_proba(frame(series([*nothing, "a"])))
    assert (answers[:-1] == answers[0]).all() and (answers[-1] != answers[0]).all()
    for value in nothing:
        assert (model.predict_proba(frame(series([value]))) == answers[0]).all()
        assert (model.predict_proba(pd.DataFrame({"a": [value]})) == answers[0]).all()


def test_masked_values_are_missing() -> None:
    X = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]] * 10, mask=[[False, True], [False, False]] * 10)
    model = quick().fit(X, [0, 1] * 10)
    holes = np.where(X.mask, np.nan, X.data)
    assert (model.predict_proba(X) == model.predict_proba(holes)).all()
    assert (model.predict_proba(X) == quick().fit(holes, [0, 1] * 10).predict_proba(holes)).all()


def test_a_column_named_like_a_cross_is_explained_as_a_column() -> None:
    random = np.random.default_rng(0)
    first, second = random.choice(list("pqr"), 600), random.choice(list("stu"), 600)
    lists = [[one, "z"] for one in random.choice(list("mn"), 600)]
    y = ((first == "p") ^ (second == "s")).astype(int)
    X = pd.DataFrame({"a": first, "b": second, "a×b": lists})
    model = quick(part="wide", crosses=[("a", "b")])
    try:
        model.fit(X, y)
    except ValueError as error:
        assert "a×b" in str(error)  # refused by name
        return
    terms = {term.feature: term.value for term in model.explain(X[:1])[0].terms}
    assert terms.pop("a×b") == f"{lists[0][0]}, z"
    assert (terms.pop("a"), terms.pop("b")) == (first[0], second[0])
    assert list(terms.values()) == [f"{first[0]} × {second[0]}"]
