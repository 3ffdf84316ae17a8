"""What every measured tool does, and the trial by which each gets its best settings."""

from __future__ import annotations

import math
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from ..data import Data
from ..work import Work

IS_QUICK = os.environ.get("SPEED_QUICK") == "1"
# A turn of training is an epoch, or where that is longer than this so many whole batches as take about as long.
TURN_SECONDS = 1.0 if IS_QUICK else 6.0
TRIAL_SECONDS = 0.2 if IS_QUICK else 1.5
SPELLS = 5
THREADS = (1, 2)
LEARNING_RATE = 0.05
# AdaGrad's sums of squares begin with it: then steps do not depend on whether a loss is a batch's mean or its sum.
ACCUMULATOR = 0.0
SCALE = 0.05  # standard deviation of a new embedding


class Tool(ABC):
    """Who has a model."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.work: Work | None = None
        self.epochs = 0.0

    @abstractmethod
    def probabilities(self) -> Any:
        """Of all rows, by the model as it is."""

    @abstractmethod
    def ready(self, batch: int) -> str:
        """Chooses the settings for predictions of this batch, and tells them."""

    @abstractmethod
    def predict(self, batch: int, calls: int) -> float:
        """The median seconds of a call; each takes the next rows."""

    def loss(self) -> dict[str, float]:
        """The mean log loss on the training rows, in nats, and after how many epochs."""
        p = np.clip(self.probabilities().astype(np.float64), 1e-7, 1 - 1e-7)
        is_click = self.data.labels > 0.5
        return {"loss": float(-np.log(np.where(is_click, p, 1 - p)).mean()), "epochs": self.epochs}


class TrainingTool(Tool):
    """A peer that trains batch by batch. It is asked for one training at a time."""

    _turn_rows = 0

    @abstractmethod
    def build(self, work: Work) -> str:
        """Makes a new model with its best settings, which it tells."""

    @abstractmethod
    def run(self, rows: int) -> None:
        """Trains on so many rows, whole batches; it begins anew where the rows end."""

    def prepare(self, work: Work) -> dict[str, Any]:
        """Everything that is not counted: the model, compilation, and one epoch, or a turn's time of it."""
        self.work, self.epochs = work, 0.0
        note = self.build(work)
        few = work.batch * max(4, 2048 // work.batch)
        self._trained(few)  # the first steps compile
        seconds = self._trained(few)
        fits = int(TURN_SECONDS / seconds * few)
        rows = self.data.rows if work.judged else min(self.data.rows, max(few, fits - fits % work.batch))
        self._turn_rows = rows
        if work.judged:
            # A model whose epochs are whole ones: what was compiled stays.
            self.build(work)
            self.epochs = 0.0
            self._trained(self.data.rows)
        return {"note": note, "rows": rows}

    def train(self) -> dict[str, float]:
        """A turn."""
        return {"rows": self._turn_rows, "seconds": self._trained(self._turn_rows)}

    def _trained(self, rows: int) -> float:
        start = time.perf_counter()
        self.run(rows)
        self.epochs += rows / self.data.rows
        return time.perf_counter() - start


class Window:
    """The rows of a prediction, in memory that stays in place: `fill` writes the next ones there, which is not timed.
    Whoever asks for a prediction has mostly just put its rows together.

    ids: int64 (batch, fields), of one table for all fields. numbers: float32 (batch, numbers)."""

    def __init__(self, data: Data, batch: int) -> None:
        self._data = data
        self._batches = data.rows // batch
        self.ids, self.numbers = data.joint_ids[:batch].copy(), data.numbers[:batch].copy()

    def fill(self, index: int) -> None:
        start = index % self._batches * len(self.ids)
        self.ids[:] = self._data.joint_ids[start : start + len(self.ids)]
        self.numbers[:] = self._data.numbers[start : start + len(self.ids)]


def timed(call: Callable[[int], Any], calls: int, before: Callable[[int], None] = lambda index: None) -> float:
    """The median seconds of `call(0)`, `call(1)` and so on; each `before` goes uncounted."""
    clock = time.perf_counter
    seconds = []
    for index in range(calls):
        before(index)
        start = clock()
        call(index)
        seconds.append(clock() - start)
    return median(seconds)


@dataclass(frozen=True)
class Trial:
    """times: seconds a call of each candidate that works. failed: why the others do not."""

    times: dict[str, float]
    failed: dict[str, str]

    def fastest(self, start: str = "") -> str:
        """The name of the candidate that took the least time, of those whose names start so."""
        times = {name: taken for name, taken in self.times.items() if name.startswith(start)}
        if not times:
            raise RuntimeError(f"nothing works: {self.failed}")
        return min(times, key=lambda name: times[name])


def tried(candidates: Mapping[str, Callable[[], Callable[[int], Any]]], seconds: float) -> Trial:
    """Each candidate makes what is called, and is tried for so long. Times are those of its best spell: what else the
    machine does now and then decides nothing."""
    best = math.inf
    times: dict[str, float] = {}
    failed: dict[str, str] = {}
    for name, make in candidates.items():
        try:
            call = make()
            call(0)  # compiles
            taken = timed(call, 1)
            if taken < 4 * best:
                calls = max(1, min(1000, int(seconds / SPELLS / max(taken, 1e-7))))
                taken = min(timed(call, calls) for _ in range(SPELLS))
        except Exception as error:  # any peer's; it is told of, and fatal only if no other candidate works
            failed[name] = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            print(f"{name} does not work: {failed[name]}", flush=True)
            continue
        print(f"{name}: {taken:.3g} s", flush=True)
        times[name] = taken
        best = min(best, taken)
    return Trial(times, failed)


class Finalists:
    """The fastest way with each number of threads. All take part in every turn and the best counts: how many threads
    pay changes with what else the machine does."""

    def __init__(
        self,
        candidates: Mapping[str, Callable[[], Callable[[int], Any]]],
        set_threads: Callable[[int], Any] = lambda threads: None,
        before: Callable[[int], None] = lambda index: None,
    ) -> None:
        """Names begin with "1 threads" and the like. before: see `timed`."""
        trial = tried(candidates, TRIAL_SECONDS)
        self._set_threads = set_threads
        self._before = before
        self._calls = {name: candidates[name]() for name in (trial.fastest(f"{threads} ") for threads in THREADS)}

    @property
    def note(self) -> str:
        return " or ".join(self._calls)

    def median(self, calls: int) -> float:
        """The median seconds of a call."""
        best = math.inf
        for name, call in self._calls.items():
            self._set_threads(int(name.split()[0]))
            call(0)  # another batch was measured before
            best = min(best, timed(call, calls, self._before))
        return best
