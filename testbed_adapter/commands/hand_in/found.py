"""All that the report tells, found out before a word of it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ...lab.compare.job import Comparison
from ...lab.hand_in.bootstrap import Difference
from ...lab.hand_in.example import Example
from ...lab.hand_in.log_facts import LogFacts
from ...lab.report.inside import Inside
from ...switch.choice import Choice
from ..checkout_state import CheckoutState
from .page_models import PageModel


@dataclass(frozen=True)
class Found:
    student: str  # empty: to be filled in
    date: str
    seed: int
    switch: Choice  # CTR_MODEL
    testbed: str  # as its user wrote it, as all paths here
    command: str
    folder: str  # in which it was given
    comparison: Comparison
    checkout: CheckoutState
    log: LogFacts
    differences: list[Difference]
    draws: int  # resamples that have both classes
    page_models: list[PageModel]
    inside: Optional[Inside]
    example: Optional[Example]

    @property
    def test_clicks(self) -> int:
        run = self.comparison.run
        return int(run.labels[run.test].sum())
