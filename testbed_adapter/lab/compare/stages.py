"""Progress over the comparison's stages: a bar on a terminal, a line a stage elsewhere; all on standard error."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Optional

from ...messages.terminal import width
from ..clock import Clock


class Stages:
    def __init__(self, count: int) -> None:
        self._count = count
        self._begun = 0
        self._clock = Clock("", "{desc} {bar:20} {n_fmt}/{total_fmt} {elapsed}", count)

    def __enter__(self) -> Stages:
        self._clock.__enter__()
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._clock.__exit__(kind, error, trace)

    def next(self, name: str) -> None:
        """The last stage is done, this one begins."""
        bar = self._clock.bar
        if bar is None:
            print(f"[{self._begun + 1}/{self._count}] {name}", file=sys.stderr, flush=True)
        else:
            bar.update(self._begun - bar.n)
            bar.set_description_str(name + " " * max(0, 36 - width(name)))
        self._begun += 1
