"""What the testbed checks before training and measures after it, with its own words, split and rounding."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.metrics import accuracy_score, precision_recall_fscore_support, roc_auc_score
from sklearn.model_selection import train_test_split

from ..messages import Message
from ..messages import records as words
from ..messages.terminal import say
from .records import ClickLog

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Probabilities = npt.NDArray[np.float64]

_TEST_SHARE = 0.3


@dataclass
class DataQuality:
    total_samples: int
    clicks: int
    unique_queries: int
    unique_docs: int
    unique_positions: int

    def as_dict(self) -> dict[str, Any]:
        counts = asdict(self)
        rate = round(counts.pop("clicks") / self.total_samples, 4)
        return {"total_samples": counts.pop("total_samples"), "click_rate": rate, **counts}


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
    for message, found, least in (
        (words.TOO_FEW, total, min_samples),
        (words.TOO_FEW_CLICKS, clicks, 2),
        (words.TOO_FEW_NON_CLICKS, total - clicks, 2),
        (words.TOO_FEW_QUERIES, quality.unique_queries, 3),
        (words.TOO_FEW_DOCUMENTS, quality.unique_docs, 3),
        (words.TOO_FEW_POSITIONS, quality.unique_positions, 3),
    ):
        if found < least:
            return message.format(found=found, least=least)
    return None


def split(labels: npt.NDArray[Any]) -> tuple[Rows, Rows]:
    """The testbed's rows for training (70 %) and for testing."""
    rows = np.arange(len(labels))
    train_rows, test_rows = train_test_split(rows, test_size=_TEST_SHARE, random_state=42, stratify=labels)
    return train_rows, test_rows


def grown_split(labels: npt.NDArray[Any], test: Mask) -> Mask:
    """The rows for testing of a log that has grown: those of before, and of each class 30 % of the rows since. Of few
    new rows the share is kept over time, whatever their number."""
    old = len(test)
    grown = np.concatenate([test, np.zeros(len(labels) - old, dtype=bool)])
    random = np.random.RandomState(old % 2**32)
    for label in (0, 1):
        new = old + np.flatnonzero(labels[old:] == label)
        wanted = round(_TEST_SHARE * (labels == label).sum()) - test[labels[:old] == label].sum()
        grown[random.permutation(new)[: max(int(wanted), 0)]] = True
    return grown


def decisions(labels: npt.NDArray[Any], predicted: npt.NDArray[Any]) -> dict[str, float]:
    """How good predicted labels are; precision, recall and F1 are the classes' weighted averages, as the testbed has
    them: recall is then accuracy."""
    weighted = precision_recall_fscore_support(labels, predicted, average="weighted", zero_division=0)
    named = dict(zip(("precision", "recall", "f1"), map(float, weighted[:3])))
    return {"accuracy": float(accuracy_score(labels, predicted)), **named}


def metrics(
    labels: npt.NDArray[Any],
    probabilities: Probabilities,
    threshold: float,
    trained: Rows,
    test_rows: Rows,
    train_samples: int,
) -> dict[str, Any]:
    """The testbed's metrics of the test rows. `train_score` is of the rows `trained` on now; `train_samples` counts all
    there are to train on. Other rows' probabilities are not looked at."""
    predicted = (probabilities > threshold).astype(np.int64)
    of_test = {name: round(value, 4) for name, value in decisions(labels[test_rows], predicted[test_rows]).items()}
    train_score = round(float((predicted[trained] == labels[trained]).mean()), 4) if len(trained) else 0.0
    accuracy = of_test.pop("accuracy")
    return {
        "accuracy": accuracy,
        "auc": round(_auc(labels[test_rows], probabilities[test_rows]), 4),
        **of_test,
        "train_samples": train_samples,
        "test_samples": len(test_rows),
        "train_score": train_score,
        "test_score": accuracy,
    }


def _auc(labels: npt.NDArray[Any], probabilities: Probabilities) -> float:
    if len(np.unique(labels)) < 2:
        say("AUC计算失败: 测试集只有一个类别")
        return 0.0
    return float(roc_auc_score(labels, probabilities))


def empty_metrics(error: str) -> dict[str, Any]:
    scores = dict.fromkeys(("auc", "precision", "recall", "f1"), 0.0)
    return {"error": error, **scores, "train_samples": 0, "test_samples": 0, "train_score": 0.0, "test_score": 0.0}
