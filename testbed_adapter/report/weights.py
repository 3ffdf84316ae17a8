"""The heaviest weights of the wide part, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from .names import Names

Array = npt.NDArray[Any]
_FIRST = 2  # a vocabulary's first row: before it stand those of missing and unknown values


@dataclass(frozen=True)
class Weight:
    label: str
    weight: float
    detail: str  # for the curious: the whole text, how often it was seen


@dataclass(frozen=True)
class Group:
    title: str
    weights: list[Weight]  # heaviest first


def entries(tensors: Mapping[str, Array], feature: str) -> list[str]:
    """A feature's vocabulary, in the order of its rows."""
    data = tensors[f"vocabulary.{feature}.bytes"].tobytes()
    ends = tensors[f"vocabulary.{feature}.offsets"].tolist()
    return [data[start:end].decode("utf-8", "replace") for start, end in zip(ends, ends[1:])]


def heaviest(
    info: Mapping[str, Any],
    tensors: Mapping[str, Array],
    names: Names,
    scaler: Any,
    columns: tuple[str, ...],
    most: int,
) -> list[Group]:
    """The crosses, then ids and words, then the numbers' bins; of each the `most` weights farthest from 0."""
    crosses: list[Weight] = []
    ids: list[Weight] = []
    words: list[Weight] = []
    bins: list[Weight] = []
    for cross in info.get("crosses", ()):
        crosses += _cross(cross["name"], info, tensors, names, most)
    for feature in info.get("features", ()):
        name = feature["name"]
        weights = tensors.get(f"wide.{name}.weight")
        if weights is None:
            continue
        if feature["kind"] == "numeric":
            bins += _bins(name, weights, tensors, scaler, columns)
        else:
            (words if feature["kind"] == "multi" else ids).extend(_vocabulary(name, weights, tensors, names, most))
    groups = [
        Group("query × document 查询 × 文档", crosses),
        Group("queries and documents 查询与文档", ids),
        Group("words 词", words),
        Group("numbers, by bin 数值分箱", bins),
    ]
    return [Group(group.title, _top(group.weights, most)) for group in groups if group.weights]


def _top(weights: list[Weight], most: int) -> list[Weight]:
    return sorted((one for one in weights if one.weight), key=lambda one: -abs(one.weight))[:most]


def _vocabulary(feature: str, weights: Array, tensors: Mapping[str, Array], names: Names, most: int) -> list[Weight]:
    vocabulary = entries(tensors, feature)
    counts = tensors[f"vocabulary.{feature}.counts"].tolist()
    kind = feature.split("_")[0].replace("doc", "document")
    found = []
    for row in _rows(weights, _FIRST, most):
        at = row - _FIRST
        if at >= len(vocabulary):
            continue
        named = names.of(feature).get(vocabulary[at])
        text = vocabulary[at] if named is None else named.text
        detail = f"{kind}: {text}, {counts[at]}× in training"
        label = names.label(feature, vocabulary[at])
        found.append(Weight(label if kind == "document" else f"{kind} {label}", float(weights[row]), detail))
    return found


def _cross(name: str, info: Mapping[str, Any], tensors: Mapping[str, Array], names: Names, most: int) -> list[Weight]:
    weights, members = tensors.get(f"wide.{name}.weight"), tensors.get(f"cross.{name}.members")
    features = _members(name, info)
    if weights is None or members is None or len(features) != members.shape[1]:
        return []
    spoken = [_speaker(feature, tensors, names) for feature in features]
    found = []
    for row in _rows(weights, _FIRST, most):
        at = row - _FIRST
        if at >= len(members):
            continue
        parts = [speak(int(member)) for speak, member in zip(spoken, members[at])]
        label = " × ".join(short for short, _ in parts)
        found.append(Weight(label, float(weights[row]), " × ".join(text for _, text in parts)))
    return found


def _members(name: str, info: Mapping[str, Any]) -> list[str]:
    known = [feature["name"] for feature in info.get("features", ())]
    for cross in (info.get("options") or {}).get("crosses", ()):
        if "×".join(cross) == name:
            return list(cross)
    parts = name.split("×")
    return parts if all(part in known for part in parts) else []


def _speaker(feature: str, tensors: Mapping[str, Array], names: Names) -> Callable[[int], tuple[str, str]]:
    """From a member's row to its short and its long text."""
    if f"vocabulary.{feature}.bytes" not in tensors:
        return lambda row: (f"{feature} bin {row}", f"{feature} bin {row}")
    vocabulary = entries(tensors, feature)

    def speak(row: int) -> tuple[str, str]:
        if not _FIRST <= row < _FIRST + len(vocabulary):
            return ("missing", "no value") if row == 0 else ("unknown", "a value seen too seldom")
        named = names.of(feature).get(vocabulary[row - _FIRST])
        if named is None:
            return vocabulary[row - _FIRST], vocabulary[row - _FIRST]
        # A document is told by how its summary begins.
        short = named.text[len(named.name) + 1 :][:14] or named.name
        return (named.name if named.text == named.name else short), named.text

    return speak


def _bins(
    feature: str, weights: Array, tensors: Mapping[str, Array], scaler: Any, columns: tuple[str, ...]
) -> list[Weight]:
    """In the records' own units: what the scaler did is undone."""
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

    labels = ["missing", *(f"= {number(mode)}" for mode in modes)]
    for low, high in zip([None, *edges], [*edges, None]):
        labels.append(_range(None if low is None else number(low), None if high is None else number(high)))
    found = []
    for label, weight in zip(labels, weights.ravel()):
        name = f"{feature} {label}"
        found.append(Weight(name, float(weight), name))
    return found


def _range(low: Optional[str], high: Optional[str]) -> str:
    if low is None:
        return f"< {high}"
    return f"≥ {low}" if high is None else f"[{low}, {high})"


def _rows(weights: Array, first: int, most: int) -> list[int]:
    flat = np.abs(weights.ravel())
    order = np.argsort(-flat, kind="stable")
    return [int(row) for row in order if row >= first][:most]
