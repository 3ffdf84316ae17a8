"""`train(records)` as the testbed calls it: from a list of dicts to the saved model, features included."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from testbed_adapter.host.words import CACHE
from testbed_adapter.lab.compare.measure import Contender, timed_training

from ..rounds import take_turns


@dataclass(frozen=True)
class Training:
    """On one log: the seconds of each round, and the model of the last one, by tool."""

    records: int
    seconds: dict[str, list[float]]
    models: dict[str, Any]

    @classmethod
    def done(cls, records: Sequence[dict[str, Any]], tools: Mapping[str, Contender], rounds: int) -> Training:
        models: dict[str, Any] = {}

        def train(key: str) -> float:
            CACHE.clear()  # each round segments the texts
            with contextlib.redirect_stderr(io.StringIO()):  # ours has a progress bar of its own
                models[key], seconds, _ = timed_training(tools[key], records)
            return seconds

        seconds = take_turns({key: partial(train, key) for key in tools}, rounds, f"{len(records):,} records")
        return cls(len(records), seconds, models)

    def epochs(self, key: str) -> int | None:
        """Of the last round's model, before early stopping; those of the refit come on top."""
        history = getattr(getattr(self.models.get(key), "model", None), "training_history_", None)
        return None if history is None else len(history)

    def median(self, key: str) -> float | None:
        return median(self.seconds[key]) if key in self.seconds else None


def exponent(records: Sequence[int], seconds: Sequence[float]) -> float:
    """By which power of the records the time grows: 1 is linearly. The slope of the line through the logarithms."""
    return float(np.polyfit(np.log(records), np.log(seconds), 1)[0])
