"""Ctrl-C is heard all through long work: before the first epoch, after the last one, and in a prediction."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any, Optional

import numpy as np
import pyarrow as pa
import pytest

from testbed_adapter.native.model import NativeModel, Progress


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Python's own handler: where the tests run in the background, a shell may have had the signal ignored."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


class StopError(Exception):
    pass


@pytest.fixture(scope="module")
def table() -> pa.RecordBatch:
    """Seconds of work before the first epoch: 190 pairs of columns to try."""
    random = np.random.default_rng(0)
    rows, values = 100_000, np.array([f"v{value}" for value in range(30)])
    columns: dict[str, Any] = {f"c{column}": values[random.integers(0, 30, rows)] for column in range(20)}
    return pa.record_batch({**columns, "label": (random.random(rows) < 0.3).astype(float)})


def test_the_progress_function_is_called_before_the_first_epoch(table: pa.RecordBatch) -> None:
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        if len(told) == 2:
            raise StopError

    model = NativeModel({"n_jobs": 1})
    with pytest.raises(StopError):
        model.train(table, stop)
    assert not model.is_trained
    for progress in told:
        assert (progress.epoch, progress.epochs, progress.rows_done, progress.rows) == (1, 30, 0, 100_000)
        assert math.isnan(progress.train_log_loss) and not progress.ends_epoch
    assert 0 < told[0].seconds < told[1].seconds


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_is_heard_before_the_first_epoch(table: pa.RecordBatch) -> None:
    model = NativeModel({"n_jobs": 1})
    told: list[Progress] = []
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        model.train(table, told.append)
    timer.join()
    assert not model.is_trained
    assert all(progress.rows_done == 0 for progress in told)


def test_each_call_may_cancel_and_leaves_the_model_as_it_was(table: pa.RecordBatch) -> None:
    few = table.slice(0, 400)
    model = NativeModel({"epochs": 3, "members": 2, "hidden_units": [4]})

    def stopped(at: Optional[int]) -> int:
        calls = 0

        def count(progress: Progress) -> None:
            nonlocal calls
            calls += 1
            if calls == at:
                raise StopError

        if at is None:
            NativeModel.from_bytes(model.to_bytes()).continue_training(few, count)
        else:
            with pytest.raises(StopError):
                model.continue_training(few, count)
        return calls

    model.train(few)
    before = model.to_bytes()
    # The last one is after the last epoch's end, before the new model takes the old one's place.
    for call in range(1, stopped(None) + 1):
        stopped(call)
        assert model.to_bytes() == before


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_is_heard_in_a_prediction(table: pa.RecordBatch) -> None:
    # Few epochs of a slow network: each row takes long to predict.
    model = NativeModel(
        {"epochs": 1, "members": 1, "refit": False, "hidden_units": [1024, 1024], "crosses": [], "n_jobs": 1}
    )
    few = table.slice(0, 200)
    model.train(few)
    long = pa.Table.from_batches([table] * 10).combine_chunks().to_batches()[0]
    started = time.monotonic()
    model.predict(table.slice(0, 2000))
    whole = (time.monotonic() - started) * 500
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        model.predict(long)
    assert time.monotonic() - started < whole / 2
    timer.join()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert (model.predict(few) == model.predict(table.slice(0, 5000))[:200]).all()
