"""What a click log's figures are measured against: the testbed's LR below, the true probabilities above."""

from __future__ import annotations

from typing import Any

from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from ..task import Impressions, Task


def testbed_lr(task: Task, seed: int) -> Any:
    """The testbed's LR: its 12 columns and its settings (testbed_adapter/compare/lr.py), on this split."""
    from testbed_adapter.lab.compare.lr import COLUMNS

    columns = _impressions(task).features[:, :COLUMNS]
    scaler = StandardScaler().fit(columns[task.train])
    model = LogisticRegression(random_state=42, max_iter=1000, C=10.0, class_weight="balanced", solver="liblinear")
    model.fit(scaler.transform(columns[task.train]), task.labels[task.train])
    return lambda: model.predict_proba(scaler.transform(columns[task.test]))[:, 1], {}


def oracle(task: Task, seed: int) -> Any:
    """The true click probabilities: what no model can beat."""
    probabilities = _impressions(task).probabilities[task.test]
    return lambda: probabilities, {}


def _impressions(task: Task) -> Impressions:
    if task.impressions is None:
        raise ValueError("this model is for click logs only")
    return task.impressions
