"""Ours with default settings: the plain estimator, and on click logs the classifier in the testbed's slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..task import Task


def of(part: str, given: bool = False) -> Callable[[Task, int], Any]:
    """The part, or all; given: with the data set's hand-made crosses, which ours has to find itself otherwise."""

    def fit(task: Task, seed: int) -> Any:
        return fitted(task, seed, {"part": part, **({"crosses": task.crosses} if given else {})})

    return fit


def fitted(
    task: Task, seed: int, options: Mapping[str, Any], changed: Callable[[type], Any] = lambda kind: kind
) -> Any:
    """Ours with these arguments over the defaults. changed: makes another class of the estimator's."""
    from testbed_adapter import WideDeepClassifier
    from testbed_adapter.host.ctr_model import CTRModel, ImpressionClassifier, ImpressionScaler

    if task.impressions is not None:
        features = task.impressions.features
        # As CTRModel.train makes it.
        classifier = changed(ImpressionClassifier)(**{**CTRModel._DEFAULTS, "random_state": seed, **options})
        scaler = ImpressionScaler().fit(features[task.train])
        train, test = scaler.transform(features[task.train]), scaler.transform(features[task.test])
    else:
        classifier = changed(WideDeepClassifier)(random_state=seed, **options)
        columns = task.columns.map(lambda value: list(value) if isinstance(value, tuple) else value)
        train, test = columns.iloc[task.train], columns.iloc[task.test]
    classifier.fit(train, task.labels[task.train])
    notes = {
        "epochs": len(classifier.training_history_),
        "crosses": [cross["name"] for cross in classifier.info_["crosses"]],
    }
    return lambda: classifier.predict_proba(test)[:, 1], notes
