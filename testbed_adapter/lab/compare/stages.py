"""Progress over the comparison's stages: a bar on a terminal, a line a stage elsewhere; all on standard error."""

from __future__ import annotations

import sys

from ...messages.terminal import width
from ..clock import Clock


class Stages(Clock):
    def __init__(self, count: int) -> None:
        super().__init__("", "{desc} {bar:20} {n_fmt}/{total_fmt} {elapsed}", count)
        self._count = count
        self._begun = 0

    def next(self, name: str) -> None:
        """The last stage is done, this one begins."""
        if self.bar is None:
            print(f"[{self._begun + 1}/{self._count}] {name}", file=sys.stderr, flush=True)
        else:
            self.bar.update(self._begun - self.bar.n)
            self.bar.set_description_str(name + " " * max(0, 36 - width(name)))
        self._begun += 1
