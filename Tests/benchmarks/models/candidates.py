"""What is trained: each model that the library has, and Wide & Deep's parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

WIDE, DEEP = "wide", "deep"
# By model, what it has to be better than: other models, or Wide & Deep's parts.
ABLATIONS = {
    "lr": (),
    "fm": ("lr",),
    "wide_deep": (WIDE, DEEP),
    "deepfm": ("fm", DEEP),
    "dcn": (DEEP,),
    "dcn_v2": (DEEP, "dcn"),
    "dnn": ("lr",),
}


@dataclass(frozen=True)
class Candidate:
    """A model, or a part of Wide & Deep. arguments: the estimator's, over its defaults."""

    key: str
    title: str
    arguments: Mapping[str, Any]
    ablations: tuple[str, ...] = ()


def candidates(models: Optional[Iterable[str]] = None) -> list[Candidate]:
    """These models, or all, in the library's order, with their ablations; then the parts that are among these."""
    import testbed_adapter

    titles = {one["model"]: one["title"] for one in testbed_adapter.models()}
    asked = set(titles) if models is None else set(models)
    wanted = asked | {other for model in asked for other in ABLATIONS[model]}
    found = [
        Candidate(model, title, {"model": model}, ABLATIONS[model] if model in asked else ())
        for model, title in titles.items()
        if model in wanted
    ]
    parts = [Candidate(part, f"{part} only", {"model": "wide_deep", "part": part}) for part in (WIDE, DEEP)]
    return found + [part for part in parts if part.key in wanted]
