"""One line of the doctor's: what was found, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple, Union

from ...messages import Message

OK, NOTE, BAD = "ok", "note", "bad"
_MARKS = {OK: "✓", NOTE: "!", BAD: "✗"}


class Section(NamedTuple):
    key: str
    title: Union[Message, str]


class Finding(NamedTuple):
    """`said` is a plain str where it needs no words; `todo` is a command, or what to do."""

    status: str
    said: Union[Message, str]
    todo: Union[Message, str] = ""

    @property
    def bad(self) -> bool:
        return self.status == BAD

    @property
    def chinese(self) -> str:
        return self.said if isinstance(self.said, str) else self.said.zh

    @property
    def english(self) -> str:
        return self.said if isinstance(self.said, str) else self.said.en

    def text(self) -> str:
        todo = f"\n      → {self.todo}" if self.todo else ""
        return f"  {_MARKS[self.status]} {self.said}{todo}"

    def as_dict(self) -> dict[str, str]:
        return {"status": self.status, "chinese": self.chinese, "english": self.english, "todo": str(self.todo)}
