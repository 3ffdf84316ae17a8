"""What the testbed checks before training and measures after it, with its own words, split and rounding."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score
from sklearn.model_selection import StratifiedShuffleSplit

from ..messages import Message
from ..messages import records as words
from ..messages.terminal import say
from .records import ClickLog

Rows = npt.NDArray[np.int64]


@dataclass
class DataQuality:
    total_samples: int
    clicks: int
    unique_queries: int = 0
    unique_docs: int = 0
    unique_positions: int = 0

    def as_dict(self) -> dict[str, Any]:
        counts = asdict(self)
        clicks = counts.pop("clicks")
        return {
            "total_samples": counts.pop("total_samples"),
            "click_rate": round(clicks / self.total_samples, 4),
            **counts,
        }


def data_quality(log: ClickLog) -> DataQuality:
    """Counts of a log. RecordError for a field it needs, the label's first."""
    return DataQuality(
        total_samples=len(log),
        clicks=int(log.clicked.sum()),
        unique_queries=len(log.query.distinct),
        unique_docs=len(log.doc_id.distinct),
        unique_positions=pc.count_distinct(pa.array(log.position)).as_py(),
    )


def too_little(quality: DataQuality, min_samples: int) -> Optional[Message]:
    """What the log lacks for training, in the testbed's order, and in Chinese in its words; None if nothing."""
    total, clicks = quality.total_samples, quality.clicks
    if total < min_samples:
        return words.TOO_FEW.format(least=min_samples, found=total)
    if clicks < 2:
        return words.TOO_FEW_CLICKS.format(found=clicks)
    if total - clicks < 2:
        return words.TOO_FEW_NON_CLICKS.format(found=total - clicks)
    if quality.unique_queries < 3:
        return words.TOO_FEW_QUERIES.format(found=quality.unique_queries)
    if quality.unique_docs < 3:
        return words.TOO_FEW_DOCUMENTS.format(found=quality.unique_docs)
    if quality.unique_positions < 3:
        return words.TOO_FEW_POSITIONS.format(found=quality.unique_positions)
    return None


def split(labels: npt.NDArray[Any]) -> tuple[Rows, Rows]:
    """The testbed's rows for training (70 %) and for testing."""
    splitter = StratifiedShuffleSplit(n_splits=1, test_size=0.3, random_state=42)
    train_rows, test_rows = next(splitter.split(np.zeros((len(labels), 1)), labels))
    return train_rows, test_rows


def further_split(labels: npt.NDArray[Any], held_out: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The rows for testing of a log that has grown: those of before, and of each class 30 % of the rows since. Of few
    new rows the share is kept over time, whatever their number."""
    old = len(held_out)
    grown = np.concatenate([held_out, np.zeros(len(labels) - old, dtype=bool)])
    random = np.random.RandomState(old % 2**32)
    for label in (0, 1):
        new = old + np.flatnonzero(labels[old:] == label)
        wanted = round(0.3 * (labels == label).sum()) - held_out[labels[:old] == label].sum()
        grown[random.permutation(new)[: max(int(wanted), 0)]] = True
    return grown


def metrics(
    labels: npt.NDArray[Any],
    probabilities: npt.NDArray[np.float64],
    threshold: float,
    trained: Rows,
    test_rows: Rows,
    train_samples: int,
) -> dict[str, Any]:
    """The testbed's metrics of the test rows: precision, recall and F1 are the classes' weighted averages.
    `train_score` is of the rows `trained` on now; `train_samples` counts all there are to train on. Other rows'
    probabilities are not looked at."""
    predicted = (probabilities > threshold).astype(np.int64)
    right = predicted == labels
    precision, recall, f1, _ = precision_recall_fscore_support(
        labels[test_rows], predicted[test_rows], average="weighted", zero_division=0
    )
    return {
        "accuracy": _rounded(right[test_rows].mean()),
        "auc": _rounded(_auc(labels[test_rows], probabilities[test_rows])),
        "precision": _rounded(precision),
        "recall": _rounded(recall),
        "f1": _rounded(f1),
        "train_samples": train_samples,
        "test_samples": len(test_rows),
        "train_score": _rounded(right[trained].mean()) if len(trained) else 0.0,
        "test_score": _rounded(right[test_rows].mean()),
    }


def _auc(labels: npt.NDArray[Any], probabilities: npt.NDArray[np.float64]) -> float:
    if len(np.unique(labels)) < 2:
        say("AUC计算失败: 测试集只有一个类别")
        return 0.0
    return float(roc_auc_score(labels, probabilities))


def empty_metrics(error: str) -> dict[str, Any]:
    return {
        "error": error,
        "auc": 0.0,
        "precision": 0.0,
        "recall": 0.0,
        "f1": 0.0,
        "train_samples": 0,
        "test_samples": 0,
        "train_score": 0.0,
        "test_score": 0.0,
    }


def _rounded(value: Any) -> float:
    return round(float(value), 4)
