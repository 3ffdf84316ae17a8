"""Searches over the arguments of a model class: a grid, and random trials in the place of the package optuna."""

import numpy as np
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.preprocessing import StandardScaler


class AutoMLOptimizer:
    def __init__(self):
        self.best_model = None

    def simple_grid_search(self, model_class, X, y, param_grid, cv=3, scoring="roc_auc"):
        X = StandardScaler().fit_transform(X)
        search = GridSearchCV(model_class(random_state=42), param_grid, cv=cv, scoring=scoring, n_jobs=1).fit(X, y)
        self.best_model = search.best_estimator_
        return {
            "success": True,
            "best_params": search.best_params_,
            "best_score": float(search.best_score_),
            "cv_results": {"mean_test_score": search.cv_results_["mean_test_score"].tolist()},
        }

    def optimize_hyperparameters_with_optuna(
        self, model_class, X, y, param_space, n_trials=20, cv=3, scoring="roc_auc"
    ):
        X = StandardScaler().fit_transform(X)
        random = np.random.default_rng()
        trials = []
        for _ in range(n_trials):
            params = {name: drawn(space, random) for name, space in param_space.items()}
            model = model_class(**params, random_state=42)
            trials.append((cross_val_score(model, X, y, cv=cv, scoring=scoring, n_jobs=1).mean(), params))
        score, params = max(trials, key=lambda trial: trial[0])
        self.best_model = model_class(**params, random_state=42).fit(X, y)
        return {"success": True, "best_params": params, "best_score": float(score), "n_trials": n_trials}

    def predict_proba_with_best_model(self, X):
        return self.best_model.predict_proba(StandardScaler().fit_transform(X))


def drawn(space, random):
    if space["type"] == "categorical":
        return space["choices"][random.integers(len(space["choices"]))]
    if space["type"] == "int":
        return int(random.integers(space["low"], space["high"] + 1))
    if space.get("log"):
        return float(np.exp(random.uniform(np.log(space["low"]), np.log(space["high"]))))
    return float(random.uniform(space["low"], space["high"]))
