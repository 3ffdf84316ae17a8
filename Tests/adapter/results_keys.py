"""The keys of results.json, as a file has them and as docs/results.md names them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from testbed_adapter import models
from testbed_adapter.lab.compare.run import BASELINE, DEEP, LR, ORACLE, WIDE, WIDE_DEEP

_OURS = {one["model"] + ("_ours" if one["model"] == LR else "") for one in models()}
ROWS = (LR, WIDE_DEEP, WIDE, DEEP, ORACLE)

_DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "results.md"
_FREE = ("environment.packages", "online.from_nothing.seconds")  # keys that are names or numbers


def found(value: Any, place: str = "top") -> dict[str, set[str]]:
    """Place → the keys of the objects there; a model's key is `<model>`, in a list it is `[]`."""
    places: dict[str, set[str]] = {}
    if isinstance(value, list):
        for one in value:
            _add(places, found(one, f"{place}[]"))
    elif isinstance(value, dict) and place not in _FREE:
        of_models = set(value) <= {*ROWS, BASELINE, *_OURS}
        places[place] = {"<model>"} if of_models and value else set(value)
        for key, one in value.items():
            below = f"{place}.{'<model>' if of_models else key}"
            _add(places, found(one, below.removeprefix("top.")))
    return places


def _add(places: dict[str, set[str]], more: dict[str, set[str]]) -> None:
    for place, keys in more.items():
        places.setdefault(place, set()).update(keys)


def documented() -> dict[str, tuple[set[str], set[str]]]:
    """Place → all its keys, and those that are always there."""
    places = {}
    for line in _DOCUMENT.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| (`|top )", line):
            place, keys = (cell.strip(" `") for cell in line.split("|")[1:3])
            named = re.findall(r"([\w<>]+)`?(\??)", keys)
            places[place] = {key for key, _ in named}, {key for key, doubt in named if not doubt}
    return places


def check(results: Any, place: str = "top") -> None:
    """What is there is documented, and what is documented as always there is."""
    known = documented()
    for where, keys in found(results, place).items():
        every, always = known[where]
        assert always <= keys <= every, (where, keys ^ every)
