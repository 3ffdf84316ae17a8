"""Pattern 4: the inner estimator in cross-validation and on repeated splits."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.preprocessing import StandardScaler

from testbed_adapter.switch import NEITHER

from .checks import check
from .host import Host

METRICS = ("accuracy", "precision", "recall", "f1", "roc_auc")


def evaluated(host: Host, estimator: Any, folds: int) -> dict[str, Any]:
    """ModelEvaluator's cross-validation, with every metric there and finite."""
    evaluator = host.module("training_tab.model_evaluation").ModelEvaluator()
    result: dict[str, Any] = evaluator.cross_validate_model(estimator, host.some, cv_folds=folds)
    assert "error" not in result, result
    assert set(result["cv_mean"]) == set(METRICS), f"metrics are missing: {set(METRICS) - set(result['cv_mean'])}"
    for metric in METRICS:
        scores = [*result["cv_scores"][metric], *result["detailed"][f"test_{metric}"]]
        assert len(scores) == 2 * folds and np.isfinite(scores).all(), (metric, scores)
    return result


@check(4, "cross-validation", "cross_validate_model(ctr_model.model, records): position and score")
def cross_validation(host: Host) -> None:
    model = host.trained(host.some).ctr_model
    with host.leaves_alone(model), host.timed("5 folds, 6 fits each, s"):
        result = evaluated(host, model.model, 5)
    assert result["n_features"] == 2
    assert ("position 和 score 两个特征" in f"{result['n_features']}") is (host.choice.holds != NEITHER)
    host.figure("AUC, 2 columns", result["cv_mean"]["roc_auc"], "high")


@check(4, "full columns", "cross-validation with all of the model's columns", must_beat=("AUC", "log loss"))
def full_columns(host: Host) -> None:
    """The same folds for both. The host's ModelEvaluator draws its own at random, and standardises all 36 columns, the
    ids' too."""
    model = host.trained().ctr_model
    features, labels = model.extract_features(host.log)
    scaled = model.scaler.transform(features)
    scoring = {**{name: name for name in METRICS}, "log_loss": "neg_log_loss"}
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    with host.timed("5 folds, s"):
        scores = cross_validate(clone(model.model), scaled, labels, cv=folds, scoring=scoring)
    host.figure("AUC", scores["test_roc_auc"].mean(), "high")
    host.figure("log loss", -scores["test_log_loss"].mean(), "low")
    for name in METRICS[:4]:
        host.figure(name, scores[f"test_{name}"].mean(), "high")
    if host.full:
        inner = clone(model.model)
        inner.extract_features = model.extract_features
        host.figure("AUC, by ModelEvaluator", evaluated(host, inner, 5)["cv_mean"]["roc_auc"], "high")


@check(4, "repeated splits", "evaluate_on_splits: refits the served model's estimator itself")
def repeated_splits(host: Host) -> None:
    model = host.trained(host.some).ctr_model
    evaluator = host.module("training_tab.model_evaluation").ModelEvaluator()
    with host.leaves_alone(model):
        result = evaluator.evaluate_on_splits(model.model, host.some, n_splits=5)
    assert "error" not in result, result
    assert result["n_splits"] == 5 and set(result["summary"]) == {"accuracy", "precision", "recall", "f1", "auc"}
    host.figure("AUC, 2 columns", result["summary"]["auc"]["mean"], "high")
    with_scaler = StandardScaler().fit_transform([[record["position"], record["score"]] for record in host.some])
    assert model.model.predict_proba(with_scaler).shape == (len(host.some), 2)
