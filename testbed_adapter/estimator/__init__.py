"""The scikit-learn estimators, and what they are made of."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .classifier import WideDeepClassifier

__all__ = ["WideDeepClassifier"]


def __getattr__(name: str) -> Any:
    if name == "WideDeepClassifier":  # as pickles name it, too
        from .classifier import WideDeepClassifier

        return WideDeepClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
