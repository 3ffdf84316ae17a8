"""Ours with default settings: the plain estimator, and on click logs the classifier in the testbed's slot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..task import Task


def of(part: str, given: bool = False) -> Callable[[Task, int], Any]:
    """The part, or all; given: with the data set's hand-made crosses, which ours has to find itself otherwise."""

    def fit(task: Task, seed: int) -> Any:
        from testbed_adapter import WideDeepClassifier
        from testbed_adapter.ctr_model import CTRModel, ImpressionClassifier, ImpressionScaler

        labels = task.labels[task.train]
        if task.impressions is not None:
            features = task.impressions.features
            # As CTRModel.train makes it.
            classifier = ImpressionClassifier(**{**CTRModel._DEFAULTS, "random_state": seed, "part": part})
            scaler = ImpressionScaler().fit(features[task.train])
            train, test = scaler.transform(features[task.train]), scaler.transform(features[task.test])
        else:
            crosses = {"crosses": task.crosses} if given else {}
            classifier = WideDeepClassifier(random_state=seed, part=part, **crosses)
            columns = task.columns.map(lambda value: list(value) if isinstance(value, tuple) else value)
            train, test = columns.iloc[task.train], columns.iloc[task.test]
        classifier.fit(train, labels)
        crosses = [cross["name"] for cross in classifier.info_["crosses"]]
        notes = {"epochs": len(classifier.training_history_), "crosses": crosses}
        return lambda: classifier.predict_proba(test)[:, 1], notes

    return fit
