"""Trainings that go wrong, and numbers at the ends of what a double holds: an error that says what to change, or a
model whose answers make sense."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.exceptions import ConvergenceWarning

from testbed_adapter.native.model import NativeModel
from Tests.adapter.test_estimator import quick

HUGE = float(np.finfo(np.float64).max)
TINY = 5e-324


def log(rows: int = 400, seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    x = random.random(rows)
    return {
        "c": [f"v{value}" for value in random.integers(0, 40, rows)],
        "x": x,
        "label": (random.random(rows) < 0.2 + 0.6 * x).astype(float),
    }


def options(**changed: Any) -> dict[str, Any]:
    return {"epochs": 3, "hidden_units": [8], "members": 2, "crosses": [], **changed}


def expect_sense(model: NativeModel, columns: dict[str, Any], most: float = 3.0) -> None:
    table = pa.record_batch(columns)
    answers = model.predict(table)
    assert np.isfinite(answers).all() and answers.min() >= 0 and answers.max() <= 1
    clicked = np.asarray(columns["label"]) == 1
    kept = np.clip(answers, 1e-300, 1 - 1e-16)
    assert -np.mean(np.where(clicked, np.log(kept), np.log1p(-kept))) < most
    again = NativeModel.from_bytes(model.to_bytes())
    assert (again.predict(table) == answers).all()
    try:
        again.continue_training(table)
    except ValueError as error:
        assert "diverged" in str(error)
    assert np.isfinite(again.predict(table)).all()


def test_a_spoilt_training_goes_back_to_its_last_good_epoch() -> None:
    """Adam with too high a rate, without a validation part: most epochs go well, the last one does not."""
    random = np.random.default_rng(0)
    x = random.random((2, 100))
    labels = (x[0] + x[1] > 1).astype(float)
    columns = {"c": [f"v{value}" for value in random.integers(0, 40, 100)], "x0": x[0], "x1": x[1], "label": labels}
    settings = options(
        part="deep", deep_optimizer="adam", dropout=0.0, hidden_units=[64], early_stopping=False, members=1
    )
    told = set()
    for rate in (0.5, 0.7, 1.0):
        for epochs in range(20, 32, 2):
            model = NativeModel({**settings, "deep_learning_rate": rate, "epochs": epochs})
            model.train(pa.record_batch(columns))
            info = model.info()
            expect_sense(model, columns)
            losses = [epoch["train_log_loss"] for epoch in info["history"]]
            assert losses[-1] < 2.5 and info["best_epoch"] == len(losses)
            if len(losses) < epochs:
                kept = f"its weights are those of epoch {len(losses)}"
                assert kept in info["divergence"] and f"deep_learning_rate ({rate}" in info["divergence"]
                fewer = NativeModel({**settings, "deep_learning_rate": rate, "epochs": len(losses)})
                fewer.train(pa.record_batch(columns))
                table = pa.record_batch(columns)
                assert (fewer.predict(table) == model.predict(table)).all()
            told.add("divergence" in info)
    assert told == {True, False}


def test_the_estimator_warns_of_divergence() -> None:
    random = np.random.default_rng(0)
    x = random.random((2, 100))
    X = np.array([[f"v{value}" for value in random.integers(0, 40, 100)], *x.tolist()], dtype=object).T
    y = (x.sum(axis=0) > 1).astype(int)
    heard = 0
    for epochs in range(20, 32):
        model = quick(
            part="deep", deep_optimizer="adam", deep_learning_rate=0.7, dropout=0.0, hidden_units=(64,),
            early_stopping=False, members=1, epochs=epochs,
        )  # fmt: skip
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            model.fit(X, y)
        messages = [str(warning.message) for warning in caught if warning.category is ConvergenceWarning]
        assert len(messages) == ("divergence" in model.info_) and all("diverged" in text for text in messages)
        assert "_divergence" not in vars(model)
        heard += len(messages)
    assert 0 < heard < 12


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("wide_learning_rate", value) for value in (0.0, -1.0, 1e-45, 1e-300, 1e39)),
        *(("deep_learning_rate", value) for value in (1e-45, 1e300)),
        *(("dropout", value) for value in (1.0, 0.99999999, -0.1)),
        *(("l1", value) for value in (1e300, -1.0)),
        *(("l2", value) for value in (1e300, 1e21)),
        *(("epochs", value) for value in (2**31, 0)),
        *(("patience", value) for value in (2**53, 0)),
        *(("batch_size", value) for value in (2**31, 2**63)),
        *(("members", value) for value in (10**6, 0)),
        *(("embedding_dim", value) for value in (2**20, 0)),
        *(("numeric_bins", value) for value in (2**31, 0)),
        ("hidden_units", [2**20]),
        ("hidden_units", [1] * 65),
        ("class_weight", [1.0, 1e300]),
        ("class_weight", [1e-300, 1.0]),
        ("random_state", 2**53),
        ("min_count", 2**40),
    ],
)
def test_options_out_of_range_are_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name):
        NativeModel({name: value})


def test_options_at_the_ends_of_their_ranges_train() -> None:
    columns = log()
    for changed in (
        {"wide_learning_rate": 1e-20, "deep_learning_rate": 1e-20},
        {"epochs": 10**6, "patience": 1},
        {"batch_size": 2**20, "dropout": 0.9999999},
        {"l1": 1e20, "l2": 1e20},
        {"l1": 1e-300, "l2": 1e-300},
        {"wide_optimizer": "adam", "l2": 1e20},
        {"embedding_dim": 4096, "numeric_bins": 1024, "hidden_units": [1] * 64},
        {"class_weight": [1e-20, 1e20]},
        {"class_weight": [0, 1]},
        {"random_state": 2**53 - 1, "min_count": 10**9, "members": 3},
        {"numeric_bins": 1, "hidden_units": []},
    ):
        model = NativeModel(options(**changed))
        try:
            model.train(pa.record_batch(columns))
        except ValueError as error:
            assert "dropout" in changed and "diverged" in str(error)
            continue
        expect_sense(model, columns, most=math.inf if "class_weight" in changed else 3.0)


@pytest.mark.parametrize("bins", [1, 32])
@pytest.mark.parametrize(
    "values",
    [
        [1e30, -1e30],
        [HUGE, -HUGE],
        [HUGE, 0.0, -HUGE, HUGE / 2],
        [TINY, 0.0, -TINY],
        [TINY, 3 * TINY, HUGE],
        [1e308 * number for number in (0.1, 0.5, 0.9, 1.0, 1.2, 1.5, 1.7)],
        [7.0],
        [0.0, -0.0],
        [math.nan, HUGE],
        [math.nan],
    ],
)
def test_numbers_at_the_ends_of_doubles(values: list[float], bins: int) -> None:
    columns = log()
    columns["x"] = np.resize(values, 400)
    columns["label"] = np.resize([0.0, 1.0, 1.0, 0.0, 1.0], 400)
    model = NativeModel(options(numeric_bins=bins))
    model.train(pa.record_batch(columns))
    expect_sense(model, columns)
    unseen = {**columns, "x": np.resize([HUGE, -HUGE, TINY, 1e30, math.nan, 0.0], 400)}
    expect_sense(model, unseen)


def test_a_number_between_far_edges_is_placed_between_them() -> None:
    """The distance of the edges overflows a double; a half of it does not."""
    columns = log()
    columns["x"] = np.linspace(-1, 1, 400) * HUGE
    columns["label"] = (np.linspace(-1, 1, 400) > 0).astype(float)
    near = {**columns, "x": np.linspace(-1, 1, 400)}
    answers = []
    for made in (columns, near):
        model = NativeModel(options(epochs=8, numeric_bins=1, part="deep", early_stopping=False))
        model.train(pa.record_batch(made))
        answers.append(model.predict(pa.record_batch(made)))
    assert abs(answers[0] - answers[1]).max() < 0.1
    assert answers[0][-1] - answers[0][0] > 0.2


@pytest.mark.parametrize("kind", ["one id", "equal rows", "rare click", "rare miss", "query"])
def test_tables_with_little_to_tell(kind: str) -> None:
    rows = 3000
    columns = log(rows)
    if kind == "one id":
        columns["c"] = ["same"] * rows
    elif kind == "equal rows":
        columns.update(c=["same"] * rows, x=np.ones(rows))
    elif kind == "query":
        columns["c"] = ["clicked" if label else "not" for label in columns["label"]]
    else:
        columns["label"] = np.full(rows, float(kind == "rare miss"))
        columns["label"][[17, 2000]] = kind == "rare click"
    model = NativeModel(options())
    model.train(pa.record_batch(columns))
    expect_sense(model, columns, most=0.8)


@pytest.mark.parametrize(
    "weights",
    [[0.0, 1e6, 1.0], [1e300, 1e300], [1e-300, 1.0], [1e-300] * 2, [1e6, 1e-6], [TINY, 1.0], [1e30, 1.0, 1.0, 0.0]],
)
@pytest.mark.parametrize("time", [None, [0.0], [HUGE, -HUGE, TINY]])
def test_weights_from_nothing_to_the_greatest(weights: list[float], time: Any) -> None:
    columns = log()
    columns["weight"] = np.resize(weights, 400)
    changed: dict[str, Any] = {"weight": "weight"}
    if time is not None:
        columns["at"] = np.resize(time, 400)
        changed["time"] = "at"
    model = NativeModel(options(**changed))
    model.train(pa.record_batch(columns))
    info = model.info()
    assert 0 < info["click_rate"] < 1 and all(math.isfinite(row["train_log_loss"]) for row in info["history"])
    # Rows of no weight teach nothing.
    expect_sense(model, columns, most=math.inf)


@pytest.mark.parametrize("weights", [[HUGE, HUGE], [TINY, TINY], [-1.0, 1.0], [math.nan, 1.0]])
def test_weights_that_cannot_be_scaled_are_refused(weights: list[float]) -> None:
    columns = log()
    columns["weight"] = np.resize(weights, 400)
    with pytest.raises(ValueError, match="weight"):
        NativeModel(options(weight="weight")).train(pa.record_batch(columns))
    # Also where the validation part alone holds them.
    columns["weight"] = np.ones(400)
    columns["weight"][-20:] = weights[0]
    columns["at"] = np.arange(400.0)
    if weights[0] != TINY:
        with pytest.raises(ValueError, match="weight"):
            NativeModel(options(weight="weight", time="at")).train(pa.record_batch(columns))
