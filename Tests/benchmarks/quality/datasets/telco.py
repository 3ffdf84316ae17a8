"""Telco customer churn: does a customer of a telephone company leave? No setting was chosen by it."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np
import pandas as pd

from ..task import Missing, Task, random_split, sampled, text_columns

ABOUT = (
    "Telco customer churn, 7,043 customers, plain mixed columns, by which no setting of ours was chosen "
    "(IBM sample data; github.com/IBM/telco-customer-churn-on-icp4d): telco/Telco-Customer-Churn.csv in DATA"
)
_NUMERIC = ("tenure", "MonthlyCharges", "TotalCharges")
_CROSSES = (("Contract", "InternetService"), ("Contract", "PaymentMethod"), ("tenure", "Contract"))


def load(folder: Path, seed: int, rows: Optional[int]) -> Task:
    path = folder / "telco" / "Telco-Customer-Churn.csv"
    if not path.is_file():
        raise Missing(f"there is no {path}: {ABOUT}")
    frame = sampled(pd.read_csv(path, dtype=str), rows, seed).drop(columns="customerID")
    labels = (frame.pop("Churn") == "Yes").to_numpy().astype(np.int64)
    frame = text_columns(frame, [name for name in frame.columns if name not in _NUMERIC])
    numbers = {name: pd.to_numeric(frame[name], errors="coerce") for name in _NUMERIC}  # of new customers blank
    return Task(frame.assign(**numbers), labels, *random_split(labels, seed), crosses=_CROSSES)
