"""One impression of the test part, and why Wide & Deep gives it its probability."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from ...estimator.explanation import Explanation
from ..compare.run import LR, WIDE_DEEP, Run
from ..report.inside import Inside
from ..report.why import chosen, explanations


@dataclass(frozen=True)
class Example:
    record: dict[str, Any]
    told: Explanation
    chinese: Explanation  # the same
    answers: dict[str, float]  # predict_ctr's, by the model's key


def example_of(inside: Inside) -> Optional[Example]:
    """The report's own; where no cross has been learnt, the clicked impression that Wide & Deep is surest of."""
    row = chosen(inside)
    if row is None:
        row = _surest(inside.run)
    if row is None:
        return None
    record = inside.run.log.records[row]
    shown = record["query"], record["doc_id"], record["position"], float(record["score"]), record["summary"]
    answers = {}
    for outcome in inside.run.outcomes:
        if outcome.key in (LR, WIDE_DEEP):
            with contextlib.redirect_stdout(io.StringIO()):
                answers[outcome.key] = float(outcome.model.predict_ctr(*shown))
    return Example(record, *explanations(inside, row), answers)


def _surest(run: Run) -> Optional[int]:
    outcome = run.outcome(WIDE_DEEP)
    clicked = run.labels[run.test] == 1
    if outcome is None or not clicked.any():
        return None
    return int(run.test[np.where(clicked, outcome.probabilities, -1.0).argmax()])
