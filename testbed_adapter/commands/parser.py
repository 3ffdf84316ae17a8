"""argparse in the reader's language: its own words, and lines of Chinese that are as wide as the terminal is."""

from __future__ import annotations

import argparse
import contextlib
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ..messages import language
from ..messages.terminal import width
from ..messages.usage import WORDS

_CHINESE = {words.en: words.zh for words in WORDS}
# Where a line may end: after each Chinese character, but for one that punctuation follows, and after spaces.
_PIECES = re.compile(r"[（“]*[\u2e80-\u9fff][，。；：、）”！？]*|[^\s\u2e80-\u9fff（“]+|[（“]|\s+")


def _word(key: str) -> str:
    return _CHINESE.get(key, key) if language() == "zh" else key


def _plural(one: str, more: str, count: int) -> str:
    return _word(one if count == 1 else more)


@contextlib.contextmanager
def _our_words() -> Iterator[None]:
    """argparse asks `_` and `ngettext` of its module for its words; afterwards they are gettext's again, as a script
    that `run` starts may have parsers of its own."""
    asked: Any = argparse
    before = asked._, asked.ngettext
    asked._, asked.ngettext = _word, _plural
    try:
        yield
    finally:
        asked._, asked.ngettext = before


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Descriptions and examples stand as they are written; the help of an argument is wrapped."""

    def _split_lines(self, text: str, columns: int) -> list[str]:
        lines = [""]
        for piece in _PIECES.findall(" ".join(text.split())):
            if lines[-1] and width(lines[-1] + piece.rstrip()) > columns:
                lines[-1] = lines[-1].rstrip()
                lines.append("")
            lines[-1] += piece if lines[-1] else piece.lstrip()
        return [line for line in lines if line]


class Parser(argparse.ArgumentParser):
    """A parser, and by default its commands' parsers, that speaks the reader's language."""

    def __init__(self, **options: Any) -> None:
        with _our_words():
            super().__init__(**{"formatter_class": Formatter, **options})

    def parse_known_args(self, *given: Any, **options: Any) -> Any:
        with _our_words():
            return super().parse_known_args(*given, **options)

    def parse_args(self, *given: Any, **options: Any) -> Any:
        with _our_words():
            return super().parse_args(*given, **options)

    def format_usage(self) -> str:
        with _our_words():
            return super().format_usage()

    def format_help(self) -> str:
        with _our_words():
            return super().format_help()

    def error(self, message: Any) -> NoReturn:
        text, argument = str(message), "argument "
        if text.startswith(argument):  # Python 3.9 and 3.10 ask for no words there
            text = _word(argument) + text[len(argument) :]
        with _our_words():
            super().error(text)
