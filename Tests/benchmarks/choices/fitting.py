"""Trains ours with a setting."""

from __future__ import annotations

from typing import Any

from ..quality.models import ours
from ..quality.task import Task
from .choice import BOTH_PARTS, NO_BIN_EMBEDDINGS, Setting


def fit(setting: Setting, task: Task, seed: int) -> Any:
    return ours.fitted(task, seed, setting.options, lambda kind: changed(kind, setting.change))


def changed(kind: type, change: str) -> Any:
    """The estimator's class with a change that is none of its arguments."""
    if change == NO_BIN_EMBEDDINGS:

        def _options(self: Any) -> Any:
            return {**kind._options(self), "bin_embeddings": False}  # type: ignore[attr-defined]

        return type(kind.__name__, (kind,), {"_options": _options})
    if change == BOTH_PARTS:

        def _make_schema(self: Any, *arguments: Any) -> Any:
            schema = kind._make_schema(self, *arguments)  # type: ignore[attr-defined]
            schema.features = [{**feature, "part": "both"} for feature in schema.features]
            return schema

        return type(kind.__name__, (kind,), {"_make_schema": _make_schema})
    if change:
        raise ValueError(f"there is no change {change!r}")
    return kind
