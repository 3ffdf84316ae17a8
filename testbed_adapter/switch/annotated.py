"""Values that print with a note after them and are otherwise what they were: the testbed's page, which formats what its
own methods return, has no other place for a line of ours."""

from __future__ import annotations

from typing import Any


class NotedCount(int):
    note = ""

    def __str__(self) -> str:
        return f"{int(self)}{self.note}"


class NotedDict(dict[str, Any]):
    note = ""

    def __str__(self) -> str:
        return f"{dict(self)}{self.note}"


def count(value: int, note: str) -> NotedCount:
    noted = NotedCount(value)
    noted.note = note
    return noted


def parameters(value: dict[str, Any], note: str) -> NotedDict:
    noted = NotedDict(value)
    noted.note = note
    return noted
