"""The models that the library has. Without NumPy and pyarrow: the switch asks at the start of a Python."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from .library import library
from .status import parsed


@functools.cache
def architectures() -> list[dict[str, Any]]:
    """Each with the options that it reads: see `ctr_architectures`."""
    return parsed(library().ctr_architectures)


def names() -> list[str]:
    return [one["model"] for one in architectures()]


def title(model: str) -> str:
    """What a model is called among people."""
    return str(_entry(model)["title"])


def options_read(model: str) -> frozenset[str]:
    """The options that are not refused."""
    return frozenset(option["name"] for option in _entry(model)["options"])


def read_by(model: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Those of some options that a model reads."""
    read = options_read(model)
    return {name: value for name, value in options.items() if name in read}


@functools.cache
def options() -> dict[str, dict[str, Any]]:
    """What the list says of each option that some model reads, by its name."""
    return {option["name"]: option for model in architectures() for option in model["options"]}


def _entry(model: str) -> dict[str, Any]:
    return next(one for one in architectures() if one["model"] == model)
