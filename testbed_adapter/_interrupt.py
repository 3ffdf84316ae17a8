"""Ctrl-C during a long call into the library.

Python runs its signal handlers in the main thread, between byte codes; while the library computes, that can only be
inside the progress callback. An exception raised there outside a `try` (a handler may run before the callback's first
line) would be printed and lost. So for the time of the call the handler in place is wrapped: what it raises is kept,
the callback sees it and cancels, and the caller raises it afterwards.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Optional


class KeptInterrupt:
    """A context in which what the SIGINT handler raises is kept in `error` instead. Only the main thread has one."""

    def __init__(self) -> None:
        self.error: Optional[BaseException] = None
        self._previous: Any = None

    def __enter__(self) -> KeptInterrupt:
        if threading.current_thread() is threading.main_thread():
            previous = signal.getsignal(signal.SIGINT)
            if callable(previous):
                signal.signal(signal.SIGINT, self._handle)
                self._previous = previous
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    def _handle(self, number: int, frame: Optional[FrameType]) -> None:
        try:
            self._previous(number, frame)
        except BaseException as error:
            self.error = error
