"""The rows of the table of faults: functions that run in a process of their own and return the outcome, or raise."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

# The suite tries a few of each kind; `make faults` many.
LONG = bool(os.environ.get("FAULTS_LONG"))


class Skipped(Exception):
    """This machine cannot try the fault; the message says why."""


class Row(NamedTuple):
    fault: str
    run: Callable[[Path], str]


ROWS: dict[str, Row] = {}


def row(fault: str) -> Callable[[Callable[[Path], str]], Callable[[Path], str]]:
    """Adds a function to the table. It is given an empty folder."""

    def add(run: Callable[[Path], str]) -> Callable[[Path], str]:
        ROWS[f"{run.__module__.rpartition('.')[2]}.{run.__name__}"] = Row(fault, run)
        return run

    return add


def times(few: int, many: int) -> int:
    return many if LONG else few
