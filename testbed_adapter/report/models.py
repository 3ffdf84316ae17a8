"""How the models look in every drawing and table."""

from __future__ import annotations

from ..compare.job import BASELINE, DEEP, LR, ORACLE, WIDE, WIDE_DEEP, Run
from ..compare.measure import Outcome
from .svg import Chart
from .text import Said

# Colour, width and dash of each model's lines, everywhere the same.
STYLES: dict[str, tuple[str, float, str]] = {
    LR: ("#8b8f97", 2.0, ""),
    WIDE_DEEP: ("#1d5fd1", 2.8, ""),
    WIDE: ("#0b8f73", 1.8, "7 3"),
    DEEP: ("#d9730d", 1.8, "2 4"),
    ORACLE: ("#1b1f24", 1.6, "1 5"),
    BASELINE: ("#c9ccd1", 1.0, ""),  # the drawings' straight lines of guessing
}


def line(chart: Chart, key: str, points: list[tuple[float, float]], title: Said) -> None:
    colour, width, dash = STYLES[key]
    chart.line(points, colour, width, dash, title)


def back_to_front(run: Run) -> list[Outcome]:
    """Wide & Deep's line last, above the others."""
    return sorted(run.outcomes, key=lambda outcome: outcome.key == WIDE_DEEP)
