"""The data sets by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ..task import Task
from . import adult, amazon, bank, click_log, movielens, telco

QUICK_ROWS = 3000


@dataclass(frozen=True)
class DataSet:
    """`load(folder, seed, rows)`: of so many rows, or all; raises Missing where its file is not in the folder.

    aim: the AUC and log loss to reach where a peer is known to lead; None where no peer is to be better.
    records: the length of the generated click log."""

    name: str
    about: str
    load: Callable[[Path, int, Optional[int]], Task]
    aim: Optional[tuple[float, float]] = None
    records: Optional[int] = None


def _click_log(records: int) -> DataSet:
    about = f"{records:,} records of {click_log.ABOUT}"
    return DataSet(f"click-log-{records}", about, click_log.of(records), records=records)


DATA_SETS = {
    known.name: known
    for known in (
        DataSet("adult", adult.ABOUT, adult.load, aim=(0.925, 0.280)),
        DataSet("bank", bank.ABOUT, bank.load),
        DataSet("amazon", amazon.ABOUT, amazon.load),
        DataSet("movielens", movielens.ABOUT, movielens.load),
        DataSet("telco", telco.ABOUT, telco.load),
        _click_log(3_000),
        _click_log(20_000),
        _click_log(100_000),
    )
}
