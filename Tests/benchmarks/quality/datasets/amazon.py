"""Amazon's employee access challenge: is an employee granted a resource? Nothing but ids."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np
import pandas as pd

from ..task import Missing, Task, random_split, sampled, text_columns

ABOUT = (
    "Amazon Employee Access, 32,769 rows of nine columns of ids and nothing else, where crosses matter (public data of "
    "the Kaggle competition, 2013; openml.org/d/4135): amazon/train.csv in DATA"
)
# The first of the columns is the resource that is asked for; the others tell who asks.
_CROSSES = (
    ("RESOURCE", "MGR_ID"),
    ("RESOURCE", "ROLE_DEPTNAME"),
    ("RESOURCE", "ROLE_ROLLUP_2"),
    ("RESOURCE", "ROLE_FAMILY_DESC"),
    ("MGR_ID", "ROLE_FAMILY_DESC"),
)


def load(folder: Path, seed: int, rows: Optional[int]) -> Task:
    path = folder / "amazon" / "train.csv"
    if not path.is_file():
        raise Missing(f"there is no {path}: {ABOUT}")
    frame = sampled(pd.read_csv(path, dtype=str), rows, seed)
    labels = (frame.pop("ACTION") == "1").to_numpy().astype(np.int64)
    return Task(text_columns(frame, list(frame.columns)), labels, *random_split(labels, seed), crosses=_CROSSES)
