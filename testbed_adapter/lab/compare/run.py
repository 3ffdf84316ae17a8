"""One log's run: the contenders trained and measured on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional, Union

import numpy as np
import numpy.typing as npt

from ...host.evaluation import split
from ...messages import Message
from ...messages import compare as words
from ...messages.figures import ALWAYS, NEVER
from ...native.architectures import title
from .lr import ColumnsLR, host_model
from .measure import Contender, Outcome, Rewriter, impressions, quality, time_predictions, train

Array = npt.NDArray[Any]
Stage = Callable[[str], None]

LR, WIDE_DEEP, WIDE, DEEP, ORACLE, BASELINE = "lr", "wide_deep", "wide", "deep", "oracle", "baseline"
OURS = "_ours"  # ends the key of our LR, beside the testbed's
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
    def main(self) -> str:
        """The key of what is told of beside the LR where there is room for one: Wide & Deep, or the first model."""
        keys = [outcome.key for outcome in self.outcomes if outcome.key not in (LR, ORACLE)]
        return WIDE_DEEP if WIDE_DEEP in keys or not keys else keys[0]

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


def contenders(testbed: Optional[Path], models: Sequence[str] = ()) -> list[Contender]:
    """The models to train, in that order: `models` of the library's, or Wide & Deep and its parts. The LR comes last,
    as the others' checks of the log are the testbed's, whichever LR follows."""
    from ...host.ctr_model import CTRModel

    def model(key: str, name: Union[str, Message], **what: str) -> Contender:
        return Contender(key, name, type("CTRModel", (CTRModel,), what))

    if testbed is None:
        lr = Contender(LR, words.LR_COLUMNS, lambda: ColumnsLR(CTRModel().extract_features))
    else:
        lr = Contender(LR, words.LR_TESTBED, host_model(testbed))
    if models:
        return [*(model(_key(one), _name(one), architecture=one) for one in models), lr]
    return [
        model(WIDE_DEEP, "Wide & Deep"),
        model(WIDE, words.WIDE, part="wide"),
        model(DEEP, words.DEEP, part="deep"),
        lr,
    ]


def _key(model: str) -> str:
    """Its row's: the testbed's LR is "lr"."""
    return model + OURS if model == LR else model


def _name(model: str) -> str:
    return f"{title(model)} (CTRModels)" if model == LR else title(model)


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
    outcomes.sort(key=lambda outcome: (outcome.key != LR, outcome.key == ORACLE))
    return Run(log, labels, test, outcomes)
