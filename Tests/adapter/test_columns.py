"""The kinds of X: what each column becomes, missing and unknown values, and what is refused."""

from __future__ import annotations

import decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse

from testbed_adapter import WideDeepClassifier
from testbed_adapter.estimator.frames import as_frame, names_of, to_columns
from Tests.adapter.support import python

pd = pytest.importorskip("pandas")


def quick(**options: Any) -> WideDeepClassifier:
    return WideDeepClassifier(**{"hidden_units": (8,), "epochs": 4, "random_state": 0, "min_count": 1, **options})


def table(rows: int = 300) -> tuple[Any, np.ndarray]:
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "age": random.integers(18, 80, rows),
            "price": random.normal(size=rows),
            "city": random.choice(["北京", "上海", "广州"], rows),
            "vip": random.random(rows) < 0.5,
            "tags": [list(random.choice(["a", "b", "c"], random.integers(0, 3), replace=False)) for _ in range(rows)],
        }
    )
    y = (frame["price"] + (frame["city"] == "北京") + frame["vip"] + 0.3 * random.normal(size=rows) > 0.8).astype(int)
    return frame, y.to_numpy()


def columns(X: Any) -> list[pa.Array]:
    X = as_frame(X)
    return to_columns(X, names_of(X), "test")


def test_kinds_of_columns() -> None:
    kinds = [column.kind for column in columns(table()[0])]
    assert kinds == ["numeric", "numeric", "categorical", "categorical", "multi"]


def test_containers_agree_to_the_bit() -> None:
    frame, y = table()
    arrow = pa.Table.from_pandas(frame)
    answers = [
        quick().fit(X, y).predict_proba(X)
        for X in (frame, arrow, arrow.to_batches()[0], pa.concat_tables([arrow.slice(0, 100), arrow.slice(100)]))
    ]
    frame["city"] = frame["city"].astype("category")
    frame["age"] = frame["age"].astype("Int64")
    answers.append(quick().fit(frame, y).predict_proba(frame))
    for answer in answers[1:]:
        assert (answer == answers[0]).all()


def test_arrays_agree_to_the_bit() -> None:
    random = np.random.default_rng(0)
    X = np.round(random.normal(size=(200, 3)), 2)
    y = (X[:, 0] + random.normal(size=200) > 0).astype(int)
    expected = quick().fit(X, y).predict_proba(X)
    named = pd.DataFrame(X, columns=["x0", "x1", "x2"])
    for same in (named, pa.Table.from_pandas(named), np.asfortranarray(X), X.astype(object), X.tolist(), X[:, ::1]):
        assert (quick().fit(same, y).predict_proba(same) == expected).all()


def test_polars_agrees_to_the_bit() -> None:
    polars = pytest.importorskip("polars")
    frame, y = table()
    columns = {name: frame[name].tolist() for name in frame}
    same = polars.DataFrame(columns).with_columns(polars.col("city").cast(polars.Categorical))
    weights = np.arange(len(y)) % 3
    expected = quick().fit(frame, y, sample_weight=weights).predict_proba(frame)
    assert (quick().fit(same, y, sample_weight=weights).predict_proba(same) == expected).all()


def test_int_and_float_columns_agree() -> None:
    random = np.random.default_rng(0)
    X = random.integers(0, 30, (200, 2))
    y = (X[:, 0] > 14).astype(int)
    for options in ({}, {"categorical_features": [0]}, {"categorical_features": [True, False]}):
        whole, floats = (quick(**options).fit(kind, y).predict_proba(kind) for kind in (X, X.astype(float)))
        assert (whole == floats).all()
    with_categories = quick(categorical_features=["x0"]).fit(X, y)
    assert with_categories.info_["features"][0]["kind"] == "categorical"


def test_objects_are_what_they_hold() -> None:
    X = np.array(
        [
            [1, "a", True, ["x", "y"], 1, decimal.Decimal("1.5"), 3],
            [2.5, "b", None, ["x"], "b", decimal.Decimal(2), {"k": 1}],
            [None, np.nan, False, None, None, None, b"bytes"],
        ],
        dtype=object,
    )
    found = columns(X)
    assert [column.kind for column in found] == [
        *("numeric", "categorical", "categorical", "multi", "categorical"),
        *("categorical", "categorical"),
    ] or found[5].kind == "numeric"
    assert found[1].categories(None).to_pylist() == ["a", "b", None]
    assert found[4].categories(None).to_pylist() == ["1", "b", None]
    assert found[6].categories(None).to_pylist() == ["3", "{'k': 1}", "bytes"]
    assert columns([[1, "a"], [2, "b"]])[0].categories(None).to_pylist() == [1, 2]


def test_missing_values_are_fine_at_any_time() -> None:
    frame, y = table()
    holes = frame.copy()
    for name in ("age", "price", "city", "vip", "tags"):
        holes[name] = holes[name].astype(object)
        holes.loc[holes.index[::7], name] = None
    model = quick().fit(holes, y)
    assert np.isfinite(model.predict_proba(frame)).all()
    assert np.isfinite(quick().fit(frame, y).predict_proba(holes)).all()
    nothing = holes.head(3).copy()
    nothing[:] = None
    assert np.isfinite(model.predict_proba(nothing)).all()


