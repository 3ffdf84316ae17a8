"""What a section of the benchmark is, what it is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BUILD = ROOT / ".build" / "bench"


@dataclass(frozen=True)
class Settings:
    """quick: a try of a minute or two, no measurement. rounds: how often the tools take turns. work: a folder for
    arrays, models and compiled code. out: where the tables and plots go. testbed: a checkout of the testbed, if any.
    before: an earlier checkout of ours, if any."""

    quick: bool = False
    rounds: int = 5
    seed: int = 0
    work: Path = BUILD / "work"
    out: Path = BUILD
    testbed: Path | None = None
    before: Path | None = None


@dataclass(frozen=True)
class Result:
    """title: the heading. text: Markdown below it. data: the figures, as JSON takes them. missed: the aims that were
    not reached, a line each; a quick run tells of none."""

    title: str
    text: str
    data: dict[str, Any]
    missed: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        return f"## {self.title}\n\n{self.text.rstrip()}\n"

    def json(self) -> dict[str, Any]:
        return {"title": self.title, "missed": self.missed, **self.data}


@dataclass(frozen=True)
class Section:
    """A module of the package has one as `SECTION`, and imports what it measures only when it runs."""

    name: str
    about: str
    run: Callable[[Settings], Result]
