"""What a page's two languages have alike."""

from __future__ import annotations

import re


def check_alike(english: str, chinese: str) -> None:
    """The same headings, rows, list items and blocks in number, and the same figures in each row."""
    for parts in (r"^#+ ", r"^\|", r"^- ", r"^```"):
        assert len(re.findall(parts, english, re.M)) == len(re.findall(parts, chinese, re.M)), parts
    assert [numbers(row) for row in rows(english)] == [numbers(row) for row in rows(chinese)]


def rows(text: str) -> list[str]:
    """Of its tables."""
    return re.findall(r"^\|.*\|$", text, re.M)


def numbers(row: str) -> list[str]:
    return re.findall(r"\d[\d.]*", row.replace(",", ""))


def blocks(text: str, language: str) -> list[str]:
    """Of code in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
