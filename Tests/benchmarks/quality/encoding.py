"""A task's columns as the peers take them. Everything is learnt from the training rows alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse
from sklearn.preprocessing import MultiLabelBinarizer, OneHotEncoder

from .task import CATEGORICAL, MULTI, NUMERIC, Array, Task


def codes(column: pd.Series, train: Array) -> tuple[Array, int]:
    """A category column as numbers from 1, 0 for what the training rows do not have, and how many there are with 0."""
    known = pd.Index(column.iloc[train].unique())
    return known.get_indexer(column) + 1, len(known) + 1


def code_lists(column: pd.Series, train: Array) -> tuple[Array, int]:
    """A multi-valued column as rows of such numbers, 0 at their ends and for the unknown, and how many there are."""
    known = {value: code for code, value in enumerate(sorted({v for row in column.iloc[train] for v in row}), 1)}
    lists = np.zeros((len(column), max(1, max(map(len, column)))), dtype=np.int64)
    for row, values in enumerate(column):
        found = [known[value] for value in values if value in known]
        lists[row, : len(found)] = found
    return lists, len(known) + 1


def bins(column: pd.Series, train: Array, count: int) -> Array:
    """A number column as the number of its quantile bin from 1, 0 for missing. Equal edges fall together, so a value
    that holds much of the column gets its own."""
    seen = column.iloc[train].dropna()
    edges = np.unique(np.quantile(seen, np.linspace(0, 1, count + 1)[1:-1])) if len(seen) else np.zeros(0)
    found = np.searchsorted(edges, column.to_numpy(), side="right") + 1
    return np.where(column.isna(), 0, found)


def min_max(column: pd.Series, train: Array) -> Array:
    """A number column with the training rows between 0 and 1; missing values are 0."""
    low, high = column.iloc[train].min(), column.iloc[train].max()
    return ((column - low) / ((high - low) or 1.0)).fillna(0.0).to_numpy()


def multi_hot(column: pd.Series, train: Array) -> tuple[Any, list[str]]:
    """A multi-valued column as a sparse matrix of 0 and 1, and what its columns stand for."""
    binarizer = MultiLabelBinarizer(sparse_output=True).fit(column.iloc[train])
    known = set(binarizer.classes_)
    matrix = binarizer.transform([[value for value in row if value in known] for row in column])
    return matrix.tocsr(), list(binarizer.classes_)


def scalars(task: Task, bin_count: int) -> pd.DataFrame:
    """The columns of one value a row as categories, numbers by their bins."""
    names = [*task.named(NUMERIC), *task.named(CATEGORICAL)]
    columns = {
        name: bins(task.columns[name], task.train, bin_count)
        if task.kind(name) == NUMERIC
        else codes(task.columns[name], task.train)[0]
        for name in names
    }
    return pd.DataFrame(columns)


def crossed(frame: pd.DataFrame, cross: Sequence[str]) -> pd.Series:
    """The combinations of the members' values as text."""
    text = frame[cross[0]].astype(str)
    for name in cross[1:]:
        text = text + "\0" + frame[name].astype(str)
    return text


def one_hot(task: Task, bin_count: int, crosses: Sequence[Sequence[str]]) -> Any:
    """The whole task as one sparse matrix of 0 and 1; values that the training rows do not have are left out."""
    frame = scalars(task, bin_count)
    for cross in crosses:
        frame["\0".join(cross)] = crossed(frame, cross)
    encoder = OneHotEncoder(handle_unknown="ignore").fit(frame.iloc[task.train])
    parts = [encoder.transform(frame)]
    parts += [multi_hot(task.columns[name], task.train)[0] for name in task.named(MULTI)]
    return scipy.sparse.hstack(parts).tocsr().astype(np.float64)
