"""A clock that moves on the terminal while something takes long without a word."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Any, Optional, TypeVar

Self = TypeVar("Self", bound="Clock")


class Clock:
    """On standard error, where that is a terminal; elsewhere nothing. `bar` is tqdm's, to set its words; None there."""

    def __init__(self, words: str, form: str = "{desc} {elapsed}", total: Optional[int] = None) -> None:
        self._words, self._form, self._total = words, form, total
        self._ended = threading.Event()
        self.bar: Any = None

    def __enter__(self: Self) -> Self:
        if sys.stderr is not None and sys.stderr.isatty():
            from tqdm import tqdm

            self.bar = tqdm(desc=self._words, total=self._total, bar_format=self._form, file=sys.stderr, leave=False)
            threading.Thread(target=self._tick, daemon=True).start()
        return self

    def _tick(self) -> None:
        while not self._ended.wait(1):
            self.bar.refresh()

    def print(self, text: str) -> None:
        """A line on standard output, above the clock."""
        if self.bar is None:
            print(text, flush=True)
        else:
            self.bar.write(text, file=sys.stdout)
            sys.stdout.flush()

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._ended.set()
        if self.bar is not None:
            self.bar.close()
