"""The reference points that set the generated click log's difficulty.

    python Tests/adapter/click_log_reference.py [RECORDS [SEEDS]]

Four models on the testbed's split (30% held out, stratified, random state 42):
- oracle: the true click probabilities, the ceiling;
- LR: the testbed's logistic regression on its 12 columns, with its settings; the columns computed by pandas, quickly;
- one-hot: logistic regression on query, document, position and query × document, one weight each: memorisation alone;
- topics: the same and each product of a query topic and a document topic (which a model has to find in the words):
  what generalisation adds. It also gives both models' AUC on the third of the rows whose queries are rarest.
A model's share is the part of the gap between LR and oracle that it closes.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.clicklog.world import make_world


def split(labels: np.ndarray) -> Any:
    return next(StratifiedShuffleSplit(n_splits=1, test_size=0.3, random_state=42).split(labels[:, None], labels))


def host_columns(frame: pd.DataFrame) -> np.ndarray:
    """The 12 columns of the testbed's LR, for records in time order."""

    def history(key: str) -> np.ndarray:
        groups = frame.groupby(key)["clicked"]
        seen, clicks = groups.cumcount(), groups.cumsum() - frame["clicked"]
        return np.where(seen > 0, clicks / seen.clip(lower=1), 0.1)

    words = {text: cut(text) for text in {*frame["query"], *frame["summary"]}}
    query, summary = frame["query"].map(words), frame["summary"].map(words)
    match = [len({*q} & {*s}) / len({*q}) for q, s in zip(query, summary)]
    checksum = frame["timestamp"].map(lambda time: sum(map(ord, time)) % 1000)
    return np.column_stack(
        [
            frame["position"], frame["doc_length"], frame["query"].str.len(), frame["summary"].str.len(), match,
            history("query"), history("doc_id"), 1 / (frame["position"] + 1), query.str.len(), summary.str.len(),
            checksum, frame["score"],
        ]
    )  # fmt: skip


def cut(text: str) -> list[str]:
    import jieba

    return jieba.lcut(text)


def reference(records: int, seed: int, topics: bool = True) -> dict[str, float]:
    log, probabilities = generate(records, seed)
    frame = pd.DataFrame(log)
    labels = frame["clicked"].to_numpy()
    train, test = split(labels)

    def auc(scores: np.ndarray, rows: Any = slice(None)) -> float:
        return float(roc_auc_score(labels[test][rows], scores[rows]))

    columns = StandardScaler().fit_transform(host_columns(frame))
    lr = LogisticRegression(random_state=42, max_iter=1000, C=10.0, class_weight="balanced", solver="liblinear")
    lr.fit(columns[train], labels[train])

    ids = frame[["query", "doc_id", "position"]].assign(pair=frame["query"] + "\n" + frame["doc_id"])
    encoder = OneHotEncoder(handle_unknown="ignore").fit(ids.iloc[train])
    one_hot = encoder.transform(ids)
    memory = LogisticRegression(C=1.0, solver="liblinear", max_iter=300).fit(one_hot[train], labels[train])
    remembered = memory.predict_proba(one_hot[test])[:, 1]

    result = {
        "click rate": float(labels.mean()),
        "oracle": auc(probabilities[test]),
        "LR": auc(lr.predict_proba(columns[test])[:, 1]),
        "one-hot": auc(remembered),
    }
    gap = result["oracle"] - result["LR"]
    result["one-hot share"] = (result["one-hot"] - result["LR"]) / gap
    if topics:
        world = make_world(seed)
        query = frame["query"].map({text: i for i, text in enumerate(world.query_texts)})
        document = frame["doc_id"].str[4:].astype(int)
        products = np.einsum("ij,ik->ijk", world.query_topics[query], world.doc_topics[document]).reshape(records, -1)
        both = scipy.sparse.hstack([one_hot, scipy.sparse.csr_matrix(products)]).tocsr()
        general = LogisticRegression(C=0.3, max_iter=300).fit(both[train], labels[train])
        generalised = general.predict_proba(both[test])[:, 1]
        evidence = frame["query"].iloc[test].map(frame["query"].iloc[train].value_counts()).fillna(0)
        rare = (evidence <= evidence.quantile(1 / 3)).to_numpy()
        result["topics"] = auc(generalised)
        result["topics share"] = (result["topics"] - result["LR"]) / gap
        result["one-hot, rare"] = auc(remembered, rare)
        result["topics, rare"] = auc(generalised, rare)
    return result


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    table = pd.DataFrame([reference(size, seed) for seed in range(seeds)])
    print(pd.DataFrame({"mean": table.mean(), "standard error": table.sem()}).round(4).to_string())
