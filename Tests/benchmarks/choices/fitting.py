"""Trains ours with a setting: the plain estimator, and on click logs the classifier in the testbed's slot."""

from __future__ import annotations

from typing import Any

from ..quality.task import Task
from .choice import BOTH_PARTS, NO_BIN_EMBEDDINGS, Setting


def fit(setting: Setting, task: Task, seed: int) -> Any:
    """As quality.models.ours does it with the defaults."""
    from testbed_adapter import WideDeepClassifier
    from testbed_adapter.ctr_model import CTRModel, ImpressionClassifier, ImpressionScaler

    if task.impressions is not None:
        features = task.impressions.features
        options = {**CTRModel._DEFAULTS, "random_state": seed, **setting.options}
        classifier = changed(ImpressionClassifier, setting.change)(**options)
        scaler = ImpressionScaler().fit(features[task.train])
        train, test = scaler.transform(features[task.train]), scaler.transform(features[task.test])
    else:
        classifier = changed(WideDeepClassifier, setting.change)(random_state=seed, **setting.options)
        columns = task.columns.map(lambda value: list(value) if isinstance(value, tuple) else value)
        train, test = columns.iloc[task.train], columns.iloc[task.test]
    classifier.fit(train, task.labels[task.train])
    notes = {
        "epochs": len(classifier.training_history_),
        "crosses": [cross["name"] for cross in classifier.info_["crosses"]],
    }
    return lambda: classifier.predict_proba(test)[:, 1], notes


def changed(kind: type, change: str) -> Any:
    """The estimator's class with a change that is none of its arguments."""
    if change == NO_BIN_EMBEDDINGS:

        def _options(self: Any) -> Any:
            return {**kind._options(self), "bin_embeddings": False}  # type: ignore[attr-defined]

        return type(kind.__name__, (kind,), {"_options": _options})
    if change == BOTH_PARTS:

        def _make_schema(self: Any, *arguments: Any) -> Any:
            schema = kind._make_schema(self, *arguments)  # type: ignore[attr-defined]
            schema.features = [{**feature, "part": "both"} for feature in schema.features]
            return schema

        return type(kind.__name__, (kind,), {"_make_schema": _make_schema})
    if change:
        raise ValueError(f"there is no change {change!r}")
    return kind
