"""The first slot's own model: a logistic regression over twelve columns, class-balanced, kept as a pickle.

At prediction the click rates so far are 0.1 and the timestamp is 0, as in the testbed. scikit-learn is imported where
it is needed, so that tests of the switch alone need not wait for it.
"""

import os
import pickle

FEATURES = (
    *("position", "doc_length", "query_length", "summary_length", "match_score", "query_ctr", "doc_ctr"),
    *("position_decay", "query_words", "summary_words", "timestamp", "score"),
)
UNSEEN_RATE = 0.1


class CTRModel:
    def __init__(self):
        self.model = None
        self.vectorizer = None
        self.scaler = None
        self.is_trained = False

    def extract_features(self, ctr_data):
        import numpy as np

        if not ctr_data:
            return np.array([]), np.array([])
        clicks = {}
        rows = [None] * len(ctr_data)
        for index in sorted(range(len(ctr_data)), key=lambda index: ctr_data[index]["timestamp"]):
            record = ctr_data[index]
            keys = ("query", record["query"]), ("document", record["doc_id"])
            seen = [clicks.setdefault(key, []) for key in keys]
            rates = [sum(before) / len(before) if before else UNSEEN_RATE for before in seen]
            checksum = sum(map(ord, str(record["timestamp"]))) % 1000
            rows[index] = columns(record, record["doc_length"], rates, checksum)
            for before in seen:
                before.append(record["clicked"])
        return np.array(rows, dtype=float), np.array([record["clicked"] for record in ctr_data])

    def train(self, ctr_data):
        problem = too_little(ctr_data)
        if problem:
            return {"error": problem, "auc": 0.0, "feature_weights": {}, "data_quality": {}}
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import classification_report, roc_auc_score
        from sklearn.model_selection import StratifiedShuffleSplit
        from sklearn.preprocessing import StandardScaler

        X, y = self.extract_features(ctr_data)
        self.scaler = StandardScaler()
        X = self.scaler.fit_transform(X)
        train, test = next(StratifiedShuffleSplit(n_splits=1, test_size=0.3, random_state=42).split(X, y))
        self.model = LogisticRegression(
            random_state=42, max_iter=1000, C=10.0, class_weight="balanced", solver="liblinear"
        ).fit(X[train], y[train])
        self.is_trained = True
        self.save_model()
        report = classification_report(y[test], self.model.predict(X[test]), output_dict=True, zero_division=0)
        average = report["weighted avg"]
        scores = [round(self.model.score(X[rows], y[rows]), 4) for rows in (train, test)]
        return {
            "success": True,
            "accuracy": scores[1],
            "auc": round(roc_auc_score(y[test], self.model.predict_proba(X[test])[:, 1]), 4),
            "precision": round(average["precision"], 4),
            "recall": round(average["recall"], 4),
            "f1": round(average["f1-score"], 4),
            "train_samples": len(train),
            "test_samples": len(test),
            "train_score": scores[0],
            "test_score": scores[1],
            "feature_weights": dict(zip(FEATURES, map(abs, self.model.coef_[0].tolist()))),
            "data_quality": {"total_samples": len(y), "click_rate": round(float(y.mean()), 4)},
        }

    def predict_ctr(self, query, doc_id, position, score, summary):
        if not self.is_trained:
            return score
        record = {"query": query, "summary": summary, "position": position, "score": score}
        row = columns(record, len(summary), [UNSEEN_RATE, UNSEEN_RATE], 0)
        return self.model.predict_proba(self.scaler.transform([row]))[0, 1]

    def save_model(self, filepath=None):
        if not self.is_trained:
            return
        filepath = filepath or os.path.join("models", "ctr_model.pkl")
        os.makedirs(os.path.dirname(filepath), exist_ok=True)
        with open(filepath, "wb") as file:
            pickle.dump(vars(self), file)

    def load_model(self, filepath=None):
        filepath = filepath or os.path.join("models", "ctr_model.pkl")
        if not os.path.exists(filepath):
            return False
        try:
            with open(filepath, "rb") as file:
                vars(self).update(pickle.load(file))
        except Exception as error:
            print(f"加载CTR模型失败: {error}")
            return False
        return True

    def reset(self):
        self.__init__()


def columns(record, doc_length, rates, checksum):
    import jieba

    query, summary = jieba.lcut(record["query"]), jieba.lcut(record["summary"])
    shared = len(set(query) & set(summary)) / len(set(query)) if query else 0
    return [
        *(record["position"], doc_length, len(record["query"]), len(record["summary"]), shared, *rates),
        *(1 / (record["position"] + 1), len(query), len(summary), checksum, record["score"]),
    ]


def too_little(ctr_data):
    """What the data lack for training, or None."""
    clicks = sum(record["clicked"] for record in ctr_data)
    if len(ctr_data) < 10 or clicks < 2 or len(ctr_data) - clicks < 2:
        return f"数据不足: {len(ctr_data)}条记录, {clicks}次点击"
    for field, name in (("query", "查询"), ("doc_id", "文档"), ("position", "位置")):
        values = {record[field] for record in ctr_data}
        if len(values) < 3:
            return f"{name}多样性不足，需要至少3个不同{name}，当前只有{len(values)}个"
    return None


model_in_module = CTRModel
