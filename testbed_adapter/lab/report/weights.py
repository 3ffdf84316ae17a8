"""The weights of the wide part, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ...messages import Message
from ...native.tensors import FIRST, ensemble_mean, vocabulary
from .names import Names
from .text import Said, feature_name

Array = npt.NDArray[Any]
PAIR = "query_id×doc_id"


@dataclass(frozen=True)
class Weight:
    label: Said
    weight: float
    detail: Said  # for the curious: the whole text, how often it was seen


@dataclass(frozen=True)
class Group:
    key: str
    title: Message
    weights: list[Weight]  # heaviest first; bins by their place


def heaviest(
    info: Mapping[str, Any],
    tensors: Mapping[str, Array],
    names: Names,
    scaler: Any,
    columns: tuple[str, ...],
    most: int,
) -> list[Group]:
    """Ids, words and the numbers' bins; of each the `most` weights farthest from 0."""
    ids: list[Weight] = []
    words: list[Weight] = []
    bins: list[Weight] = []
    for feature in info.get("features", ()):
        name = feature["name"]
        if f"wide.{name}.weight" not in tensors:
            continue
        weights = ensemble_mean(tensors, f"wide.{name}.weight")
        if feature["kind"] == "numeric":
            bins += _bins(name, weights, tensors, scaler, columns)
        else:
            (words if feature["kind"] == "multi" else ids).extend(_vocabulary(name, weights, tensors, names, most))
    groups = [
        Group("ids", Message("queries and documents", "查询与文档"), ids),
        Group("words", Message("words", "词"), words),
        Group("bins", Message("numbers, by bin", "数值分箱"), bins),
    ]
    return [
        replace(group, weights=_in_order(group, most) if group.weights is bins else _top(group.weights, most))
        for group in groups
        if group.weights
    ]


def pair_weights(tensors: Mapping[str, Array]) -> dict[tuple[str, str], float]:
    """The weights of the query × document cross, by the two's entries in their vocabularies."""
    members = tensors.get(f"cross.{PAIR}.members")
    if members is None or f"wide.{PAIR}.weight" not in tensors:
        return {}
    weights = ensemble_mean(tensors, f"wide.{PAIR}.weight")
    queries, documents = vocabulary(tensors, "query_id"), vocabulary(tensors, "doc_id")
    return {
        (queries[query - FIRST], documents[document - FIRST]): float(weight)
        for (query, document), weight in zip(members.tolist(), weights.ravel()[FIRST:])
        if query >= FIRST and document >= FIRST  # the others are of unknown ones
    }


def _top(weights: list[Weight], most: int) -> list[Weight]:
    return sorted((one for one in weights if one.weight), key=lambda one: -abs(one.weight))[:most]


def _in_order(group: Group, most: int) -> list[Weight]:
    heaviest = _top(group.weights, most)
    return [one for one in group.weights if one in heaviest]


def _vocabulary(feature: str, weights: Array, tensors: Mapping[str, Array], names: Names, most: int) -> list[Weight]:
    entries = vocabulary(tensors, feature)
    counts = tensors[f"vocabulary.{feature}.counts"].tolist()
    kind = feature_name(feature) + " "
    found = []
    for row in _rows(weights, FIRST, most):
        at = row - FIRST
        if at >= len(entries):
            continue
        named = names.of(feature).get(entries[at])
        text = entries[at] if named is None else named.text
        seen = Message(f", {counts[at]}× in training", f"，训练中 {counts[at]} 次")
        label = kind + names.label(feature, entries[at])
        found.append(Weight(label, float(weights[row]), kind + text + seen))
    return found


def _bins(
    feature: str, weights: Array, tensors: Mapping[str, Array], scaler: Any, columns: tuple[str, ...]
) -> list[Weight]:
    """By their place, in the records' own units: what the scaler did is undone."""
    edges, modes = tensors.get(f"bins.{feature}.edges"), tensors.get(f"bins.{feature}.modes")
    if edges is None or modes is None:
        return []
    mean, scale = 0.0, 1.0
    if feature in columns and getattr(scaler, "mean_", None) is not None:
        at = columns.index(feature)
        if at < len(scaler.mean_):
            mean, scale = float(scaler.mean_[at]), float(scaler.scale_[at])

    def number(value: float) -> str:
        return f"{value * scale + mean:.4g}"

    # With each the number that it begins at; a number of its own comes before the bin that begins there.
    labels: list[tuple[float, Said]] = [(-math.inf, Message("missing", "缺失"))]
    labels += [(float(mode), f"= {number(mode)}") for mode in modes]
    for low, high in zip([None, *edges], [*edges, None]):
        told = _range(None if low is None else number(low), None if high is None else number(high))
        labels.append((-math.inf if low is None else float(low), told))
    found = []
    for (_, label), weight in sorted(zip(labels, weights.ravel().tolist()), key=lambda one: one[0][0]):
        name = feature_name(feature) + " " + label
        found.append(Weight(name, weight, name))
    return found


def _range(low: Optional[str], high: Optional[str]) -> str:
    if low is None:
        return f"< {high}"
    return f"≥ {low}" if high is None else f"[{low}, {high})"


def _rows(weights: Array, first: int, most: int) -> list[int]:
    flat = np.abs(weights.ravel())
    order = np.argsort(-flat, kind="stable")
    return [int(row) for row in order if row >= first][:most]
