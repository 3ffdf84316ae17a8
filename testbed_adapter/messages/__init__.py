"""What the package says to people: each text in English and Chinese, in this folder alone, one module a topic.

The locale chooses, as for every program of the system: the first of LANGUAGE, LC_ALL, LC_MESSAGES and LANG that is set;
Chinese where it begins with zh. What the model slots say to the testbed stays Chinese, as the testbed's own words are.

Standard library only, and little of that: the switch speaks at every Python's start.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def language() -> str:
    """Either "zh" or "en", asked anew each time, as the environment may change (a test's does)."""
    chosen = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


class Message:
    """A text in both languages; `str` is the reader's. As an exception's argument it is what the exception says."""

    __slots__ = ("en", "zh")

    def __init__(self, en: str, zh: str) -> None:
        self.en, self.zh = en, zh

    def format(self, **values: Any) -> Message:
        """With values in the places that both name, as str.format; a value may be a Message itself."""
        both = [
            {name: getattr(value, tongue) if isinstance(value, Message) else value for name, value in values.items()}
            for tongue in ("en", "zh")
        ]
        return Message(self.en.format(**both[0]), self.zh.format(**both[1]))

    def __str__(self) -> str:
        return self.zh if language() == "zh" else self.en

    def __repr__(self) -> str:
        return f"Message({self.en!r}, {self.zh!r})"

    def __reduce__(self) -> tuple[type[Message], tuple[str, str]]:
        return Message, (self.en, self.zh)
