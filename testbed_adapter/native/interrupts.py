"""Signals during a long call into the library: Ctrl-C, alarms, requests to end.

Python runs its signal handlers in the main thread, between byte codes; while the library computes, that can only be
inside the progress callback. An exception raised there outside a `try` (a handler may run before the callback's first
line) would be printed and lost. So for the time of the call the handlers in place are wrapped: what one raises is kept,
the callback sees it and cancels, and the caller raises it afterwards.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Optional


class DeferredInterrupt:
    """A context in which what a signal's handler raises is kept in `error` instead, the first of them. Only the main
    thread has one."""

    def __init__(self) -> None:
        self.error: Optional[BaseException] = None
        self._previous: dict[int, Any] = {}
        # What a signal finds when its handler is just being wrapped or unwrapped must not be lost either: a wrapped
        # handler that keeps nothing is as good as the handler itself.
        self._defers = False

    def __enter__(self) -> DeferredInterrupt:
        if threading.current_thread() is threading.main_thread():
            for number in signal.valid_signals():
                previous = signal.getsignal(number)
                if callable(previous):
                    self._previous[number] = previous
                    signal.signal(number, self._handle)
        self._defers = True
        return self

    def __exit__(self, *error: object) -> None:
        self._defers = False
        for number, previous in self._previous.items():
            # A handler may have put another in its place.
            if signal.getsignal(number) == self._handle:
                signal.signal(number, previous)

    def _handle(self, number: int, frame: Optional[FrameType]) -> None:
        try:
            self._previous[number](number, frame)
        except BaseException as error:
            if not self._defers:
                raise
            self.error = self.error or error
