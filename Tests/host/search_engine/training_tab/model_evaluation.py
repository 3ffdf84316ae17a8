"""Cross-validation and repeated splits of whatever has fit and predict."""

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score, cross_validate, train_test_split
from sklearn.preprocessing import StandardScaler

METRICS = ("accuracy", "precision", "recall", "f1", "roc_auc")


class ModelEvaluator:
    def __init__(self):
        self.scaler = None

    def prepare_data(self, ctr_data, model_instance):
        """The columns of a model that can extract them; of any other, the inner estimator say, position and score."""
        if hasattr(model_instance, "extract_features"):
            X, y = model_instance.extract_features(ctr_data)
        else:
            X = np.array([[record["position"], record["score"]] for record in ctr_data])
            y = np.array([record["clicked"] for record in ctr_data])
        if self.scaler is None:
            self.scaler = StandardScaler().fit(X)
        return self.scaler.transform(X), y

    def cross_validate_model(self, model_instance, ctr_data, cv_folds=5):
        X, y = self.prepare_data(ctr_data, model_instance)
        folds = StratifiedKFold(n_splits=cv_folds, shuffle=True)
        scores = {}
        for metric in METRICS:
            try:
                scores[metric] = cross_val_score(model_instance, X, y, cv=folds, scoring=metric, n_jobs=1)
            except Exception as error:
                print(f"指标 {metric} 的交叉验证失败: {error}")
        detailed = cross_validate(model_instance, X, y, cv=folds, scoring=list(METRICS), return_train_score=True)
        return {
            "cv_scores": {metric: values.tolist() for metric, values in scores.items()},
            "cv_mean": {metric: float(values.mean()) for metric, values in scores.items()},
            "cv_std": {metric: float(values.std()) for metric, values in scores.items()},
            "n_samples": len(X),
            "n_features": X.shape[1],
            "detailed": {
                name: detailed[name].tolist() for name in ("train_accuracy", *(f"test_{metric}" for metric in METRICS))
            },
        }

    def evaluate_on_splits(self, model_instance, ctr_data, test_size=0.2, n_splits=5):
        """Refits the very estimator that it is given."""
        X, y = self.prepare_data(ctr_data, model_instance)
        rows = []
        for number in range(n_splits):
            X_train, X_test, y_train, y_test = train_test_split(
                X, y, test_size=test_size, random_state=42 + number, stratify=y
            )
            model_instance.fit(X_train, y_train)
            predicted = model_instance.predict(X_test)
            rows.append(
                {
                    "split": number + 1,
                    "accuracy": accuracy_score(y_test, predicted),
                    "precision": precision_score(y_test, predicted, zero_division=0),
                    "recall": recall_score(y_test, predicted, zero_division=0),
                    "f1": f1_score(y_test, predicted, zero_division=0),
                    "auc": roc_auc_score(y_test, model_instance.predict_proba(X_test)[:, 1]),
                }
            )
        metrics = [name for name in rows[0] if name != "split"]
        summary = {name: {"mean": float(np.mean([row[name] for row in rows]))} for name in metrics}
        return {"splits": rows, "summary": summary, "n_splits": len(rows)}
