"""How the models look in every drawing and table."""

from __future__ import annotations

from ...native.architectures import names
from ..compare.measure import Outcome
from ..compare.run import BASELINE, DEEP, LR, ORACLE, OURS, WIDE, WIDE_DEEP, Run
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


_MORE = ("var(--wide)", "var(--deep)", "var(--violet)", "var(--rose)", "var(--olive)")
_MORE_DASHES = ("", "7 3", "2 4", "1 5")


def style(key: str) -> tuple[str, float, str]:
    """Of the other models by their order in the library's list."""
    if key in STYLES:
        return STYLES[key]
    turn, colour = divmod(names().index(key.removesuffix(OURS)), len(_MORE))
    return _MORE[colour], 1.8, _MORE_DASHES[turn % len(_MORE_DASHES)]


def line(chart: Chart, key: str, points: list[tuple[float, float]], title: Said) -> None:
    colour, width, dash = style(key)
    chart.line(points, colour, width, dash, title)


def back_to_front(run: Run) -> list[Outcome]:
    """The main model's line last, above the others."""
    return sorted(run.outcomes, key=lambda outcome: outcome.key == run.main)
