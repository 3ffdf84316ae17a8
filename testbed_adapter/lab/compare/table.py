"""The figures as a table for a terminal, in columns that line up with Chinese text too."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...messages import Message, language
from ...messages.compare import MODEL
from ...messages.figures import DECISIONS, FIGURES, WEIGHTED
from ...messages.terminal import aligned, width

if TYPE_CHECKING:
    from .job import Comparison


@dataclass(frozen=True)
class Column:
    key: str
    decimals: int
    better: str  # "high", "low", "one" (nearest to 1), or "" where the rows cannot be compared by it

    @property
    def title(self) -> Message:
        return FIGURES[self.key].title


COLUMNS: tuple[Column, ...] = (
    Column("auc", 4, "high"),
    Column("log_loss", 4, "low"),
    Column("calibration", 3, "one"),
    Column("threshold", 3, ""),
    Column("accuracy", 4, ""),
    Column("balanced_accuracy", 4, "high"),
    Column("f1", 4, ""),
    Column("train_seconds", 2, "low"),
    Column("predict_new_us", 0, "low"),
    Column("predict_seen_us", 0, "low"),
)


def shown(column: Column, figures: Mapping[str, float]) -> str:
    value = figures.get(column.key)
    if value is None:
        return "–"
    decimals = column.decimals
    if not decimals and abs(value) < 10:
        decimals = 1
    return f"{value:.{decimals}f}"


def table(rows: Sequence[tuple[str, Mapping[str, float]]], corner: Message = MODEL) -> str:
    """A line a row: its name, then its figures under their titles."""
    cells = [[str(corner), *(str(column.title) for column in COLUMNS)]]
    cells += [[name, *(shown(column, figures) for column in COLUMNS)] for name, figures in rows]
    return aligned(cells)


def explained() -> str:
    """What the columns say, a line each."""
    widest = max(width(str(column.title)) for column in COLUMNS)
    lines = []
    for column in COLUMNS:
        title, says = str(column.title), FIGURES[column.key].says
        indent = " " * (widest + 2)
        lines.append(title + wrapped(says, indent)[width(title) :])
    return "\n".join(lines)


def wrapped(said: Message, indent: str = "") -> str:
    """In lines of a terminal. Chinese, which breaks anywhere, is left to it."""
    if language() == "zh":
        return indent + str(said)
    return textwrap.fill(str(said), 110, initial_indent=indent, subsequent_indent=indent)


def decisions(comparison: Comparison) -> list[Message]:
    """What the figures of decisions are worth, by those of the baseline."""
    figures = comparison.mean("baseline")
    told = DECISIONS.format(baseline=comparison.run.majority, accuracy=figures["accuracy"], f1=figures["f1"])
    return [told, WEIGHTED]
