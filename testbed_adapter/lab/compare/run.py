"""One log's run: the contenders trained and measured on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional

import numpy as np
import numpy.typing as npt

from ...host.evaluation import split
from ...messages import Message
from ...messages import compare as words
from ...messages.figures import ALWAYS, NEVER
from .lr import ColumnsLR, host_model
from .measure import Contender, Outcome, Rewriter, impressions, quality, time_predictions, train

Array = npt.NDArray[Any]
Stage = Callable[[str], None]

LR, WIDE_DEEP, WIDE, DEEP, ORACLE, BASELINE = "lr", "wide_deep", "wide", "deep", "oracle", "baseline"
ROWS = (LR, WIDE_DEEP, WIDE, DEEP, ORACLE)  # of a run
_TIMED = 200  # impressions for the time of predict_ctr


@dataclass
class Log:
    records: list[dict[str, Any]]
    probabilities: Optional[Array]  # true ones, of a generated log
    seed: int
    source: str


@dataclass
class Run:
    """One log's outcomes, in the table's order."""

    log: Log
    labels: Array
    test: Array  # rows
    outcomes: list[Outcome]

    def outcome(self, key: str) -> Optional[Outcome]:
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)

    @property
    def majority(self) -> Message:
        """What the baseline always answers."""
        return ALWAYS if self._trained_rate() > 0.5 else NEVER

    def baseline(self) -> dict[str, float]:
        """The figures of what knows only how often the training part was clicked, and predicts that for everything."""
        labels, rate = self.labels[self.test], self._trained_rate()
        return quality(labels, np.full(len(labels), rate))

    def _trained_rate(self) -> float:
        return float(np.delete(self.labels, self.test).mean())


def contenders(testbed: Optional[Path]) -> list[Contender]:
    """The models to train, in that order: Wide & Deep first, as its checks of the log are the testbed's, whichever LR
    follows."""
    from ...host.ctr_model import CTRModel

    def part(name: str) -> Callable[[], Any]:
        return type("CTRModel", (CTRModel,), {"part": name})

    if testbed is None:
        lr = Contender(LR, words.LR_COLUMNS, lambda: ColumnsLR(CTRModel().extract_features))
    else:
        lr = Contender(LR, words.LR_TESTBED, host_model(testbed))
    return [
        Contender(WIDE_DEEP, "Wide & Deep", part("wide_deep")),
        Contender(WIDE, words.WIDE, part("wide")),
        Contender(DEEP, words.DEEP, part("deep")),
        lr,
    ]


def run_once(log: Log, models: Sequence[Contender], stage: Stage) -> Run:
    labels = np.array([record["clicked"] for record in log.records], dtype=np.int64)
    outcomes = []
    for contender in models:
        stage(str(words.TRAINING.format(name=contender.name)))
        outcomes.append(train(contender, log.records, labels))
    _, test = split(labels)
    stage(str(words.TIMING))
    shown = impressions(log.records, test, _TIMED, log.seed)
    rewriter = Rewriter(log.records, log.seed)
    for outcome in outcomes:
        time_predictions(outcome, shown, rewriter)
    if log.probabilities is not None:
        truth = log.probabilities[test]
        outcomes.append(Outcome(ORACLE, words.ORACLE, truth, quality(labels[test], truth, float(truth.mean()))))
    outcomes.sort(key=lambda outcome: ROWS.index(outcome.key))
    return Run(log, labels, test, outcomes)
