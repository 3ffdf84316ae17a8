"""Pattern 4 again, without the host's classes: the estimator as scikit-learn's own tools take it."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score

from .checks import check
from .host import Host, answers

ROWS = 300


@check(4, "widths", "NumPy input of 2, 12 and 36 columns: fit, predict, grid, clone")
def widths(host: Host) -> None:
    model = host.trained(host.log[:ROWS]).ctr_model
    features, labels = model.extract_features(host.log[:ROWS])
    scaled = model.scaler.transform(features)
    classes = [type(model.model)]
    if host.ours:
        from testbed_adapter import WideDeepClassifier

        classes.append(WideDeepClassifier)
    for width in (2, 12, 36)[: 3 if host.ours else 2]:
        for kind in classes:
            X = scaled[:, :width]
            estimator = kind(random_state=42).fit(X, labels)
            probability = estimator.predict_proba(X)
            assert probability.shape == (ROWS, 2) and np.isfinite(probability).all()
            assert np.allclose(probability.sum(axis=1), 1) and set(estimator.predict(X)) <= {0, 1}
            assert estimator.n_features_in_ == width and estimator.classes_.tolist() == [0, 1]
            for same in (np.asfortranarray(X), X.tolist()):
                assert np.abs(estimator.predict_proba(same) - probability).max() <= (0 if host.ours else 1e-12)
            single = X.astype(np.float32)
            assert kind(random_state=42).fit(single, labels).predict_proba(single).shape == (ROWS, 2)
            grid = GridSearchCV(kind(random_state=42), _grid(host), cv=2, scoring="roc_auc").fit(X, labels)
            assert np.isfinite(grid.cv_results_["mean_test_score"]).all()


def _grid(host: Host) -> dict[str, Any]:
    return {"epochs": [1, 2]} if host.ours else {"C": [0.1, 1.0]}


@check(4, "seeds and clones", "random_state: same seed, same bits; clone keeps every argument")
def seeds_and_clones(host: Host) -> None:
    model = host.trained(host.log[:600]).ctr_model
    features, labels = model.extract_features(host.log[:600])
    X = model.scaler.transform(features)
    inner = model.model
    with host.leaves_alone(model):
        copied = clone(inner)
        assert copied.get_params() == inner.get_params() and not hasattr(copied, "classes_")
        bits = copied.fit(X, labels).predict_proba(X).tobytes()
        assert clone(inner).fit(X, labels).predict_proba(X).tobytes() == bits
        assert copied.fit(X, labels).predict_proba(X).tobytes() == bits, "a second fit is another"
        scores = [cross_val_score(clone(inner), X, labels, cv=3, scoring="roc_auc").tolist() for _ in range(2)]
        assert scores[0] == scores[1]
        grids = [GridSearchCV(clone(inner), _grid(host), cv=2, scoring="neg_log_loss") for _ in range(2)]
        found = [grid.fit(X, labels).cv_results_["mean_test_score"].tolist() for grid in grids]
        assert found[0] == found[1]
    if host.ours:
        other = clone(inner).set_params(random_state=7).fit(X, labels).predict_proba(X).tobytes()
        assert other != bits, "random_state has no say"
        states = [clone(inner).set_params(random_state=np.random.RandomState(3)) for _ in range(2)]
        assert len({state.fit(X, labels).predict_proba(X).tobytes() for state in states}) == 1
        # All the records, through the host: enough of them that every thread has its share.
        first, second = (answers(host.trained().ctr_model, host.log) for _ in range(2))
        assert first == second, "the same records and seed gave two models"
