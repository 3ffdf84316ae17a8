"""The testbed's logistic regression's 12 columns, written anew from its description, row by row and plainly."""

from __future__ import annotations

from typing import Any

import jieba
import numpy as np


def lr_features(records: list[dict[str, Any]]) -> np.ndarray:
    """Shape (records, 12). Histories count strictly earlier records; of equal timestamps, those that stand before."""
    order = sorted(range(len(records)), key=lambda index: records[index]["timestamp"])  # sorted() is stable
    rows: list[Any] = [None] * len(records)
    clicks: dict[tuple[str, str], list[int]] = {}
    for index in order:
        record = records[index]
        rates = []
        for field in ("query", "doc_id"):
            seen = clicks.setdefault((field, record[field]), [])
            rates.append(np.mean(seen) if seen else 0.1)
        query, summary = jieba.lcut(record["query"]), jieba.lcut(record["summary"])
        rows[index] = [
            record["position"],
            record["doc_length"],
            len(record["query"]),
            len(record["summary"]),
            len(set(query) & set(summary)) / len(set(query)) if query else 0,
            *rates,
            1.0 / (record["position"] + 1),
            len(query),
            len(summary),
            sum(ord(character) for character in str(record["timestamp"])) % 1000,
            record["score"],
        ]
        for field in ("query", "doc_id"):
            clicks[field, record[field]].append(int(record["clicked"]))
    return np.array(rows, dtype=np.float64)
