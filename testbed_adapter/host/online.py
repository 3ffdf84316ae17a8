"""Whether the testbed trains online just now: the hook says it around `ModelService.train_model`, CTRModel.train asks.

The testbed's `train` is called with the records alone, the same for a first training and for an online one. The answer
belongs to the thread (or task) that trains: another one that trains offline meanwhile is not touched.

And whether a click that is recorded may trigger it: the testbed's own trigger is commented out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

TRIGGER = "CTR_ONLINE"
AUTO = "auto"

_online: ContextVar[bool] = ContextVar("testbed_adapter.host.online", default=False)


def is_online() -> bool:
    """True inside `online()`, in this thread."""
    return _online.get()


@contextmanager
def online(on: bool = True) -> Iterator[None]:
    """While it runs, `is_online()` is `on` in this thread; then what it was before."""
    token = _online.set(bool(on))
    try:
        yield
    finally:
        _online.reset(token)


def is_automatic() -> bool:
    return os.environ.get(TRIGGER) == AUTO
