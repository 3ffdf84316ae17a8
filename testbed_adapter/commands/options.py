"""What stands on the command line: paths and numbers, for argparse's `type`."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Optional

from ..lab import numerals
from ..messages import values


def path(text: str) -> Path:
    """A path; ~ is the home folder, also where the shell leaves it, as in --data=~/log.csv."""
    if not text or "\0" in text:
        raise ArgumentTypeError(values.NO_PATH.format(value=text))
    try:
        return Path(text).expanduser()
    except RuntimeError:  # ~somebody
        raise ArgumentTypeError(values.NO_HOME.format(value=text)) from None


def whole(text: str, least: Optional[int] = None, below: Optional[int] = None) -> int:
    try:
        number = numerals.whole(text)
        if "." in text:
            raise ValueError(values.WHOLE)
    except ValueError as error:
        raise ArgumentTypeError(values.NOT.format(value=text, wanted=error)) from None
    if least is not None and below is not None and not least <= number < below:
        raise ArgumentTypeError(values.NOT_BETWEEN.format(value=number, least=least, most=below - 1))
    if least is not None and number < least:
        raise ArgumentTypeError(values.TOO_SMALL.format(value=number, least=least))
    return number


def count(text: str) -> int:
    return whole(text, least=1)


def seed(text: str) -> int:
    return whole(text, least=0, below=2**32)


def number(text: str) -> float:
    try:
        return numerals.real(text)
    except ValueError as error:
        raise ArgumentTypeError(values.NOT.format(value=text, wanted=error)) from None


def seconds(text: str) -> float:
    given = number(text)
    if not 0 < given <= 86_400:
        raise ArgumentTypeError(values.NO_SECONDS.format(value=text))
    return given
