"""What stands on the command line: paths and numbers, for argparse's `type`."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Optional

from ..lab import numerals
from ..messages import compare, values
from ..native.errors import LibraryError
from ..switch.choice import Choice


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


def slots(text: str) -> Choice:
    """What the testbed's model slots are to hold."""
    try:
        return Choice(text, "--model")
    except (ValueError, LibraryError) as error:
        raise ArgumentTypeError(str(error)) from None


def models(text: str) -> list[str]:
    """Names of the library's models, with commas between."""
    from ..native import architectures  # the library: not for --help

    names = [name.strip() for name in text.split(",") if name.strip()]
    try:
        known = architectures.names()
    except LibraryError as error:
        raise ArgumentTypeError(str(error)) from None
    for index, name in enumerate(names):
        if name not in known:
            raise ArgumentTypeError(compare.NO_MODEL.format(name=name, models=", ".join(known)))
        if name in names[:index]:
            raise ArgumentTypeError(compare.TWICE.format(name=name))
    if not names:
        raise ArgumentTypeError(compare.NO_MODEL.format(name=text, models=", ".join(known)))
    return names


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
