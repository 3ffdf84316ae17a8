"""`compare --online`: online learning against training from nothing, on the same records of the generated world.

A model is trained on a log's first part. The rest arrives in equal triggers, each of them `train` on all records so far
in the testbed's online training. What comes of it is measured on further records of the same world, which no model has
seen, beside that of a model trained from nothing on the whole log.
"""

from __future__ import annotations

import contextlib
import copy
import io
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ...host.online import online
from ...messages import compare as words
from ..clicklog import generate
from .measure import TrainingError, quality, working_folder
from .run import Stage

Array = npt.NDArray[Any]
Figures = dict[str, float]

WITHIN = 0.003  # of the AUC of training from nothing
FEWEST = 200  # records: fewer tell nothing
_FEWEST_NEW = 10  # records a trigger
_FURTHER = 0.3  # so many records more, as a share, to measure on
_STAGE = 50  # triggers
_MEASURED = ("auc", "log_loss", "calibration")


@dataclass(frozen=True)
class Row:
    """So many tenths of the log are trained on from nothing, then the rest arrives in so many triggers."""

    tenths: int
    triggers: int


ROWS = (*(Row(5, triggers) for triggers in (1, 5, 20, 100, 500)), Row(1, 100))


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds, and its standard error where there are more than one."""

    mean: float
    standard_error: Optional[float]


@dataclass
class OnlineLearning:
    """What came of it, an entry a seed."""

    records: int
    figures: list[dict[Row, Figures]] = field(default_factory=list)
    anew: list[Figures] = field(default_factory=list)  # trained from nothing on the whole log
    seconds: list[dict[int, float]] = field(default_factory=list)  # of training from nothing, by tenths of the log

    @property
    def rows(self) -> list[Row]:
        """Those whose triggers bring enough records."""
        return [row for row in ROWS if (self.records - self.base(row)) >= _FEWEST_NEW * row.triggers]

    @property
    def further(self) -> int:
        return round(_FURTHER * self.records)

    @property
    def stages(self) -> int:
        """Of a seed."""
        return len(self._tenths) + sum(-(-row.triggers // _STAGE) for row in self.rows)

    @property
    def _tenths(self) -> range:
        return range(min(row.tenths for row in self.rows), 11)

    def base(self, row: Row) -> int:
        return self._length(row.tenths)

    def _length(self, tenths: int) -> int:
        return self.records * tenths // 10

    # --- measuring ---

    def measure(self, seed: int, stage: Stage) -> None:
        """Adds a seed: a log and what comes after its end, and all rows on them."""
        from ...host.ctr_model import CTRModel

        records, _ = generate(self.records + self.further, seed)
        log, further = records[: self.records], records[self.records :]
        # The click rates so far, which these records alone cannot tell, are no features of the model.
        features, labels = CTRModel().extract_features(further)
        bases, seconds = {}, {}
        with working_folder():
            for tenths in self._tenths:
                length = self._length(tenths)
                stage(str(words.ANEW.format(count=length)))
                bases[tenths] = CTRModel()
                seconds[tenths] = _train(bases[tenths], log[:length])
            lengths = [self._length(tenths) for tenths in seconds]
            figures = {}
            for row in self.rows:
                model = copy.deepcopy(bases[row.tenths])
                ends = np.linspace(self.base(row), self.records, row.triggers + 1).round().astype(int)[1:]
                took = 0.0
                for index, end in enumerate(ends.tolist()):
                    if index % _STAGE == 0:
                        stage(str(words.TRIGGER.format(index=index + 1, count=row.triggers)))
                    took += _trigger(model, log[:end])
                figures[row] = {
                    **_measured(model, features, labels),
                    "triggers_seconds": took,
                    "trainings_seconds": float(np.interp(ends, lengths, list(seconds.values())).sum()),
                }
        self.figures.append(figures)
        self.anew.append(_measured(bases[10], features, labels))
        self.seconds.append(seconds)

    # --- figures ---

    def mean(self, row: Row, name: str) -> float:
        return float(np.mean([figures[row][name] for figures in self.figures]))

    def mean_anew(self, name: str) -> float:
        return float(np.mean([figures[name] for figures in self.anew]))

    def training_seconds(self) -> float:
        """From nothing, on the whole log."""
        return float(np.mean([seconds[10] for seconds in self.seconds]))

    def differences(self, row: Row, name: str) -> list[float]:
        """Online learning's figure minus that of training from nothing, one a seed."""
        return [figures[row][name] - anew[name] for figures, anew in zip(self.figures, self.anew)]

    def difference(self, row: Row, name: str) -> Estimate:
        found = self.differences(row, name)
        error = float(np.std(found, ddof=1) / len(found) ** 0.5) if len(found) > 1 else None
        return Estimate(float(np.mean(found)), error)

    def share_of_time(self, row: Row) -> float:
        """Of the triggers, in as many trainings from nothing on the same records."""
        return self.mean(row, "triggers_seconds") / self.mean(row, "trainings_seconds")

    def faults(self, row: Row) -> list[str]:
        """Of "AUC" and "time" what is worse than it should be; "AUC?" where it is so by less than a standard error."""
        auc = self.difference(row, "auc")
        faults = []
        if auc.mean < -WITHIN:
            faults.append("AUC" if auc.mean + (auc.standard_error or 0) < -WITHIN else "AUC?")
        if self.share_of_time(row) >= 1:
            faults.append("time")
        return faults

    def results(self) -> dict[str, Any]:
        """For results.json."""
        return {
            "records": self.records,
            "further_records": self.further,
            "within": WITHIN,
            "from_nothing": {
                **{name: self.mean_anew(name) for name in _MEASURED},
                "seconds": {
                    str(self._length(tenths)): float(np.mean([seconds[tenths] for seconds in self.seconds]))
                    for tenths in self._tenths
                },
                "runs": self.anew,
            },
            "rows": [
                {
                    "base_records": self.base(row),
                    "triggers": row.triggers,
                    **{name: self.mean(row, name) for name in self.figures[0][row]},
                    "share_of_time": self.share_of_time(row),
                    "differences": {
                        name: {**vars(self.difference(row, name)), "by_seed": self.differences(row, name)}
                        for name in _MEASURED
                    },
                    "faults": self.faults(row),
                    "runs": [figures[row] for figures in self.figures],
                }
                for row in self.rows
            ],
        }


def _train(model: Any, records: Sequence[dict[str, Any]]) -> float:
    """`train(records)` as the testbed calls it; returns the seconds it took."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(_NoTerminal(sys.stderr)):
        start = time.perf_counter()
        answer = model.train(records)
        seconds = time.perf_counter() - start
    if "error" in answer:
        raise TrainingError(words.OF_RECORDS.format(count=len(records), error=answer["error"]))
    return seconds


def _trigger(model: Any, records: Sequence[dict[str, Any]]) -> float:
    before = model.scaler
    with online():
        seconds = _train(model, records)
    if model.scaler is not before:  # training from nothing makes a new one
        raise TrainingError(words.OF_RECORDS.format(count=len(records), error=words.FROM_NOTHING))
    return seconds


def _measured(model: Any, features: Array, labels: Array) -> Figures:
    probabilities = model.model.predict_proba(model.scaler.transform(features))[:, 1]
    figures = quality(labels, np.asarray(probabilities, dtype=np.float64))
    return {name: figures[name] for name in _MEASURED}


class _NoTerminal(io.TextIOBase):
    """Standard error for hundreds of trainings: what is written goes through, but there is no bar for each of them."""

    def __init__(self, through: Any) -> None:
        self._through = through

    def write(self, text: str) -> int:
        return int(self._through.write(text))
