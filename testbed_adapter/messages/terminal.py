"""Texts on a terminal: how wide they are, tables of them, and a line on whatever standard output there is."""

from __future__ import annotations

import contextlib
import sys
import unicodedata
from collections.abc import Sequence


def say(text: str) -> None:
    """Prints a line for the testbed's user. Never raises: a message must not undo what it tells of. What the output's
    encoding has no character for stands as its number."""
    stream = sys.stdout
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):  # nobody reads any more, a full disk; a closed stream
        try:
            print(text, file=stream)
        except UnicodeEncodeError:
            encoding = getattr(stream, "encoding", None) or "ascii"
            print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)


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


def aligned(cells: Sequence[Sequence[str]], left: int = 1, rule: int = 1) -> str:
    """Rows of cells in columns, the first ones to the left, the others to the right, with a rule before a row."""
    widths = [max(width(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = []
    for row in cells:
        spaces = [" " * (size - width(cell)) for cell, size in zip(row, widths)]
        padded = [cell + space if i < left else space + cell for i, (cell, space) in enumerate(zip(row, spaces))]
        lines.append("  ".join(padded).rstrip())
    lines.insert(rule, "─" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)
