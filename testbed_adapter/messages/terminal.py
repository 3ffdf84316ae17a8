"""Texts on a terminal: how wide they are, and a line on whatever standard output there is."""

from __future__ import annotations

import contextlib
import sys
import unicodedata


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
