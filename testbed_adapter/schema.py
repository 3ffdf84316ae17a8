"""estimator.schema, under the name by which pickles of earlier versions ask for it."""

from __future__ import annotations

from .estimator.schema import Schema

__all__ = ["Schema"]
