"""The generated click log, split by time: the first 70% of the impressions to train on, the rest to test on.

A seed is a world of its own. The peers get the raw columns: query, document, their cross, position, numbers, words.
Ours gets the 36 columns of CTRModel.extract_features, which hold the same. The click rates so far, which are among
them, are the testbed's LR's alone: ours leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Optional

import numpy as np
import pandas as pd

from ..task import Impressions, Task

ABOUT = "the generated click log (testbed_adapter.lab.clicklog), split by time: first 70% to train on; needs no file"
_NUMBERS = ("position", "query_length", "summary_length", "match_score", "query_words", "summary_words", "score")


def of(records: int) -> Callable[[Path, int, Optional[int]], Task]:
    """The loader of a log of so many records."""

    def load(folder: Path, seed: int, rows: Optional[int]) -> Task:
        from testbed_adapter.host.ctr_model import FEATURE_NAMES, CTRModel
        from testbed_adapter.lab.clicklog import generate

        log, probabilities = generate(min(records, rows or records), seed)
        features, labels = CTRModel().extract_features(log)
        place = {name: index for index, name in enumerate(FEATURE_NAMES)}
        columns = pd.DataFrame({name: features[:, place[name]] for name in _NUMBERS})
        columns["query"] = [record["query"] for record in log]
        columns["document"] = [record["doc_id"] for record in log]
        for name in ("query", "summary"):
            words = [place[other] for other in FEATURE_NAMES if other.startswith(f"{name}_word_")]
            columns[f"{name}_terms"] = _terms(features[:, words])
        labels, count = labels.astype(np.int64), len(labels) * 7 // 10
        return Task(
            columns,
            labels,
            np.arange(count),
            np.arange(count, len(labels)),
            crosses=(("query", "document"),),
            impressions=Impressions(features, probabilities),
        )

    return load


def _terms(ids: np.ndarray) -> pd.Series:
    """The words of each row, by their ids; 0 is none."""
    return pd.Series([tuple(f"{word:.0f}" for word in row if word) for row in ids.tolist()], dtype=object)
