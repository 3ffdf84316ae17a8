"""Logistic regression on one-hot columns, numbers by their quantile bins: memorisation without a deep part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from ..encoding import one_hot
from ..task import Task

BINS = 20
STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # C: how little it is held back


def of(crosses: bool) -> Callable[[Task, int], Any]:
    """C is the one with the best log loss on the validation part; then it is fitted to all training rows."""

    def fit(task: Task, seed: int) -> Any:
        matrix = one_hot(task, BINS, task.crosses if crosses else ())
        learn, validation = task.validation(seed)
        best, least = STRENGTHS[0], float("inf")
        for strength in STRENGTHS:
            trial = _fitted(strength, matrix[learn], task.labels[learn])
            loss = log_loss(task.labels[validation], trial.predict_proba(matrix[validation])[:, 1])
            if loss >= least:  # from here on it only overfits more, and takes longer
                break
            best, least = strength, loss
        model = _fitted(best, matrix[task.train], task.labels[task.train])
        return lambda: model.predict_proba(matrix[task.test])[:, 1], {"C": best}

    return fit


def _fitted(strength: float, matrix: Any, labels: Any) -> LogisticRegression:
    return LogisticRegression(C=strength, solver="liblinear", max_iter=300).fit(matrix, labels)
