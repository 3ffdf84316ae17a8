"""Pattern 6: explanations from outside, by thousands of predictions near the one to explain."""

from __future__ import annotations

from typing import Any

import numpy as np

from .checks import check
from .host import Host

# What makes SHAP take a model for a linear one or a tree, and explain only that.
MARKS = ("coef_", "tree_", "estimators_")


def prepared(host: Host) -> tuple[Any, Any, Any]:
    """As the page's button does: the model, its scaled features, and who explains."""
    model = host.trained(host.some).ctr_model
    scaled = model.scaler.transform(model.extract_features(host.some)[0])
    if host.ours:
        assert not [name for name in MARKS if hasattr(model.model, name)]
    explainer = host.module("training_tab.model_interpretability").ModelInterpretability()
    return model, scaled, explainer


@check(6, "LIME", "explain_with_lime: 5,000 perturbed rows of one impression")
def lime(host: Host) -> None:
    model, scaled, explainer = prepared(host)
    names = host.module("training_tab.ctr_config").CTRFeatureConfig.get_feature_names()
    width = scaled.shape[1]
    names = names[:width] if len(names) >= width else [f"特征{index}" for index in range(width)]
    assert explainer.prepare_lime_explainer(scaled, names)[0]
    with host.leaves_alone(model), host.timed("one impression, s"):
        result = explainer.explain_with_lime(model.model, scaled[:1], num_features=10)
    assert "error" not in result, result
    assert result["prediction"] == model.model.predict_proba(scaled[:1])[0, 1]
    weights = [feature["weight"] for feature in result["features"]]
    assert len(weights) == 10 and np.isfinite(weights).all() and any(weights)
    if host.ours and hasattr(explainer, "lime_explainer"):  # LIME itself; each id as the word that the log has
        shown = dict(one["feature"].split("=", 1) for one in result["features"] if "=" in one["feature"])
        assert shown.get("doc_id", host.some[0]["doc_id"]) == host.some[0]["doc_id"]
        assert shown.get("query_id", host.some[0]["query"]) == host.some[0]["query"]
        words = [value for name, value in shown.items() if "_word_" in name]
        assert shown and not any(value.isdigit() for value in words), shown


@check(6, "SHAP", "explain_with_shap: as a black box (the LR: by its coefficients)")
def shap(host: Host) -> None:
    """The page explains 50 rows against a background of 50; a test run 5 against 5."""
    model, scaled, explainer = prepared(host)
    np.random.seed(0)  # the host draws the background from the global stream
    rows = 50 if host.full else 5
    with host.leaves_alone(model), host.timed(f"{rows} impressions, s"):
        result = explainer.explain_with_shap(model.model, scaled, max_samples=rows)
    assert "error" not in result, result
    values = np.array(result["shap_values"])
    assert values.shape == (rows, scaled.shape[1]) and np.isfinite(values).all()
    assert len(result["feature_importance"]) == scaled.shape[1] and max(result["feature_importance"]) > 0
    # One row against its background: what the columns contribute adds up to the difference.
    one = explainer.explain_with_shap(model.model, scaled[:20], instance=scaled[30], max_samples=20)
    assert "error" not in one, one
    if host.ours:
        probability = model.model.predict_proba(np.vstack([scaled[30], scaled[:20]]))[:, 1]
        assert abs(np.sum(one["shap_values"]) - (probability[0] - probability[1:].mean())) < 1e-3


@check(6, "importances", "get_feature_importance_from_model")
def importances(host: Host) -> None:
    model, scaled, explainer = prepared(host)
    importance = explainer.get_feature_importance_from_model(model.model)
    values = importance["tree_importance" if host.ours else "coefficients"]
    assert len(values) == scaled.shape[1] and np.isfinite(values).all() and max(values) > 0
