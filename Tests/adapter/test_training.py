"""Weights, warm starts, and trainings that fail or are stopped."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from testbed_adapter import WideDeepClassifier
from testbed_adapter.native import model as native_module
from Tests.adapter.test_estimator import numbers, quick


def test_rows_of_weight_zero_are_not_there() -> None:
    X, y = numbers(300)
    weights = np.ones(300)
    weights[200:] = 0
    answers = quick().fit(X, y, sample_weight=weights).predict_proba(X)
    assert (answers == quick().fit(X[:200], y[:200]).predict_proba(X)).all()
    with pytest.raises(ValueError, match=r"every sample_weight is 0|at least one non-zero"):
        quick().fit(X, y, sample_weight=np.zeros(300))
    with pytest.raises(ValueError, match="class"):
        quick().fit(X, y, sample_weight=y)
    with pytest.raises(ValueError, match=r"[Nn]egative"):
        quick().fit(X, y, sample_weight=-weights)


def test_weights_weigh() -> None:
    X, y = numbers(1000)
    plain, heavy = quick().fit(X, y), quick().fit(X, y, sample_weight=np.where(y == 1, 5.0, 1.0))
    assert heavy.predict_proba(X)[:, 1].mean() > plain.predict_proba(X)[:, 1].mean() + 0.1
    by_class = quick(class_weight={0: 1.0, 1: 5.0}).fit(X, y)
    assert by_class.predict_proba(X)[:, 1].mean() > plain.predict_proba(X)[:, 1].mean() + 0.1


def test_balanced_classes() -> None:
    X, y = numbers(3000)
    rare = np.flatnonzero((y == 0) | (np.arange(3000) % 8 == 0))
    X, y = X[rare], y[rare]
    assert quick().fit(X, y).predict_proba(X)[:, 1].mean() == pytest.approx(y.mean(), abs=0.05)
    assert quick(class_weight="balanced").fit(X, y).predict_proba(X)[:, 1].mean() > y.mean() + 0.1


def test_partial_fit_learns_new_ids() -> None:
    random = np.random.default_rng(0)
    first, second = np.repeat(np.array(["a", "b"]), 200)[:, None], np.repeat(np.array(["c", "d"]), 200)[:, None]
    y = np.concatenate([random.random(200) < 0.1, random.random(200) < 0.9]).astype(int)
    model = quick(min_count=1).partial_fit(first, y, classes=[0, 1])
    unknown = model.predict_proba([["c"], ["d"]])[:, 1]
    assert unknown[0] == unknown[1]
    for _ in range(3):
        model.partial_fit(second, y)
    p = model.predict_proba([["c"], ["d"]])[:, 1]
    assert p[1] - p[0] > 0.2
    assert model.predict([["a"], ["b"]]).tolist() == [0, 1]


def test_only_the_first_partial_fit_wants_both_classes() -> None:
    X, y = numbers()
    ones = np.ones(50, dtype=int)
    with pytest.raises(ValueError, match="class"):
        quick().partial_fit(X[:50], ones, classes=[0, 1])
    model = quick().partial_fit(X, y)
    before = model.predict_proba(X[:50])[:, 1].mean()
    assert model.partial_fit(X[:50], ones).predict_proba(X[:50])[:, 1].mean() > before
    with pytest.raises(ValueError, match="label 7"):
        quick().partial_fit(X, y).partial_fit(X[:2], [0, 7])


def test_warm_start_goes_on() -> None:
    X, y = numbers(1000)
    model = quick(epochs=1, early_stopping=False, warm_start=True).fit(X, y)
    first = model.training_history_[-1]["train_log_loss"]
    for _ in range(3):
        model.fit(X, y)
    assert model.training_history_[-1]["train_log_loss"] < first
    model.set_params(epochs=3).fit(X, y)
    assert len(model.training_history_) >= 3
    cold = quick(epochs=1, early_stopping=False)
    assert (cold.fit(X, y).predict_proba(X) == cold.fit(X, y).predict_proba(X)).all()


def test_a_failed_fit_leaves_the_old_model() -> None:
    X, y = numbers()
    model = quick().fit(X, y)
    before, attributes = model.predict_proba(X), set(vars(model))
    infinite = np.where(X > 3, X, np.inf)
    for wrong in ((X[:, :2], np.zeros(len(X))), (infinite, y), (X[:, :3], y[:-1])):
        with pytest.raises(ValueError):
            model.fit(*wrong)
    with pytest.raises(ValueError):
        model.set_params(dropout=7.0).fit(X[:, :2], y)
    assert (model.predict_proba(X) == before).all()
    assert model.n_features_in_ == 4 and set(vars(model)) == attributes
    fresh = quick(dropout=7.0)
    with pytest.raises(ValueError):
        fresh.fit(X, y)
    assert not hasattr(fresh, "classes_") and not hasattr(fresh, "n_features_in_")


class _Stop(Exception):
    pass


def test_an_exception_in_the_progress_function_cancels() -> None:
    X, y = numbers()
    model = quick().fit(X, y)
    native = model._native
    before = model.predict_proba(X)
    told: list[native_module.Progress] = []

    def stop(progress: native_module.Progress) -> None:
        told.append(progress)
        if progress.epoch == 2:
            raise _Stop

    table = model._schema.table(model._read(X, reset=False), y, np.ones(len(y)))
    for train in (native.train, native.continue_training):
        told.clear()
        with pytest.raises(_Stop):
            train(table, stop)
        assert [progress.epoch for progress in told] == [1, 2]
    assert (model.predict_proba(X) == before).all()


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Python's own handler: where the tests run in the background, a shell may have had the signal ignored."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("warm_start", [False, True])
def test_ctrl_c_stops_the_training(warm_start: bool) -> None:
    X, y = numbers(2000)
    model = quick(warm_start=warm_start).fit(X, y)
    before = model.predict_proba(X)
    handler = signal.getsignal(signal.SIGINT)
    model.set_params(epochs=100_000, early_stopping=False)
    timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    timer.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, y)
    assert time.monotonic() - started < 10
    timer.join()
    assert signal.getsignal(signal.SIGINT) is handler
    assert (model.predict_proba(X) == before).all()


def test_another_handler_of_ctrl_c_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    def handler(number: int, frame: Any) -> None:
        raise _Stop

    previous = signal.signal(signal.SIGINT, handler)
    try:
        threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
        with pytest.raises(_Stop):
            quick(epochs=100_000, early_stopping=False).fit(*numbers(2000))
    finally:
        signal.signal(signal.SIGINT, previous)


def test_predictions_while_another_thread_trains() -> None:
    X, y = numbers(2000)
    model = quick(warm_start=True).fit(X, y)
    answers: set[bytes] = {model.predict_proba(X[:50]).tobytes()}
    done = threading.Event()
    problems: list[BaseException] = []

    def predict() -> None:
        try:
            while not done.is_set():
                answers.add(model.predict_proba(X[:50]).tobytes())
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=predict) for _ in range(2)]
    for thread in threads:
        thread.start()
    trained = 3
    for _ in range(trained):
        model.fit(X, y)
    done.set()
    for thread in threads:
        thread.join()
    assert not problems
    # Each answer is that of one whole model: the first, or the one after any training.
    assert len(answers) <= trained + 1
    assert isinstance(model, WideDeepClassifier)