def test_unknown_categories_are_fine() -> None:
    frame, y = table()
    model = quick().fit(frame, y)
    strange = frame.head(2).assign(city=["火星", "月球"], tags=[["z"], ["q", "a"]])
    answers = model.predict_proba(strange.assign(age=30, price=0.0, vip=True, tags=[["z"], ["z"]]))
    assert (answers[0] == answers[1]).all()
    assert np.isfinite(model.predict_proba(strange)).all()


def test_half_a_surrogate_pair_is_text() -> None:
    frame, y = table()
    frame["city"] = frame["city"].astype(object)  # pandas's own text type refuses it
    frame.loc[0, "city"] = "\ud83d"
    assert np.isfinite(quick().fit(frame, y).predict_proba(frame)).all()


def test_a_million_distinct_ids() -> None:
    rows = 1_000_000
    ids = np.arange(rows, dtype=np.int64) + 2**60  # beyond what a double tells apart
    y = (np.arange(rows) % 10 == 0).astype(int)
    X = pa.table({"id": ids, "shop": np.arange(rows) % 50})
    model = WideDeepClassifier(categorical_features=["id", "shop"], part="wide", epochs=1, random_state=0)
    model.fit(X, y)
    assert np.isfinite(model.predict_proba(X.slice(0, 10))).all()


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([[np.inf, 1.0], [2.0, 3.0]], ValueError, "infinity"),
        (pd.DataFrame({"a": [np.inf, 1.0]}), ValueError, "infinity.*'a'"),
        (pa.table({"a": [-np.inf, 1.0]}), ValueError, "infinity.*'a'"),
        ([[1j], [2.0]], ValueError, "Complex"),
        (pd.DataFrame({"a": [1j, 2.0]}), ValueError, "Complex"),
        (scipy.sparse.csr_matrix([[1.0], [2.0]]), TypeError, "[Ss]parse"),
        (
            pd.DataFrame({"when": pd.to_datetime(["2025-01-01", "2025-01-02"])}),
            ValueError,
            "'when' is of type timestamp",
        ),
        (np.array([["2025-01-01"], ["2025-01-02"]], dtype="datetime64[D]"), ValueError, "datetime64"),
        (pa.table({"a": [{"b": 1}, {"b": 2}]}), ValueError, "'a' is of type struct"),
        (pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]), ValueError, "several columns of the name 'a'"),
        (pd.DataFrame(index=[0, 1]), ValueError, "0 feature"),
        (pd.DataFrame({"a": []}), ValueError, "0 sample"),
        ([1.0, 2.0], ValueError, "1D array"),
        ([[1.0], [2.0, 3.0]], ValueError, "inhomogeneous|sequence"),
    ],
)
def test_what_cannot_be_read(X: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        quick().fit(X, [0, 1])


def test_other_columns_than_at_fit() -> None:
    frame, y = table()
    model = quick().fit(frame, y)
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame.rename(columns={"age": "years"}))
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[["price", "age", "city", "vip", "tags"]])
    with pytest.raises(ValueError, match="feature names"):
        model.predict(pa.Table.from_pandas(frame[["age"]]))
    with pytest.raises(ValueError, match="'price' holds categories"):
        model.predict(frame.assign(price="dear"))
    with pytest.raises(ValueError, match="'city' holds lists"):
        model.predict(frame.assign(city=[["北京"]] * len(frame)))
    with pytest.raises(ValueError, match="'tags' holds numbers"):
        model.predict(frame.assign(tags=1.0))
    X, _ = np.zeros((5, 3)), None
    with pytest.raises(ValueError, match="X has 3 features, but WideDeepClassifier is expecting 2 features"):
        quick().fit([[0.0, 1.0], [1.0, 0.0]] * 4, [0, 1] * 4).predict(X)


def test_targets_of_other_containers() -> None:
    frame, y = table()
    expected = quick().fit(frame, y).predict_proba(frame)
    for same in (pd.Series(y), pa.array(y), pa.chunked_array([y[:10], y[10:]]), y.tolist()):
        assert (quick().fit(frame, same).predict_proba(frame) == expected).all()
    for wrong, message in (
        (None, "y to be passed"),
        (y[:-1], "inconsistent"),
        ([None, *y[1:].tolist()], "missing"),
        (np.where(np.arange(len(y)) == 3, np.nan, y), "NaN"),
        (y + 0.5 * np.arange(len(y)), "continuous"),
    ):
        with pytest.raises(ValueError, match=message):
            quick().fit(frame, wrong)


NUMPYS_DATES = """
import numpy as np
import pandas as pd
from testbed_adapter.estimator.frames import to_columns
for date in (np.datetime64("NaT"), np.datetime64("2020-01-01", "ns")):
    for number in (np.float16(1), np.int8(1), np.bool_(True), np.complex64(1)):
        for values in ([date, number], [[date, number], ["a"]]):
            frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
            try:
                assert len(to_columns(frame, ["x"], "E")[0]) == 2
            except ValueError as error:
                assert "x" in str(error)
"""


def test_numpys_dates_beside_its_numbers_end_no_process() -> None:
    """Arrow, asked for their type, ends the process; nested values too."""
    done = python(NUMPYS_DATES)
    assert done.returncode == 0, done.stderr
