"""Signals during a training come out as what their handlers raised; and a training that fails leaves nothing behind."""

from __future__ import annotations

import copy
import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any, Callable

import numpy as np
import pytest

from testbed_adapter import WideDeepClassifier
from testbed_adapter.native.interrupts import DeferredInterrupt
from testbed_adapter.native.model import NativeModel, Progress

from .support import python


class AlarmError(Exception):
    pass


def numbers(rows: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, 4))
    return X, (X[:, 0] + random.normal(size=rows) > 0).astype(int)


def quick(**options: Any) -> WideDeepClassifier:
    made = {"hidden_units": (4,), "epochs": 3, "random_state": 0, "members": 1, "min_count": 1, **options}
    return WideDeepClassifier(**made)


def options_of(model: Any) -> dict[str, Any]:
    return dict(model.info_["options"])


def raising(error: BaseException) -> Callable[..., None]:
    def handle(number: int, frame: Any) -> None:
        raise error

    return handle


@pytest.fixture
def at_epoch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has something done at the end of an epoch of each training to come."""
    from testbed_adapter.estimator import classifier

    def set_it(action: Callable[[], None], epoch: int = 1) -> None:
        class Bar(classifier.ProgressBar):
            def __call__(self, told: Progress) -> None:
                if told.epoch == epoch and told.ends_epoch:
                    action()

        monkeypatch.setattr(classifier, "ProgressBar", Bar)

    return set_it


@pytest.mark.parametrize("name", ["SIGALRM", "SIGTERM", "SIGUSR1", "SIGINT", "SIGHUP"])
def test_what_a_handler_raises_comes_out(name: str, at_epoch: Any) -> None:
    number = getattr(signal, name)
    model = quick(epochs=10_000, early_stopping=False)
    for error in (AlarmError("time is up"), SystemExit(3), KeyboardInterrupt("mine"), ValueError("odd")):
        before = signal.signal(number, handler := raising(error))
        try:
            at_epoch(lambda: os.kill(os.getpid(), number))
            with pytest.raises(type(error)) as caught:
                model.fit(*numbers())
            assert caught.value is error and signal.getsignal(number) is handler
        finally:
            signal.signal(number, before)
    assert not hasattr(model, "classes_")


def test_alarms_at_any_moment() -> None:
    """Whatever the library does when it comes, and whatever line of the callback stands then."""
    code = """
import signal, sys
import numpy as np
from testbed_adapter import WideDeepClassifier
class Alarm(Exception): pass
def handle(number, frame): raise Alarm
signal.signal(signal.SIGALRM, handle)
random = np.random.default_rng(0)
X, y = random.normal(size=(300, 3)), np.arange(300) % 2
seen, kept = {"alarm": 0, "done": 0}, []  # kept, as Python drops what is raised while something is let go of
for trial in range(60):
    model = WideDeepClassifier(hidden_units=(4,), epochs=12, early_stopping=False, members=1, crosses=(), n_jobs=1)
    kept.append(model)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.0004 * (1 + trial))
            model.fit(X, y)
            seen["done"] += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Alarm:
        seen["alarm"] += 1
