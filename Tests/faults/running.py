"""Faults while a model is trained: the process lives, and the model is the one before or the one after."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from Tests.faults import world
from Tests.faults.table import row, times
from Tests.faults.world import NativeModel, forked

_ABSURD: list[dict[str, Any]] = [
    {"hidden_units": [2**31]},
    {"hidden_units": [2**20, 2**20]},
    {"hidden_units": [2**62, 2**62]},
    {"hidden_units": [1] * 100_000},
    {"hidden_units": [0]},
    {"hidden_units": [-1]},
    {"hidden_units": [1e300]},
    {"hidden_units": 64},
    {"embedding_dim": 2**31},
    {"embedding_dim": 2**62},
    {"embedding_dim": 0},
    {"epochs": 2**62},
    {"epochs": 0},
    {"epochs": -5},
    {"batch_size": 2**62},
    {"batch_size": 0},
    {"members": 2**31},
    {"members": 2**62},
    {"members": -1},
    {"numeric_bins": 2**62},
    {"numeric_bins": 0},
    {"min_count": 2**62},
    {"min_count": -1},
    {"patience": 2**62},
    {"n_jobs": 2**31},
    {"n_jobs": 2**62},
    {"n_jobs": -2},
    {"random_state": 2**63},
    {"random_state": -1},
    {"dropout": 1.0},
    {"dropout": 1e-300},
    {"l1": 1e308},
    {"l2": 1e308},
    {"wide_learning_rate": 1e300},
    {"deep_learning_rate": 1e30},
    {"validation_fraction": 1e-300},
    {"validation_fraction": 1.0},
    {"label": "y" * 1_000_000},
    {"crosses": [["user", "item"]] * 1000},
    {"crosses": [["user"] * 1000]},
    {"features": []},
    {"class_weight": [1e308, 1e308]},
    {"class_weight": [0, 0]},
]


@row("absurd options")
def absurd(folder: Path) -> str:
    """Refused by name, or trained to probabilities; never for long."""

    class Enough(Exception):
        pass

    refused = trained = 0
    data = world.table()
    for options in _ABSURD:
        try:
            model = NativeModel({**world.OPTIONS, **options})
            calls = 0

            def count(_: Any) -> None:
                nonlocal calls
                calls += 1
                if calls > 20:
                    raise Enough

            model.train(data, count)
        except (ValueError, MemoryError) as error:
            assert str(error), options
            refused += 1
        except Enough:
            trained += 1
        else:
            answers = model.predict(data)
            assert ((answers >= 0) & (answers <= 1)).all(), (options, answers)
            trained += 1
    return f"{refused} refused by ValueError or MemoryError, {trained} trained"


@row("clock that runs backwards")
def backwards(folder: Path) -> str:
    data, path = world.table(), folder / "model"
    expected = world.trained(epochs=5)
    for which in (1, 2):
        seconds: list[float] = []
        model = NativeModel({**world.OPTIONS, "epochs": 5})
        world.backwards_clock(which)
        try:
            model.train(data, lambda told, seconds=seconds: seconds.append(told.seconds))
            model.save(path)
            again = NativeModel.load(path)
        finally:
            world.backwards_clock(0)
        assert world.answers(model) == world.answers(again) == world.answers(expected)
        assert seconds and (which == 2 or min(seconds) >= 0), seconds
    return "trained to the same bits, saved, loaded"


@row("no thread can be started")
def no_threads(folder: Path) -> str:
    expected = world.trained(n_jobs=1)
    world.without_threads(True)
    try:
        model = world.trained(n_jobs=4)
        assert world.answers(model) == world.answers(expected)
    finally:
        world.without_threads(False)
    assert world.answers(world.trained(n_jobs=4)) == world.answers(expected)
    return "trained and predicted by the calling thread, to the same bits"


@row("fork while another thread trains, predicts, sets options")
def fork(folder: Path) -> str:
    model = world.trained(epochs=3)
    data, stop = world.table(), threading.Event()
    started = threading.Event()

    def busy(call: Any) -> None:
        while not stop.is_set():
            call()
            started.set()

    calls = [
        lambda: model.continue_training(data),
        lambda: model.predict(data),
        lambda: model.set_options({"epochs": 3}),
    ]
    threads = [threading.Thread(target=busy, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    started.wait()

    def child() -> None:
        signal.alarm(20)  # one that waits for ever is ended
        model.predict(data)
        model.set_options({"epochs": 1})
        model.set_metadata("child")
        model.train(data)
        model.save(folder / f"{os.getpid()}")
        NativeModel.load(folder / f"{os.getpid()}")

    forks = times(12, 300)
    codes = [forked(child) for _ in range(forks)]
    stop.set()
    for thread in threads:
        thread.join()
    assert codes == [0] * forks, codes
    return f"{forks} children trained, predicted and saved"


def _in_training(daemon: bool) -> str:
    """Leaves while a thread trains; the interpreter ends with it or waits for it."""
    reached = threading.Event()
    model = NativeModel({**world.OPTIONS, "epochs": 200, "early_stopping": False, "batch_size": 16})

    def train() -> None:
        model.train(world.table(), lambda _: reached.set())

    def predict() -> None:
        other = world.trained()
        while daemon or not reached.is_set():
            other.predict(world.table())

    for target in (train, predict):
        threading.Thread(target=target, daemon=daemon).start()
    assert reached.wait(20)
    return "exit code 0"


@row("interpreter exit while a daemon thread trains and another predicts")
def exit_daemon(folder: Path) -> str:
    return _in_training(daemon=True)


@row("interpreter exit while a thread trains that it waits for")
def exit_waiting(folder: Path) -> str:
    return _in_training(daemon=False)


@row("a callback that raises")
def callback(folder: Path) -> str:
    model, data = world.trained(), world.table(seed=5)
    before = model.to_bytes()

    class Odd(BaseException):
        pass

    tried = 0
    kinds = (ValueError, KeyboardInterrupt, Odd, SystemExit, MemoryError, GeneratorExit, StopIteration)
    for kind in kinds[: times(3, 7)]:
        for at in (1, 5):
            calls = 0
            error = kind("mine")

            def raises(_: Any, error: BaseException = error, at: int = at) -> None:
                nonlocal calls
                calls += 1
                if calls == at:
                    raise error

            model.set_options({"epochs": 8, "early_stopping": False})
            for call in (model.train, model.continue_training):
                calls = 0
                with pytest.raises(kind) as raised:
                    call(data, raises)
                assert raised.value is error and calls == at
                tried += 1
            model.set_options({"epochs": 2, "early_stopping": True})
            assert model.to_bytes() == before
    return f"raised as it is {tried} times, the model as before"
