"""The pictures' numbers, for results.json: the very ones that are drawn. docs/results.md names the keys."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Optional

from ...messages import Message
from ..clicklog.vocabulary import TOPICS
from ..compare.run import Run
from .calibration import bins, counts, expected_calibration_error
from .cold_start import all_levels
from .crosses import MOST, Cross, heaviest_crosses
from .heaviest import groups_of
from .inside import Inside
from .learning import histories
from .names import Named
from .neighbours import all_nearest
from .positions import places
from .roc import Curve, precision_recall_curves, roc_curves
from .why import explained

_DIGITS = 6


def numbers(run: Run, inside: Optional[Inside]) -> dict[str, Any]:
    """By picture; of Wide & Deep's inside nothing where the model does not tell."""
    found: dict[str, Any] = {
        "roc": _curves(roc_curves(run), "false_positive_rate", "true_positive_rate", "auc"),
        "precision_recall": _curves(precision_recall_curves(run), "recall", "precision", "average_precision"),
        "calibration": _calibration(run),
        "prediction_counts": dict(zip(("edges", "impressions"), counts(run))),
        "positions": _positions(run),
        "cold_start": _cold_start(run),
        "learning": _learning(run),
    }
    if inside is not None:
        found.update(
            why=_why(inside),
            crosses=dict(zip(("positive", "negative"), map(_crosses, heaviest_crosses(inside, MOST)))),
            weights=_weights(inside),
            neighbours=_neighbours(inside),
            embedding_maps=_maps(inside),
        )
    rounded: dict[str, Any] = _rounded(found)
    return rounded


def _rounded(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _rounded(value) for key, value in found.items()}
    if isinstance(found, (list, tuple)):
        return [_rounded(value) for value in found]
    if isinstance(found, float):
        return round(found, _DIGITS) if math.isfinite(found) else None
    return found


def _curves(curves: dict[str, Curve], x: str, y: str, area: str) -> dict[str, Any]:
    return {
        key: {area: curve.area, x: [point[0] for point in curve.points], y: [point[1] for point in curve.points]}
        for key, curve in curves.items()
    }


def _calibration(run: Run) -> dict[str, Any]:
    labels = run.labels[run.test]
    binned = bins(run)
    return {
        one.key: {
            "expected_calibration_error": expected_calibration_error(labels, one.probabilities),
            "bins": [row._asdict() for row in binned[one.key]],
        }
        for one in run.outcomes
    }


def _positions(run: Run) -> list[dict[str, Any]]:
    return [
        {
            "position": place.position,
            "impressions": place.shown,
            "click_rate": place.click_rate,
            "interval": [place.low, place.high],
            "predicted": place.predicted,
        }
        for place in places(run)
    ]


def _cold_start(run: Run) -> list[dict[str, Any]]:
    return [
        {
            "same": fields,
            "seen": seen,
            "impressions": level.count,
            "click_rate": level.click_rate if level.count else None,
            "figures": level.figures,
        }
        for fields, found in all_levels(run)
        for seen, level in zip(("often", "rarely", "never"), found)
    ]


def _learning(run: Run) -> dict[str, Any]:
    columns = ("epoch", "train_log_loss", "validation_log_loss")
    return {
        history.key: {
            "best_epoch": history.best_epoch,
            "dropout": history.dropout,
            **{column: [row.get(column) for row in history.epochs] for column in columns},
        }
        for history in histories(run)
    }


def _why(inside: Inside) -> Optional[dict[str, Any]]:
    found = explained(inside)
    if found is None:
        return None
    row, told, _ = found
    record, truth = inside.run.log.records[row], inside.run.log.probabilities
    return {
        **{name: record[name] for name in ("query", "doc_id", "position", "score", "summary")},
        "true_probability": None if truth is None else float(truth[row]),
        "probability": told.probability,
        "logit": told.logit,
        "bias": told.bias,
        "terms": [vars(term) for term in told.terms],
        "deep": told.deep,
    }


def _crosses(found: Iterable[Cross]) -> list[dict[str, Any]]:
    return [
        {
            "query": one.query.name,
            "doc_id": one.document.name,
            "weight": one.weight,
            "impressions": one.shown,
            "clicks": one.clicks,
        }
        for one in found
    ]


def _weights(inside: Inside) -> dict[str, Any]:
    return {
        group.key: [{"name": Message.of(one.label).en, "weight": one.weight} for one in group.weights]
        for group in groups_of(inside)
    }


def _neighbours(inside: Inside) -> dict[str, Any]:
    return {
        key: [
            {
                **_named(one),
                "nearest": [
                    {"name": other.named.name, "cosine": other.cosine, "shared_words": other.shared} for other in near
                ],
            }
            for one, near in found
        ]
        for key, found in all_nearest(inside).items()
    }


def _maps(inside: Inside) -> dict[str, Any]:
    by_topic = inside.run.log.probabilities is not None  # others have no topics
    return {
        one.key: {
            "name": [point.named.name for point in one.points],
            "impressions": [point.named.shown for point in one.points],
            "click_rate": [point.named.click_rate for point in one.points],
            "x": [point.x for point in one.points],
            "y": [point.y for point in one.points],
            **({"topic": [_topic(point.topic) for point in one.points]} if by_topic else {}),
        }
        for one in inside.maps
    }


def _topic(topic: Optional[int]) -> Optional[str]:
    return None if topic is None else TOPICS[topic][0]


def _named(one: Named) -> dict[str, Any]:
    return {"name": one.name, "impressions": one.shown}
