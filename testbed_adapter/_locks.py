"""native.locks, under the name by which pickles of earlier versions ask for it."""

from __future__ import annotations

from .native.locks import TrainingLock

__all__ = ["TrainingLock"]
