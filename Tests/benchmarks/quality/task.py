"""A task: one data set, split for one seed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

Array = Any
NUMERIC, CATEGORICAL, MULTI = "numeric", "categorical", "multi"


class Missing(FileNotFoundError):
    """A data set is not there; the message says which file to put where, and where it comes from."""


@dataclass
class Impressions:
    """What a click log has besides its plain columns."""

    features: Array  # (rows, 36), as CTRModel.extract_features returns them
    probabilities: Array  # (rows,), the true click probabilities


@dataclass
class Task:
    """columns: numbers are numeric, text is categorical, tuples of text are multi-valued. `crosses` are those that
    somebody who knows the data would make by hand, for the models that are given crosses."""

    columns: pd.DataFrame
    labels: Array  # 0 or 1
    train: Array  # rows
    test: Array
    crosses: Sequence[tuple[str, ...]] = ()
    impressions: Optional[Impressions] = None

    def kind(self, name: str) -> str:
        column = self.columns[name]
        if pd.api.types.is_numeric_dtype(column):
            return NUMERIC
        return MULTI if isinstance(column.iloc[0], tuple) else CATEGORICAL

    def named(self, kind: str) -> list[str]:
        return [name for name in self.columns.columns if self.kind(name) == kind]

    def validation(self, seed: int) -> tuple[Array, Array]:
        """The training rows in two: those to learn from, and a tenth, stratified, to stop early or choose by."""
        return train_test_split(self.train, test_size=0.1, random_state=seed, stratify=self.labels[self.train])

    def fingerprint(self, impressions: bool) -> str:
        """A digest of all that a model can see; of the plain columns only, or of what a click log has besides too."""
        digest = hashlib.sha256(repr((list(self.columns.columns), list(self.crosses))).encode())
        for name in self.columns.columns:
            column = self.columns[name]
            if self.kind(name) == MULTI:
                column = column.map("\0".join)
            digest.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
        arrays = [self.labels, self.train, self.test]
        if impressions and self.impressions is not None:
            arrays += [self.impressions.features, self.impressions.probabilities]
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def random_split(labels: Array, seed: int) -> tuple[Array, Array]:
    """Four fifths to train on, one to test on, stratified, another draw for each seed."""
    train, test = train_test_split(np.arange(len(labels)), test_size=0.2, random_state=seed, stratify=labels)
    return train, test


def sampled(frame: pd.DataFrame, rows: Optional[int], seed: int) -> pd.DataFrame:
    """So many of its rows at random; None is all, as they stand."""
    if rows is None or rows >= len(frame):
        return frame
    return frame.sample(rows, random_state=seed).sort_index().reset_index(drop=True)


def text_columns(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The frame with these columns as text; missing values become the text "?"."""
    return frame.assign(**{name: frame[name].fillna("?").astype(str).astype(object) for name in names})
