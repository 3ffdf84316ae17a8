"""What the package says to people: each text in English and Chinese, in this folder alone, one module a topic.

The locale chooses, as for every program of the system: the first of LANGUAGE, LC_ALL, LC_MESSAGES and LANG that is set;
Chinese where it begins with zh. What the model slots say to the testbed stays Chinese, as the testbed's own words are:
of an exception `chinese`.

A topic's module is imported where something is said. This one is there at every Python's start, by the switch:
standard library only, and little of that.
"""

from __future__ import annotations

import os
from contextvars import ContextVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, TypeVar, Union

    Answer = TypeVar("Answer")

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_spoken: ContextVar[str] = ContextVar("language", default="")


def language() -> str:
    """Either "zh" or "en", asked anew each time, as the environment may change (a test's does)."""
    if _spoken.get():
        return _spoken.get()
    chosen = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def spoken(tongue: str, say: Callable[[], Answer]) -> Answer:
    """What a function answers where that is the reader's language; in this thread, for this call."""
    before = _spoken.set(tongue)
    try:
        return say()
    finally:
        _spoken.reset(before)


class Message:
    """A text in both languages; `str` is the reader's. As an exception's argument it is what the exception says."""

    __slots__ = ("en", "zh")

    def __init__(self, en: str, zh: str) -> None:
        self.en, self.zh = en, zh

    def format(self, **values: Any) -> Message:
        """With values in the places that both name, as str.format; a Message among them, or an exception that says
        one, is each time in the same language."""
        return Message(
            spoken("en", lambda: self.en.format(**values)),
            spoken("zh", lambda: self.zh.format(**values)),
        )

    @classmethod
    def of(cls, text: Union[str, Message]) -> Message:
        """A plain text is the same in both languages: a figure, or what a log holds."""
        return text if isinstance(text, Message) else cls(text, text)

    def __add__(self, other: Union[str, Message]) -> Message:
        more = Message.of(other)
        return Message(self.en + more.en, self.zh + more.zh)

    def __radd__(self, other: str) -> Message:
        return Message.of(other) + self

    def __str__(self) -> str:
        return self.zh if language() == "zh" else self.en

    def __format__(self, how: str) -> str:
        return format(str(self), how)

    def __repr__(self) -> str:
        return f"Message({self.en!r}, {self.zh!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.en, self.zh) == (other.en, other.zh)

    def __hash__(self) -> int:
        return hash((self.en, self.zh))

    def __reduce__(self) -> tuple[type[Message], tuple[str, str]]:
        return Message, (self.en, self.zh)


def said(error: BaseException) -> Message:
    """What an exception says; of one that says nothing its kind."""

    def text() -> str:
        return str(error) or type(error).__name__

    return Message(spoken("en", text), spoken("zh", text))


def chinese(error: BaseException) -> str:
    """What an exception says to the testbed's user, whatever the locale. Others' exceptions have one language."""
    return said(error).zh


def joined(messages: Any, between: str = ", ") -> Message:
    """Several, one after the other."""
    both = [one if isinstance(one, Message) else Message.of(str(one)) for one in messages]
    return Message(between.join(one.en for one in both), between.join(one.zh for one in both))


def reason(error: OSError) -> Message:
    """What the system says, without its number and the path; all that the error says where it does not."""
    told = error.strerror
    if isinstance(told, Message):
        return told
    return Message(told, told) if told else said(error)
