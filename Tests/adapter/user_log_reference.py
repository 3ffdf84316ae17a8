"""The reference points of the generated log with users.

    python Tests/adapter/user_log_reference.py [RECORDS [SEEDS]]

Logistic regressions on the earlier 70% of the log, AUC on the later 30%:
- ids: one-hot query, document, position, query × document and user;
- mean, history: the same, and how well the candidate's words match those of the documents in the history: on average;
  and besides the best match, where later clicks count more, and whether the candidate is among them;
- oracle: the true click probabilities.
Of conversions: their rate among clicks, the true probability's mean over clicked and over all impressions, its AUC
among the clicks, and the true click probability's AUC for the same.
"""

from __future__ import annotations

import sys
from typing import Any

import jieba
import numpy as np
import pandas as pd
import scipy.sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OneHotEncoder

from testbed_adapter.lab.clicklog import generate_users
from testbed_adapter.lab.clicklog.vocabulary import TOPIC_OF


def matches(records: list[dict[str, Any]]) -> np.ndarray:
    """A column each: the best match with the history, the mean one, and whether the document is in it."""
    words = {one["doc_id"]: set(jieba.lcut(one["summary"])) & TOPIC_OF.keys() for one in records}

    def match(one: str, other: str) -> float:
        both = len(words[one]) * len(words[other])
        return len(words[one] & words[other]) / both**0.5 if both else 0.0

    found = []
    for record in records:
        values = [match(record["doc_id"], clicked) for clicked in reversed(record["history"])]
        best = max((value * 0.9**age for age, value in enumerate(values)), default=0.0)
        found.append([best, np.mean(values) if values else 0.0, record["doc_id"] in record["history"]])
    return np.array(found, dtype=float)


def reference(records: int, seed: int) -> dict[str, float]:
    log = generate_users(records, seed)
    clicked = np.array([one["clicked"] for one in log.records])
    converted = np.array([one["converted"] for one in log.records])
    train, test = slice(0, int(0.7 * records)), slice(int(0.7 * records), None)
    ids = [
        [one["query"], one["doc_id"], str(one["position"]), one["query"] + one["doc_id"], one["user_id"]]
        for one in log.records
    ]
    one_hot = OneHotEncoder(handle_unknown="ignore").fit(ids[train]).transform(ids)

    def auc(*columns: np.ndarray) -> float:
        table = scipy.sparse.hstack([one_hot, *(column[:, None] / column.std() for column in columns)]).tocsr()
        model = LogisticRegression(C=0.3, max_iter=300).fit(table[train], clicked[train])
        return roc_auc_score(clicked[test], model.predict_proba(table[test])[:, 1])

    best, mean, again = matches(log.records).T
    clicks = clicked == 1
    return {
        "click rate": clicked.mean(),
        "ids": auc(),
        "mean": auc(mean),
        "history": auc(best, mean, again),
        "oracle": roc_auc_score(clicked[test], log.click[test]),
        "conversion rate": converted.sum() / clicked.sum(),
        "conversion, clicked": log.conversion[clicks].mean(),
        "conversion, all": log.conversion.mean(),
        "conversion AUC": roc_auc_score(converted[clicks], log.conversion[clicks]),
        "its AUC by clicks": roc_auc_score(converted[clicks], log.click[clicks]),
    }


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    table = pd.DataFrame([reference(size, seed) for seed in range(seeds)])
    print(pd.DataFrame({"mean": table.mean(), "standard error": table.sem()}).round(3).to_string())
