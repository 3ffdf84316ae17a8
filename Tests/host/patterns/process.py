"""The other end of `server`: a process that has a host imported, and answers with what came of a check."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from .checks import Check

ROOT = Path(__file__).resolve().parents[3]
MINIATURE = ROOT / "Tests" / "host"
RECORDS = 3000
TIMEOUT = 900
# Requests, retrainings and client threads of the service under load.
TEST_LOAD = {"requests": 1500, "retrainings": 6, "threads": 16}
FULL_LOAD = {"requests": 10_000, "retrainings": 20, "threads": 16}


@dataclass
class Result:
    error: Optional[str] = None
    figures: dict[str, tuple[float, str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0


class HostProcess:
    """Of one contender, ours or the LR, in one host with the slots as `model` says. Started at the first check; `close`
    ends it."""

    def __init__(
        self, testbed: Optional[str], model: str, ours: bool, folder: Path, records: int, full: bool, load: Any
    ) -> None:
        self._folder = folder
        self._full = full
        self._load = load
        self._settings: dict[str, Any] = {
            "path": str(Path(testbed).resolve() / "src") if testbed else str(MINIATURE),
            "miniature": not testbed,
            "model": model,
            "ours": ours,
            "records": records,
            "timeout": TIMEOUT,
        }
        self._process: Optional[subprocess.Popen[str]] = None

    def run(self, check: Check, slot: str) -> Result:
        process = self._process or self._start()
        request = {
            "check": check.key,
            "slot": slot,
            "folder": str(self._folder / re.sub(r"\W+", "-", f"{check.key} {slot}")),
            "refusals": check.refusals,
            "full": self._full,
            "load": self._load,
        }
        assert process.stdin is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        said = self._answer()
        figures = {name: (value, better, decimals) for name, value, better, decimals in said.get("figures", ())}
        return Result(said.get("error"), figures, said.get("notes", []), said.get("seconds", 0.0))

    def _start(self) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg"}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"  # the checkout is only read
        environment["CTR_MODEL"] = self._settings["model"]
        if not self._full:  # NumPy's threads are of no use to so few rows, and take turns with others
            environment["OPENBLAS_NUM_THREADS"] = "1"
        (self._folder / "start").mkdir(parents=True)
        with (self._folder / "stderr.txt").open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "Tests.host.patterns.server", json.dumps(self._settings)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                cwd=self._folder / "start",
                env=environment,
            )
        self._answer()
        return self._process

    def _answer(self) -> dict[str, Any]:
        assert self._process is not None and self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            said = (self._folder / "stderr.txt").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the host could not be started:\n{said[-4000:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()  # the end of its input ends it
            self._process.wait(timeout=30)
            self._process = None
