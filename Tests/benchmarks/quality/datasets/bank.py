"""UCI Bank Marketing: does a customer subscribe to a deposit after a call?"""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np
import pandas as pd

from ..task import Missing, Task, random_split, sampled, text_columns

ABOUT = (
    "UCI Bank Marketing, calls to 45,211 customers, plain mixed columns (Moro, Rita and Cortez, 2014, CC BY 4.0; "
    "archive.ics.uci.edu/dataset/222): bank/bank-full.csv in DATA"
)
_NUMERIC = ("age", "balance", "day", "campaign", "pdays", "previous")
_CROSSES = (("job", "education"), ("contact", "month"), ("day", "month"))


def load(folder: Path, seed: int, rows: Optional[int]) -> Task:
    path = folder / "bank" / "bank-full.csv"
    if not path.is_file():
        raise Missing(f"there is no {path}: {ABOUT}")
    frame = sampled(pd.read_csv(path, sep=None, engine="python", dtype=str), rows, seed)
    labels = (frame.pop("y") == "yes").to_numpy().astype(np.int64)
    # How long the call took is known only once the answer is: its authors say to leave it out.
    frame = frame.drop(columns="duration")
    frame = text_columns(frame, [name for name in frame.columns if name not in _NUMERIC])
    return Task(
        frame.astype(dict.fromkeys(_NUMERIC, np.float64)), labels, *random_split(labels, seed), crosses=_CROSSES
    )
