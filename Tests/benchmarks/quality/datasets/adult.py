"""UCI Adult: does a person of the 1994 census earn more than 50,000 $? With its own test part."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np
import pandas as pd

from ..task import Missing, Task, sampled, text_columns

ABOUT = (
    "UCI Adult, census records, plain mixed columns (Becker and Kohavi, 1996, CC BY 4.0; "
    "archive.ics.uci.edu/dataset/2): adult/adult.data and adult.test, in DATA or in ../shared/data beside the checkout"
)
_BESIDE = Path(__file__).resolve().parents[5] / "shared" / "data"
_COLUMNS = (
    *("age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship"),
    *("race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income"),
)
_NUMERIC = ("age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week")
# Those of TensorFlow's Wide & Deep tutorial for this data set.
_CROSSES = (("education", "occupation"), ("age", "education", "occupation"))


def load(folder: Path, seed: int, rows: Optional[int]) -> Task:
    parts = [_part(_file(folder, name), rows and share, seed) for name, share in _shares(rows)]
    frame = pd.concat(parts, ignore_index=True)
    labels = frame.pop("income").str.startswith(">50K").to_numpy().astype(np.int64)
    frame = text_columns(frame, [name for name in frame.columns if name not in _NUMERIC])
    frame = frame.astype(dict.fromkeys(_NUMERIC, np.float64))
    count = len(parts[0])
    return Task(frame, labels, np.arange(count), np.arange(count, len(frame)), _CROSSES)


def _shares(rows: Optional[int]) -> tuple[tuple[str, int], tuple[str, int]]:
    count = rows or 0
    return ("adult.data", count * 2 // 3), ("adult.test", count // 3)


def _part(path: Path, rows: Optional[int], seed: int) -> pd.DataFrame:
    frame = pd.read_csv(path, names=list(_COLUMNS), skipinitialspace=True, comment="|", na_values="?", dtype=str)
    return sampled(frame[frame["age"] != "age"].reset_index(drop=True), rows, seed)


def _file(folder: Path, name: str) -> Path:
    for place in (folder, _BESIDE):
        if (place / "adult" / name).is_file():
            return place / "adult" / name
    raise Missing(f"there is no {folder / 'adult' / name}: {ABOUT}")
