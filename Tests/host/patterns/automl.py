"""Pattern 7: searches over a model class's arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from testbed_adapter.switch import NEITHER

from .checks import check
from .host import Host

LR_GRID = {"C": [0.1, 1.0, 10.0], "max_iter": [500, 1000], "solver": ["liblinear", "lbfgs"]}
GRID = {"hidden_units": [(32,), (64, 32)], "dropout": [0.0, 0.2]}
LR_SPACE = {
    "C": {"type": "float", "low": 0.1, "high": 10.0, "log": True},
    "max_iter": {"type": "int", "low": 500, "high": 2000},
}
SPACE = {
    "deep_learning_rate": {"type": "float", "low": 0.005, "high": 0.1, "log": True},
    "epochs": {"type": "int", "low": 2, "high": 8},
    "deep_optimizer": {"type": "categorical", "choices": ["adagrad", "adam"]},
}


def prepared(host: Host) -> tuple[Any, Any, Any, Any]:
    """As the page's button does: it standardises the features here, and the search does once more."""
    model = host.trained(host.some).ctr_model
    features, labels = model.extract_features(host.some)
    optimizer = host.module("training_tab.model_automl").AutoMLOptimizer()
    return model, StandardScaler().fit_transform(features), labels, optimizer


@check(7, "grid search", "simple_grid_search over ctr_model.model's class, and WideDeepClassifier")
def grid_search(host: Host) -> None:
    model, X, labels, optimizer = prepared(host)
    with host.leaves_alone(model):
        with host.timed("search, s"):
            result = searched(optimizer, type(model.model), X, labels, GRID if host.ours else LR_GRID, 3)
        host.figure("best AUC of 3 folds", result["best_score"], "high")
        if host.ours:
            from testbed_adapter import WideDeepClassifier

            searched(optimizer, WideDeepClassifier, X[:400], labels[:400], {"epochs": [1, 2]}, 2)


def searched(optimizer: Any, kind: Any, X: Any, labels: Any, grid: dict[str, Any], folds: int) -> Any:
    result = optimizer.simple_grid_search(kind, X, labels, grid, cv=folds)
    assert result.get("success"), result
    scores = result["cv_results"]["mean_test_score"]
    assert np.isfinite(scores).all() and max(scores) == result["best_score"]
    assert set(result["best_params"]) == set(grid)
    assert type(optimizer.best_model) is kind and optimizer.best_model.random_state == 42
    assert optimizer.predict_proba_with_best_model(X).shape == (len(X), 2)
    return result


@check(7, "grid of the page", "the page's own search, LogisticRegression, over the slot's columns")
def grid_of_the_page(host: Host) -> None:
    _, X, labels, optimizer = prepared(host)
    result = optimizer.simple_grid_search(LogisticRegression, X, labels, LR_GRID, cv=3)
    assert result.get("success"), result
    assert ("总是逻辑回归" in f"{result['best_params']}") is (host.choice.holds != NEITHER)
    host.figure("best AUC of 3 folds", result["best_score"], "high")


@check(7, "Optuna", "optimize_hyperparameters_with_optuna")
def optuna(host: Host) -> None:
    model, X, labels, optimizer = prepared(host)
    space = SPACE if host.ours else LR_SPACE
    trials = 10 if host.full else 3
    with host.leaves_alone(model), host.timed(f"{trials} trials of 3 folds, s"):
        result = optimizer.optimize_hyperparameters_with_optuna(type(model.model), X, labels, space, n_trials=trials)
    assert result.get("success"), result
    assert set(result["best_params"]) == set(space) and result["n_trials"] == trials
    assert type(optimizer.best_model) is type(model.model)
    assert optimizer.predict_proba_with_best_model(X).shape == (len(X), 2)
    host.figure("best AUC", result["best_score"], "high")


@check(7, "TPOT", "optimize_with_tpot: never sees the model, only its columns", only_testbed=True, may_fail=True)
def tpot(host: Host) -> None:
    _, X, labels, optimizer = prepared(host)
    result = optimizer.optimize_with_tpot(X, labels, generations=1, population_size=3, max_time_mins=2, verbosity=0)
    assert result.get("success"), result["error"]
    host.figure("AUC on its own training rows", result["best_score"], "high")
