"""The figures as a table for a terminal, in columns that line up with Chinese text too."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    decimals: int
    better: str  # "high", "low", "one" (nearest to 1) or ""


COLUMNS: tuple[Column, ...] = (
    Column("auc", "AUC", 4, "high"),
    Column("log_loss", "log loss", 4, "low"),
    Column("accuracy", "accuracy", 4, "high"),
    Column("precision", "precision", 4, "high"),
    Column("recall", "recall", 4, "high"),
    Column("f1", "F1", 4, "high"),
    Column("calibration", "calibration", 3, "one"),
    Column("train_seconds", "training s", 2, "low"),
    Column("predict_new_us", "new text µs", 0, "low"),
    Column("predict_seen_us", "seen µs", 0, "low"),
)


def shown(column: Column, figures: Mapping[str, float]) -> str:
    value = figures.get(column.key)
    if value is None:
        return "–"
    decimals = column.decimals
    if not decimals and abs(value) < 10:
        decimals = 1
    return f"{value:.{decimals}f}"


def width(text: str) -> int:
    """Columns that a text takes in a terminal: Chinese characters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def cut(text: str, widest: int) -> str:
    """The text, its end left off where it is wider than so many columns."""
    if width(text) <= widest:
        return text
    kept = text[:widest]
    while width(kept) >= widest:
        kept = kept[:-1]
    return kept + "…"


def table(rows: Sequence[tuple[str, Mapping[str, float]]], corner: str = "model") -> str:
    """A line a row: its name, then its figures under their titles."""
    cells = [[corner, *(column.title for column in COLUMNS)]]
    cells += [[name, *(shown(column, figures) for column in COLUMNS)] for name, figures in rows]
    return aligned(cells)


def aligned(cells: Sequence[Sequence[str]]) -> str:
    """Rows of cells in columns, the first to the left, the others to the right, with a rule under the first row."""
    widths = [max(width(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = []
    for row in cells:
        padded = [row[0] + " " * (widths[0] - width(row[0]))]
        padded += [" " * (size - width(cell)) + cell for cell, size in zip(row[1:], widths[1:])]
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "─" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)
