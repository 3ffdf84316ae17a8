"""One line of the doctor's: what was found, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

OK, NOTE, BAD = "ok", "note", "bad"
_MARKS = {OK: "✓", NOTE: "!", BAD: "✗"}


class Section(NamedTuple):
    key: str
    title: str


class Finding(NamedTuple):
    """`chinese` and `english` say the same; `english` may be empty where the first needs no words. `todo` is a command,
    or what to do in both languages."""

    status: str
    chinese: str
    english: str = ""
    todo: str = ""

    @property
    def bad(self) -> bool:
        return self.status == BAD

    def text(self) -> str:
        said = " / ".join(part for part in (self.chinese, self.english) if part)
        todo = f"\n      → {self.todo}" if self.todo else ""
        return f"  {_MARKS[self.status]} {said}{todo}"

    def as_dict(self) -> dict[str, str]:
        return dict(self._asdict())
