"""Explains a prediction from outside, by thousands of others near it: in the place of the packages lime and shap.

The testbed asks both for the probabilities of perturbed, standardised rows; so do these two, in a few lines each.
"""

import numpy as np
from sklearn.linear_model import Ridge


class ModelInterpretability:
    def __init__(self, seed=0):
        self.random = np.random.default_rng(seed)
        self.training_data = None
        self.feature_names = None

    def prepare_lime_explainer(self, training_data, feature_names, class_names=None):
        self.training_data, self.feature_names = training_data, feature_names
        return True, "LIME解释器创建成功"

    def explain_with_lime(self, model_instance, instance, num_features=10, num_samples=5000):
        """A local linear model: the training data's own values column by column, and whether each is the instance's."""
        rows, columns = self.training_data.shape
        drawn = self.random.integers(rows, size=(num_samples, columns))
        kept = self.random.random((num_samples, columns)) < 0.5
        kept[0] = True
        near = np.where(kept, instance.reshape(1, -1), self.training_data[drawn, np.arange(columns)])
        probability = model_instance.predict_proba(near)[:, 1]
        closeness = np.exp(-((~kept).sum(axis=1) ** 2) / (0.75 * columns))
        weights = Ridge(alpha=1.0).fit(kept, probability, sample_weight=closeness).coef_
        order = np.argsort(-abs(weights))[:num_features]
        features = [{"feature": self.feature_names[index], "weight": float(weights[index])} for index in order]
        return {"prediction": float(probability[0]), "features": features}

    def explain_with_shap(self, model_instance, training_data, instance=None, max_samples=100):
        """Kernel SHAP, plainly: for each coalition of columns the mean prediction over the background. A model with
        `coef_` is taken for linear and only its coefficients are read."""
        chosen = self.random.choice(len(training_data), min(max_samples, len(training_data)), replace=False)
        background = training_data[chosen]
        rows = background if instance is None else np.atleast_2d(instance)
        if hasattr(model_instance, "coef_"):
            values = (rows - background.mean(axis=0)) * model_instance.coef_[0]
        else:
            values = np.array([self._kernel(model_instance, row, background) for row in rows])
        return {
            "shap_values": values.tolist(),
            "feature_importance": abs(values).mean(axis=0).tolist(),
            "n_samples": len(background),
        }

    def _kernel(self, model, row, background):
        columns = len(row)
        middle = model.predict_proba(background)[:, 1].mean()
        whole = model.predict_proba(row[None])[0, 1] - middle
        coalitions, gains, weights = [], [], []
        for _ in range(2 * columns):
            size = int(self.random.integers(1, columns))
            coalition = np.zeros(columns, dtype=bool)
            coalition[self.random.permutation(columns)[:size]] = True
            gain = model.predict_proba(np.where(coalition, row, background))[:, 1].mean() - middle
            coalitions.append(coalition)
            gains.append(gain)
            weights.append((columns - 1) / (size * (columns - size)))
        # The last column takes what the others leave of the whole.
        inside = np.array(coalitions, dtype=float)
        known = np.array(gains) - inside[:, -1] * whole
        fit = Ridge(alpha=1e-6, fit_intercept=False).fit(inside[:, :-1] - inside[:, -1:], known, sample_weight=weights)
        return np.append(fit.coef_, whole - fit.coef_.sum())

    def get_feature_importance_from_model(self, model_instance):
        importance = {}
        if hasattr(model_instance, "coef_"):
            importance["coefficients"] = abs(model_instance.coef_[0]).tolist()
        if hasattr(model_instance, "feature_importances_"):
            importance["tree_importance"] = model_instance.feature_importances_.tolist()
        return importance
