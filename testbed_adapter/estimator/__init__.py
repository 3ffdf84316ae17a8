"""The scikit-learn estimators, and what they are made of."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .classifier import CTRClassifier
    from .wide_deep import WideDeepClassifier

__all__ = ["CTRClassifier", "WideDeepClassifier"]


def __getattr__(name: str) -> Any:
    if name == "WideDeepClassifier":  # as pickles name it, too
        from .wide_deep import WideDeepClassifier

        return WideDeepClassifier
    if name == "CTRClassifier":
        from .classifier import CTRClassifier

        return CTRClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
