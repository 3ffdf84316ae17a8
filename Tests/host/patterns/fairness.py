"""Pattern 5: metrics by group."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .checks import check
from .host import Host

GROUPINGS = ("query", "doc_id", "position", "position_range", "score_range")
METRICS = ("accuracy", "precision", "recall", "f1", "auc")


@check(5, "fairness", "analyze_fairness by query, document, position, range of position or score")
def fairness(host: Host) -> None:
    model = host.trained(host.some).ctr_model
    analyzer = host.module("training_tab.model_fairness").ModelFairnessAnalyzer()
    with host.leaves_alone(model), host.timed("all five, s"):
        results = {
            grouping: analyzer.analyze_fairness(
                model.model, host.some, group_by=grouping, model_instance_extract_features=model.extract_features
            )
            for grouping in GROUPINGS
        }
    for grouping, result in results.items():
        assert "error" not in result, result
        # A group that fails is left out without a word.
        assert result["n_groups"] == len(analyzer.define_groups(host.some, grouping)) >= 2, grouping
        for group in result["groups"].values():
            assert all(math.isfinite(group[name]) for name in METRICS if group[name] is not None), group
            assert group["auc"] is not None or group["click_rate"] in (0, 1)
    _one_group_by_hand(host, model, analyzer)
    for grouping in ("position_range", "query"):
        groups = results[grouping]["groups"].values()
        name = grouping.replace("_", " ")
        # The page hands it all records, those of the training among them.
        host.figure(f"AUC within a {name}, of the training too", _mean(groups, "auc"), "high")
        host.figure(f"accuracy within a {name}, of the training too", _mean(groups, "accuracy"), "high")
        # No better or worse: the LR's groups are each standardised anew, so that it does not see the position in which
        # a whole group stands.
        spread = results[grouping]["fairness_metrics"]["accuracy"]["range"]
        host.figure(f"accuracy, best {name} less worst", spread)


def _mean(groups: Any, metric: str) -> float:
    """Weighted by the groups' sizes."""
    rows = [(group[metric], group["n_samples"]) for group in groups if group[metric] is not None]
    return float(np.average([value for value, _ in rows], weights=[count for _, count in rows]))


def _one_group_by_hand(host: Host, model: Any, analyzer: Any) -> None:
    """The analysis must have scaled with the model's own scaler, not with one fitted to the group, as it does for an
    estimator that has none (the LR's)."""
    if not host.ours:
        return
    indices = max(analyzer.define_groups(host.some, "position_range").values(), key=len)
    records = [host.some[index] for index in indices]
    features, labels = model.extract_features(records)
    predicted = model.model.predict(model.scaler.transform(features))
    group = analyzer.evaluate_group_performance(model.model, host.some, indices, model.extract_features)
    assert group["accuracy"] == np.mean(predicted == labels)
