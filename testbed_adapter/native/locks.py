"""Locks that one training at a time holds. A child process of a fork starts with none of them held."""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import Any, Optional

__all__ = ["TrainingLock", "training_lock"]


class TrainingLock:
    """A re-entrant lock. Copies and pickles of its owner get one of their own."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._process = os.getpid()

    def __enter__(self) -> None:
        if self._process != os.getpid():
            with _making:
                # Held, perhaps, by a thread of the parent, which is not here.
                if self._process != os.getpid():
                    self._lock, self._process = threading.RLock(), os.getpid()
        self._lock.acquire()

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[Any, ...]:
        return TrainingLock, ()


_making = threading.Lock()


def training_lock(owner: Any) -> TrainingLock:
    """The owner's lock, made at the first call: an estimator has none before it is trained."""
    with _making:
        lock: TrainingLock = owner.__dict__.get("_lock") or TrainingLock()
        owner._lock = lock
        return lock


def _in_child() -> None:
    global _making
    _making = threading.Lock()


os.register_at_fork(after_in_child=_in_child)
