"""The tools' processes for a section: started when first asked for, ended together."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import data
from .child import Child
from .data import Data
from .section import BUILD, ROOT, Settings

BINARY = BUILD / "swift" / "release" / "CTRBenchmarks"


class Stage:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.data: Data = data.prepared(settings.work, settings.quick, settings.seed)
        self._children: dict[str, Child] = {}

    def tool(self, name: str) -> Child:
        """A tool of `peers`, with a variant after a colon where it has some."""
        command = [sys.executable, "-m", "Tests.benchmarks.speed.peers", name]
        return self._started(name, [*command, str(self.data.folder), str(self.settings.work)])

    def swift(self) -> Child:
        return self._started("swift", [str(BINARY)])

    def _started(self, name: str, command: list[str]) -> Child:
        if name not in self._children:
            log = self.settings.work / "logs" / f"{name.replace(':', '-')}.log"
            quick = {"SPEED_QUICK": "1"} if self.settings.quick else {}
            paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
            self._children[name] = Child(command, log, {**os.environ, "PYTHONPATH": paths, **quick})
        return self._children[name]

    def close(self) -> None:
        for child in self._children.values():
            child.close()


@contextmanager
def stage(settings: Settings) -> Iterator[Stage]:
    Path(settings.work).mkdir(parents=True, exist_ok=True)
    made = Stage(settings)
    try:
        yield made
    finally:
        made.close()
