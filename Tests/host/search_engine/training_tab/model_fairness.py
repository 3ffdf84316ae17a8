"""Metrics group by group; a group's features are extracted from its records alone."""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

SMALLEST = 3
POSITIONS = (3, 6, 10, float("inf"))


class ModelFairnessAnalyzer:
    def define_groups(self, ctr_data, group_by="query"):
        """Name → indices of records, for groups that are large enough."""
        if group_by == "position_range":
            names = [next(str(last) for last in POSITIONS if record["position"] <= last) for record in ctr_data]
        elif group_by == "score_range":
            scores = [record["score"] for record in ctr_data]
            names = np.searchsorted(np.quantile(scores, [0.25, 0.5, 0.75]), scores).tolist()
        else:
            names = [record[group_by] for record in ctr_data]
        groups = {}
        for index, name in enumerate(names):
            groups.setdefault(str(name), []).append(index)
        return {name: indices for name, indices in groups.items() if len(indices) >= SMALLEST}

    def evaluate_group_performance(self, model_instance, ctr_data, group_indices, model_instance_extract_features):
        try:
            X, y = model_instance_extract_features([ctr_data[index] for index in group_indices])
            if getattr(model_instance, "scaler", None):
                X = model_instance.scaler.transform(X)
            else:
                X = StandardScaler().fit_transform(X)
            predicted = model_instance.predict(X)
            probability = model_instance.predict_proba(X)[:, 1]
            return {
                "n_samples": len(y),
                "click_rate": float(y.mean()),
                "accuracy": accuracy_score(y, predicted),
                "precision": precision_score(y, predicted, zero_division=0),
                "recall": recall_score(y, predicted, zero_division=0),
                "f1": f1_score(y, predicted, zero_division=0),
                "auc": roc_auc_score(y, probability) if len(set(y)) == 2 else None,
            }
        except Exception as error:
            return {"error": f"评估失败: {error}"}

    def analyze_fairness(
        self, model_instance, ctr_data, group_by="position_range", model_instance_extract_features=None
    ):
        groups = {}
        for name, indices in self.define_groups(ctr_data, group_by).items():
            result = self.evaluate_group_performance(model_instance, ctr_data, indices, model_instance_extract_features)
            if "error" not in result:
                groups[name] = result
        if len(groups) < 2:
            return {"error": "成功评估的群体数量不足"}
        spread = {}
        for metric in ("accuracy", "precision", "recall", "f1", "auc"):
            values = [result[metric] for result in groups.values() if result[metric] is not None]
            if values:
                spread[metric] = {"mean": float(np.mean(values)), "range": float(max(values) - min(values))}
        return {"groups": groups, "fairness_metrics": spread, "group_by": group_by, "n_groups": len(groups)}