assert sum(seen.values()) == 60 and seen["alarm"] > 5, seen
"""
    done = python(code)
    assert done.returncode == 0 and done.stderr == "", done.stderr


def test_a_handler_that_raises_nothing_stops_nothing(at_epoch: Any) -> None:
    called: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: called.append(number))
    try:
        at_epoch(lambda: os.kill(os.getpid(), signal.SIGUSR1))
        quick().fit(*numbers())
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert called == [signal.SIGUSR1]


def test_a_handler_set_during_a_training_stays(at_epoch: Any) -> None:
    mine = raising(AlarmError())
    before = signal.getsignal(signal.SIGUSR2)
    try:
        signal.signal(signal.SIGUSR2, raising(ValueError()))
        at_epoch(lambda: signal.signal(signal.SIGUSR2, mine) and None)
        quick().fit(*numbers())
        assert signal.getsignal(signal.SIGUSR2) is mine
    finally:
        signal.signal(signal.SIGUSR2, before)


class Interrupted:
    """The library, which a Ctrl-C comes to when its training has just ended."""

    def __init__(self, library: Any) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._library, name)
        if name not in ("ctr_model_train", "ctr_model_continue_training"):
            return function

        def train(*arguments: Any) -> Any:
            status = function(*arguments)
            os.kill(os.getpid(), signal.SIGINT)
            return status

        return train


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """As at a terminal: what a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_late_interrupt_leaves_a_whole_estimator(ctrl_c: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either as before, or as after: never a model of which the estimator knows nothing."""
    X, y = numbers()
    model = quick(epochs=2, early_stopping=False).fit(X, y)
    model._native._library = Interrupted(model._native._library)  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        model.partial_fit(X, y)
    assert len(model.training_history_) == 4 == len(model.info_["history"])
    fresh = quick()
    real = NativeModel._adopt

    def adopt(self: NativeModel, *arguments: Any, **named: Any) -> NativeModel:
        real(self, *arguments, **named)
        self._library = Interrupted(self._library)  # type: ignore[assignment]
        return self

    monkeypatch.setattr(NativeModel, "_adopt", adopt)
    with pytest.raises(KeyboardInterrupt):
        fresh.fit(X, y)
    assert not hasattr(fresh, "classes_")


def test_a_handler_is_itself_again_whatever_happens() -> None:
    """A signal that comes while handlers are wrapped or unwrapped is raised there, and the next one as well."""
    kept = DeferredInterrupt()
    before = signal.signal(signal.SIGUSR1, raising(AlarmError()))
    try:
        with kept:
            os.kill(os.getpid(), signal.SIGUSR1)
            assert isinstance(kept.error, AlarmError)
            wrapped = signal.getsignal(signal.SIGUSR1)
        signal.signal(signal.SIGUSR1, wrapped)  # as if it had not been unwrapped
        with pytest.raises(AlarmError):
            os.kill(os.getpid(), signal.SIGUSR1)
            time.sleep(0.1)
    finally:
        signal.signal(signal.SIGUSR1, before)


# --- options ---


def failures(model: WideDeepClassifier, at_epoch: Any) -> list[tuple[type[BaseException], Callable[[], Any]]]:
    X, y = numbers()

    def interrupted() -> Any:
        def stop() -> None:
            raise AlarmError

        at_epoch(stop)
        return model.partial_fit(X, y, replayed=np.arange(len(y)) % 2 == 0)

    return [
        (ValueError, lambda: model.partial_fit(X, np.where(y == 1, 7, y))),
        (ValueError, lambda: model.partial_fit(np.full_like(X, np.inf), y)),
        (ValueError, lambda: model.partial_fit(X[:, :2], y)),
        (ValueError, lambda: model.partial_fit(X, y, sample_weight=np.full(len(y), np.nan))),
        (ValueError, lambda: model.train_further(X, y, None, {"epochs": 0})),
        (ValueError, lambda: model.train_further(X, y, None, {"epochs": 1, "no_such": 1})),
        (AlarmError, interrupted),
    ]


def test_a_training_that_fails_leaves_the_options_as_they_were(at_epoch: Any) -> None:
    X, y = numbers()
    warm = quick(warm_start=True).fit(X, y)
    before = options_of(warm)
    warm.set_params(l2=9.0)
    with pytest.raises(ValueError):
        warm.fit(X, y + 5)
    assert options_of(warm) == before
    model = quick(l2=3.0).fit(X, y)
    before, saved = options_of(model), model._native.to_bytes()
    model.set_params(l2=9.0, epochs=7, n_jobs=1, early_stopping=False, class_weight="balanced", random_state=5)
    for error, call in failures(model, at_epoch):
        with pytest.raises(error):
            call()
        assert options_of(model) == before and model._native.to_bytes() == saved


def test_settings_of_one_training_are_of_that_alone() -> None:
    X, y = numbers()
    model = quick().fit(X, y)
    before = options_of(model)
    model.train_further(X, y, np.arange(len(y)) % 2 == 0, {"epochs": 1, "deep_learning_rate": 0.01})
    assert options_of(model) == before
    assert len(model.training_history_) > 0


def test_threads_that_train_one_estimator_do_so_in_turn() -> None:
    X, y = numbers(200)
    model = quick().fit(X, y)
    before = options_of(model)
    errors: list[BaseException] = []

    def work(replays: bool) -> None:
        try:
            for _ in range(6):
                model.partial_fit(X, y, replayed=np.arange(len(y)) % 2 == 0 if replays else None)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(bool(number % 2),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and options_of(model) == before
    # None of them is lost.
    trained = sum(1 for row in model.training_history_ if row["epoch"])
    assert trained >= 24


def test_first_trainings_side_by_side_are_one_after_the_other() -> None:
    X, y = numbers(200)
    model = quick(epochs=1, early_stopping=False)
    threads = [threading.Thread(target=model.partial_fit, args=(X, y)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(model.training_history_) == 4


def test_a_file_saved_during_a_training_is_continued_without_its_settings(at_epoch: Any) -> None:
    X, y = numbers()
    model = quick().fit(X, y)
    saved: list[bytes] = []
    at_epoch(lambda: saved.append(model._native.to_bytes()))
    model.partial_fit(X, y, replayed=np.arange(len(y)) % 2 == 0)
    again = WideDeepClassifier._of_native(NativeModel.from_bytes(saved[0]))
    assert options_of(again)["replay"] is None
    again.partial_fit(X, y)


def test_locks_are_not_copied_and_not_inherited() -> None:
    X, y = numbers(100)
    model = quick(epochs=1).fit(X, y)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        twin.partial_fit(X, y)
    with model._native._training, model._lock:
        child = os.fork()
        if child == 0:
            # In a thread: this one holds the locks.
            trainer = threading.Thread(target=model.partial_fit, args=(X, y), daemon=True)
            trainer.start()
            trainer.join(20)
            os._exit(1 if trainer.is_alive() else 0)
    deadline = time.monotonic() + 40
    while (done := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert done == (child, 0)
