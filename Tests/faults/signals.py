"""Signals at any moment: the very exception that the handler raises, and a model that is the one before or after."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Optional

import numpy as np

from testbed_adapter import WideDeepClassifier
from Tests.faults import world
from Tests.faults.table import row, times
from Tests.faults.world import NativeModel


class Timeout(Exception):
    pass


def _at_random(
    call: Callable[[], Any], longest: float, kind: type[BaseException], check: Callable[[], Any]
) -> Counter[str]:
    """Another thread sends the signal at a random time; what its handler raises may come out, and nothing else."""
    draw, outcomes = random.Random(3), Counter[str]()
    for _ in range(times(12, 1000)):
        wait = draw.random() * longest

        def send(wait: float = wait) -> None:
            time.sleep(wait)
            os.kill(os.getpid(), signal.SIGINT if kind is KeyboardInterrupt else signal.SIGALRM)

        sender = threading.Thread(target=send)
        try:
            sender.start()
            call()
            outcomes["done"] += 1
            sender.join()
            time.sleep(0)
        except kind as error:
            assert type(error) is kind, error
            outcomes["raised"] += 1
        sender.join()
        check()
    return outcomes


def _raising(kind: type[BaseException]) -> Callable[[int, Optional[FrameType]], None]:
    def handle(number: int, frame: Optional[FrameType]) -> None:
        raise kind

    return handle


def _told(outcomes: Counter[str], kind: type[BaseException]) -> str:
    assert outcomes["raised"], "the signal never came in time"
    return f"{kind.__name__} {outcomes['raised']} times, done {outcomes['done']} times"


def _tried(folder: Path, kind: type[BaseException]) -> str:
    """train, continue, predict, save and load, and fit of the estimator."""
    path, data = folder / "model", world.table()
    model = world.trained(epochs=20, early_stopping=False)
    expected, content = world.answers(model), model.to_bytes()
    model.save(path)

    def same() -> None:
        assert world.answers(model) == world.answers(NativeModel.load(path)) == expected
        assert world.names(folder) == ["model"]

    def further() -> None:
        NativeModel.from_bytes(content).continue_training(data)

    X, y = np.random.default_rng(0).normal(size=(300, 3)), np.arange(300) % 2
    estimator = WideDeepClassifier(random_state=0, epochs=3, members=1).fit(X, y)
    fitted = estimator.predict_proba(X)

    def whole() -> None:
        assert (estimator.predict_proba(X) == fitted).all()

    large = world.large()
    outcomes = Counter[str]()
    outcomes += _at_random(lambda: model.train(data), 0.05, kind, same)
    outcomes += _at_random(further, 0.05, kind, same)
    outcomes += _at_random(lambda: model.predict(data), 0.001, kind, same)
    outcomes += _at_random(lambda: model.save(path), 0.003, kind, same)
    outcomes += _at_random(lambda: NativeModel.load(path), 0.001, kind, same)
    outcomes += _at_random(lambda: large.to_bytes(), 0.003, kind, same)
    outcomes += _at_random(lambda: estimator.fit(X, y), 0.05, kind, whole)
    outcomes += _at_random(lambda: estimator.predict_proba(X), 0.002, kind, whole)
    return _told(outcomes, kind)


@row("Ctrl-C at any moment")
def interrupt(folder: Path) -> str:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return _tried(folder, KeyboardInterrupt)


@row("a signal handler that raises its own exception, at any moment")
def alarm(folder: Path) -> str:
    signal.signal(signal.SIGALRM, _raising(Timeout))
    return _tried(folder, Timeout)


@row("signals that interrupt each call, handled without a word")
def unheard(folder: Path) -> str:
    heard = 0

    def handle(number: int, frame: Optional[FrameType]) -> None:
        nonlocal heard
        heard += 1

    signal.signal(signal.SIGALRM, handle)
    expected = world.trained()
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    path = folder / "model"
    for _ in range(times(5, 100)):
        model = world.trained()
        model.save(path)
        assert world.answers(NativeModel.load(path)) == world.answers(model) == world.answers(expected)
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert heard > 10 and world.names(folder) == ["model"]
    return f"{heard} signals, the same bits"
