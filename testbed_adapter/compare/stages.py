"""Progress over the comparison's stages: a bar on a terminal, a line a stage elsewhere; all on standard error."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Any, Optional

from .table import width


class Stages:
    def __init__(self, count: int) -> None:
        self._count = count
        self._begun = 0
        self._bar: Any = None
        self._ended = threading.Event()

    def __enter__(self) -> Stages:
        if sys.stderr is not None and sys.stderr.isatty():
            from tqdm import tqdm

            form = "{desc} {bar:20} {n_fmt}/{total_fmt} {elapsed}"
            self._bar = tqdm(total=self._count, bar_format=form, file=sys.stderr, leave=False)
            threading.Thread(target=self._tick, daemon=True).start()
        return self

    def _tick(self) -> None:
        """A stage may take minutes without a word: its clock moves."""
        while not self._ended.wait(1):
            self._bar.refresh()

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._ended.set()
        if self._bar is not None:
            self._bar.close()

    def next(self, name: str) -> None:
        """The last stage is done, this one begins."""
        if self._bar is None:
            print(f"[{self._begun + 1}/{self._count}] {name}", file=sys.stderr, flush=True)
        else:
            self._bar.update(self._begun - self._bar.n)
            self._bar.set_description_str(name + " " * max(0, 36 - width(name)))
        self._begun += 1
