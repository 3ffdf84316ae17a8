"""Which of its models a training is at. The library tells epochs that count on from one model to the next, and how many
rows one has: a model's beginning shows in their change."""

from __future__ import annotations

from typing import Any, Optional

from ..messages import Message
from ..messages.progress import MEMBER, REFIT
from ..native.model import Progress


class Phases:
    """`tries_crosses`: the first model may be trained once more, without the crosses that were found. That looks like a
    second one of the same rows, so such a phase has no name; one of more rows is a refit in any case."""

    def __init__(self, members: int = 0, tries_crosses: bool = False) -> None:
        self._members, self._tries_crosses = members, tries_crosses
        self._first_rows = 0
        self._now = (0, 0)  # epochs and rows
        self._begun = self._refits = 0

    @classmethod
    def of(cls, options: dict[str, Any]) -> Phases:
        """Of a training from nothing with these options of the library's."""
        tries_crosses = options["crosses"] == "auto" and options["part"] != "deep" and options["early_stopping"]
        return cls(options["members"], tries_crosses)

    def name(self, told: Progress) -> Optional[Message]:
        """Of the phase that this is told of; None where there is but one, or it cannot be told."""
        # What comes before an epoch's first batch may still have the last one's numbers, or the table's.
        if told.rows_done > 0 and (told.epochs, told.rows) != self._now:
            self._now = told.epochs, told.rows
            self._first_rows = self._first_rows or told.rows
            self._begun += 1
            self._refits += told.rows > self._first_rows
        if self._members == 1:
            return REFIT if self._refits else None
        if self._members < 2 or (self._begun > 1 and not self._refits and self._tries_crosses):
            return None
        member = 1 + self._refits if self._refits else max(1, self._begun)
        return MEMBER.format(member=member, members=self._members)
