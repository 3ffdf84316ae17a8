"""Locks that one training at a time holds. A child process of a fork starts with none of them held."""

from __future__ import annotations

import os
import threading
from typing import Any

__all__ = ["TrainingLock", "training_lock"]


class TrainingLock:
    """A re-entrant lock. Copies and pickles of its owner get one of their own."""

    def __init__(self) -> None:
        # By process: a child's copy of its parent's may be held by a thread that is not there.
        self._locks: dict[int, Any] = {}

    def __enter__(self) -> None:
        self._locks.setdefault(os.getpid(), threading.RLock()).acquire()

    def __exit__(self, *error: object) -> None:
        if os.getpid() in self._locks:  # not in a child that was forked meanwhile
            self._locks[os.getpid()].release()

    def __reduce__(self) -> tuple[Any, ...]:
        return TrainingLock, ()


def training_lock(owner: Any) -> TrainingLock:
    """The owner's lock, made at the first call: an estimator has none before it is trained."""
    lock: TrainingLock = vars(owner).setdefault("_lock", TrainingLock())
    return lock
