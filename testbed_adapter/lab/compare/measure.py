"""Trains a model by the testbed's own loop and measures it: on the split's test part, and by the clock."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Union

import numpy as np
import numpy.typing as npt
from sklearn.metrics import balanced_accuracy_score, log_loss, roc_auc_score

from ...host.evaluation import decisions, split
from ...messages import Message
from ...messages.compare import FAILED
from .lr import ColumnsLR, Impression

Array = npt.NDArray[Any]


class TrainingError(RuntimeError):
    """A model answered that it cannot be trained on this log."""


@dataclass
class Contender:
    """A model to be: its row's key and name, and how to make it untrained."""

    key: str
    name: Union[str, Message]
    make: Callable[[], Any]


@dataclass
class Outcome:
    """What came of a contender. `figures` holds the table's row; what does not apply is absent."""

    key: str
    name: Union[str, Message]
    probabilities: Array  # of the test part
    figures: dict[str, float]
    model: Any = None
    features: Optional[Array] = field(default=None, repr=False)  # of all records, as the model extracts them


def quality(labels: Array, probabilities: Array, threshold: float = 0.5) -> dict[str, float]:
    """The table's figures of predicted click probabilities, clicks where they pass the threshold."""
    predicted = (probabilities > threshold).astype(int)
    return {
        "auc": float(roc_auc_score(labels, probabilities)),
        "log_loss": float(log_loss(labels, probabilities, labels=[0, 1])),
        "threshold": float(threshold),
        **decisions(labels, predicted),
        "balanced_accuracy": float(balanced_accuracy_score(labels, predicted)),
        "calibration": float(probabilities.mean() / labels.mean()),
    }


def timed_training(contender: Contender, records: Sequence[dict[str, Any]]) -> tuple[Any, float, Optional[Array]]:
    """`train(records)` as the testbed calls it, timed from the records to the trained and saved model: the model, the
    seconds, and the features where the model asked itself for them."""
    model = contender.make()
    kept: dict[str, Any] = {}
    extract = model.extract_features

    def keeping(records: Any) -> Any:  # the testbed's LR takes half a minute for them: once is enough
        kept["features"] = extract(records)
        return kept["features"]

    model.extract_features = keeping
    with working_folder(), contextlib.redirect_stdout(io.StringIO()):
        start = time.perf_counter()
        try:
            answer = model.train(records)
        except Exception as error:  # the testbed's models answer with an error, other contenders may raise
            raise TrainingError(FAILED.format(name=contender.name, error=f"{type(error).__name__}: {error}")) from error
        seconds = time.perf_counter() - start
    del model.extract_features
    if "error" in answer:
        raise TrainingError(FAILED.format(name=contender.name, error=answer["error"]))
    return model, seconds, kept["features"][0] if "features" in kept else None


def train(contender: Contender, records: Sequence[dict[str, Any]], labels: Array) -> Outcome:
    """Trains it, timed, and measures it on the split's test part."""
    model, seconds, features = timed_training(contender, records)
    _, test = split(labels)
    if features is None:
        features = model.extract_features(records)[0]
    scaled = model.scaler.transform(features)
    probabilities = np.asarray(model.model.predict_proba(scaled[test])[:, 1], dtype=np.float64)
    # Each by its own decision: the LR's classes weigh the same at 0.5, ours at the click rate.
    figures = quality(labels[test], probabilities, getattr(model.model, "threshold_", 0.5))
    if type(model) is not ColumnsLR:  # its columns come from our library: that time is nobody's
        figures["train_seconds"] = seconds
    return Outcome(contender.key, contender.name, probabilities, figures, model, features)


@contextlib.contextmanager
def working_folder() -> Iterator[None]:
    """A temporary working folder: `train` saves to models/ under it."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="compare-") as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def impressions(records: Sequence[dict[str, Any]], rows: Array, most: int, seed: int) -> list[Impression]:
    """Some of the rows, as `predict_ctr` takes them."""
    chosen = np.random.default_rng([seed, 4]).choice(rows, size=min(most, len(rows)), replace=False)
    found = []
    for row in chosen.tolist():
        record = records[row]
        query, doc_id, position, score, summary = (
            record[name] for name in ("query", "doc_id", "position", "score", "summary")
        )
        found.append((query, doc_id, position, float(score), summary))
    return found


def time_predictions(outcome: Outcome, shown: Sequence[Impression], rewriter: Rewriter) -> None:
    """Median time of one `predict_ctr`, in µs: on texts that this process has not cut into words before, and on the
    impressions themselves after each has been asked for once."""
    predict = outcome.model.predict_ctr
    outcome.figures["predict_new_us"] = median_time(predict, [rewriter.anew(one) for one in shown])
    median_time(predict, shown)
    outcome.figures["predict_seen_us"] = median_time(predict, shown)


def median_time(call: Callable[..., Any], shown: Sequence[Impression]) -> float:
    """Of one call, in µs."""
    times = []
    with contextlib.redirect_stdout(io.StringIO()):
        for impression in shown:
            start = time.perf_counter_ns()
            call(*impression)
            times.append(time.perf_counter_ns() - start)
    return float(np.median(times)) / 1000


class Rewriter:
    """Makes an impression's texts new: the same words in an order that has not been there before."""

    def __init__(self, records: Sequence[dict[str, Any]], seed: int) -> None:
        self._taken = {record["query"] for record in records} | {record["summary"] for record in records} | {""}
        self._rng = np.random.default_rng([seed, 5])

    def anew(self, impression: Impression) -> Impression:
        import jieba

        query, doc_id, position, score, summary = impression
        query_words, summary_words = jieba.lcut(query), jieba.lcut(summary)
        new_query = self._new(query_words, summary_words)
        return new_query, doc_id, position, score, self._new(summary_words, query_words)

    def _new(self, words: list[str], more: list[str]) -> str:
        """A shuffle; where all orders are taken, as of a single word, further words join."""
        words = list(words)
        for attempt in range(1, 100_000):
            text = "".join(words[i] for i in self._rng.permutation(len(words)))
            if text not in self._taken:
                break
            if attempt % 8 == 0:
                words.append(more[int(self._rng.integers(len(more)))] if more and attempt < 80 else str(attempt))
        self._taken.add(text)
        return text
