"""LightGBM: gradient-boosted trees, with its own treatment of categories."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..encoding import codes, multi_hot
from ..task import CATEGORICAL, MULTI, NUMERIC, Task

MOST_TREES = 3000
PATIENCE = 50
SETTINGS = {"learning_rate": 0.05, "num_leaves": 31, "n_jobs": 1, "verbosity": -1}


def fit(task: Task, seed: int) -> Any:
    """Early stopping on the validation part, then as many trees anew on all training rows."""
    from lightgbm import LGBMClassifier, early_stopping

    columns = _columns(task)
    learn, validation = task.validation(seed)
    trial = LGBMClassifier(n_estimators=MOST_TREES, random_state=seed, **SETTINGS)
    trial.fit(
        columns.iloc[learn],
        task.labels[learn],
        eval_X=columns.iloc[validation],
        eval_y=task.labels[validation],
        eval_metric="binary_logloss",
        callbacks=[early_stopping(PATIENCE, verbose=False)],
    )
    trees = max(1, trial.best_iteration_)
    model = LGBMClassifier(n_estimators=trees, random_state=seed, **SETTINGS)
    model.fit(columns.iloc[task.train], task.labels[task.train])
    return lambda: model.predict_proba(columns.iloc[task.test])[:, 1], {"trees": trees}


def _columns(task: Task) -> pd.DataFrame:
    """Numbers as they are, categories as such (unknown ones missing), of several values a column of 0 and 1 each."""
    columns = task.columns[task.named(NUMERIC)].copy()
    for name in task.named(CATEGORICAL):
        numbers, count = codes(task.columns[name], task.train)
        columns[name] = pd.Categorical(numbers, categories=range(1, count))
    parts = [columns]
    for name in task.named(MULTI):
        matrix, _ = multi_hot(task.columns[name], task.train)
        dense = pd.DataFrame(matrix.toarray())
        parts.append(dense.rename(columns=lambda index, name=name: f"{name}_{index}"))
    frame = pd.concat(parts, axis=1)
    return frame.set_axis([f"c{index}" for index in range(frame.shape[1])], axis=1)
