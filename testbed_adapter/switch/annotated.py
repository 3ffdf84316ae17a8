"""Values that print with a note after them and are otherwise what they were: the testbed's page, which formats what its
own methods return, has no other room for a line of ours."""

from __future__ import annotations

from typing import Any


class _Annotated:
    note = ""

    def __str__(self) -> str:
        return super().__str__() + self.note


class AnnotatedCount(_Annotated, int):
    pass


class AnnotatedDict(_Annotated, dict[str, Any]):
    pass


def annotated(value: Any, note: str) -> Any:
    """A whole number or a dict, with the note."""
    made = AnnotatedDict(value) if isinstance(value, dict) else AnnotatedCount(value)
    made.note = note
    return made
