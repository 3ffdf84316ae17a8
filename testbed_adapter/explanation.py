"""estimator.explanation, under the name by which pickles of earlier versions ask for it."""

from __future__ import annotations

from .estimator.explanation import Explanation, Term

__all__ = ["Explanation", "Term"]
