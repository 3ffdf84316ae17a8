"""How the models look in every drawing and table."""

from __future__ import annotations

from ..compare.measure import Outcome
from ..compare.run import BASELINE, DEEP, LR, ORACLE, WIDE, WIDE_DEEP, Run
from .svg import Chart
from .text import Said

# Colour, by day and night as style.py has it, width and dash of each model's lines, everywhere the same.
STYLES: dict[str, tuple[str, float, str]] = {
    LR: ("var(--lr)", 2.0, ""),
    WIDE_DEEP: ("var(--accent)", 2.8, ""),
    WIDE: ("var(--wide)", 1.8, "7 3"),
    DEEP: ("var(--deep)", 1.8, "2 4"),
    ORACLE: ("var(--ink)", 1.6, "1 5"),
    BASELINE: ("var(--guess)", 1.0, ""),  # the drawings' straight lines of guessing
}


def line(chart: Chart, key: str, points: list[tuple[float, float]], title: Said) -> None:
    colour, width, dash = STYLES[key]
    chart.line(points, colour, width, dash, title)


def back_to_front(run: Run) -> list[Outcome]:
    """Wide & Deep's line last, above the others."""
    return sorted(run.outcomes, key=lambda outcome: outcome.key == WIDE_DEEP)
