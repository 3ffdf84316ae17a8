"""A model of a click log: trained from nothing, trained further on what is new, and read from its file."""

from __future__ import annotations

import json
from typing import Any, Callable, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from ..estimator import persistence
from ..messages import files
from ..native.errors import ModelFileError
from ..native.model import FilePath, NativeModel
from . import evaluation, incremental
from .evaluation import Rows
from .impressions import SCALED, ImpressionClassifier, ImpressionScaler
from .incremental import Growth, KnownLog
from .records import ClickLog

_extractor: Optional[NativeModel] = None


class TrainedModel(NamedTuple):
    """All of one training, which one assignment replaces."""

    classifier: ImpressionClassifier
    scaler: ImpressionScaler
    # The classifier's model at that time: who refits the classifier (the testbed's evaluation may) leaves this alone.
    native: NativeModel
    predict: Callable[..., float]
    metrics: dict[str, Any]
    log: Optional[KnownLog]


def extract_features(log: ClickLog) -> npt.NDArray[np.float64]:
    global _extractor
    if _extractor is None:
        _extractor = NativeModel()
    return _extractor.extract_features(log.table())


def train(classifier: ImpressionClassifier, log: ClickLog, train: Rows, test: Rows) -> TrainedModel:
    """From nothing, on the log's rows for training; measured on those for testing."""
    labels, features = log.clicked, extract_features(log)
    scaler = ImpressionScaler().fit(features)
    scaled = scaler.transform(features)
    del features  # of a million records 300 MB
    classifier.fit(scaled[train], labels[train])
    classifier._native.set_history(log.table(words=False), scaler.mean_, scaler.scale_)
    probabilities = classifier.predict_proba(scaled)[:, 1]
    metrics = evaluation.metrics(labels, probabilities, classifier.threshold_, train, test, len(train))
    held_out = np.zeros(len(labels), dtype=bool)
    held_out[test] = True
    return _with_notes(classifier, scaler, metrics, KnownLog.of(log, held_out))


def train_further(before: TrainedModel, growth: Growth, log: ClickLog) -> TrainedModel:
    """On what is new in the log, and a sample of what is old."""
    labels, part = log.clicked, incremental.rows_to_train(growth)
    # Other rows than these are not looked at. (Only the click rates so far need all; they are no features of it.)
    needed = np.flatnonzero(growth.held_out | np.isin(np.arange(len(labels)), part.rows))
    scaled = before.scaler.transform(extract_features(log.part(needed)))
    rows = np.searchsorted(needed, part.rows)
    classifier = incremental.continue_training(before.classifier, before.native, scaled[rows], labels[part.rows], part)
    if len(growth.late_clicks):
        classifier._native.set_history(log.table(words=False), before.scaler.mean_, before.scaler.scale_)
    elif growth.new:
        added = log.part(np.arange(len(log) - growth.new, len(log)))
        classifier._native.extend_history(added.table(words=False))
    probabilities = np.zeros(len(labels))
    probabilities[needed] = classifier.predict_proba(scaled)[:, 1]
    test, count = np.flatnonzero(growth.held_out), int((~growth.held_out).sum())
    metrics = evaluation.metrics(labels, probabilities, classifier.threshold_, part.rows, test, count)
    return _with_notes(classifier, before.scaler, metrics, growth.log)


def load(path: FilePath) -> TrainedModel:
    """OSError, or ModelFileError for a file that holds no model of a click log."""
    native = NativeModel.load(path)
    info = native.info()
    impressions = info.get("impressions")
    if not info["trained"] or not impressions or len(impressions["mean"]) != SCALED:
        raise ModelFileError(files.NOT_OF_A_LOG)
    classifier = ImpressionClassifier._of_native(native)
    scaler = ImpressionScaler().with_moments(impressions["mean"], impressions["scale"])
    notes = persistence.notes_of(info["metadata"]) or {}
    metrics = notes.get("metrics")
    log = KnownLog.from_json(notes.get("log"))
    return _assembled(classifier, scaler, metrics if isinstance(metrics, dict) else {}, log)


def _with_notes(
    classifier: ImpressionClassifier, scaler: ImpressionScaler, metrics: dict[str, Any], log: KnownLog
) -> TrainedModel:
    """The model's file keeps metrics and log with it."""
    metrics = {**metrics, "training_samples": metrics["train_samples"]}
    classifier._native.set_metadata(json.dumps({"metrics": metrics, "log": log.to_json()}))
    return _assembled(classifier, scaler, metrics, log)


def _assembled(
    classifier: ImpressionClassifier, scaler: ImpressionScaler, metrics: dict[str, Any], log: Optional[KnownLog]
) -> TrainedModel:
    # The testbed's fairness analysis is handed the inner model and looks for its scaler.
    classifier.scaler = scaler
    native = classifier._native
    return TrainedModel(classifier, scaler, native, native.impression_predictor(), metrics, log)
