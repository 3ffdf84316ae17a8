"""A case of the table: what is trained on, with which options, and what comes after."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    data: str  # a data set of `data`
    about: str  # what is special
    options: dict[str, Any] = field(default_factory=dict)
    # Options of a training that follows on the data set's further rows; None: none follows.
    further: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return f"{self.data}, {self.about}"

    def json(self) -> dict[str, Any]:
        return asdict(self)
