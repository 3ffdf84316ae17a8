"""Starts the probes and reads their answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ...messages import doctor as words
from .. import pth_file


class ProbeError(RuntimeError):
    """A probe that was too slow, crashed, or gave no answer; the message says which, and its last words."""


class Probe:
    """`python -m testbed_adapter.commands.doctor.probe NAME` at work, in an empty folder."""

    def __init__(self, name: str, request: dict[str, Any], timeout: float) -> None:
        self._timeout = timeout
        self._started = time.monotonic()
        self._folder = tempfile.TemporaryDirectory(prefix="testbed_adapter_doctor_")
        asked, self._words = Path(self._folder.name) / "request", Path(self._folder.name) / "stderr"
        asked.write_text(json.dumps(request), encoding="ascii")
        # Files, as several probes run at a time: one would wait for its pipe to be written, or read.
        with open(asked, "rb") as question, open(self._words, "wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.probe", name],
                cwd=self._folder.name,
                env=_environment(),
                stdin=question,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def answer(self) -> dict[str, Any]:
        """Waits for it. ProbeError if there is none."""
        left = max(0.0, self._timeout - (time.monotonic() - self._started))
        with self._folder:
            try:
                output, _ = self._process.communicate(timeout=left)
            except BaseException as error:
                self._process.kill()
                self._process.communicate()
                if not isinstance(error, subprocess.TimeoutExpired):
                    raise
                raise ProbeError(words.TOO_SLOW.format(seconds=self._timeout)) from None
            try:
                found: dict[str, Any] = json.loads(output)
            except ValueError:
                lines = self._words.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                raise ProbeError(
                    words.CRASHED.format(code=self._process.returncode, last=lines[-1] if lines else "-")
                ) from None
        return found


def _environment() -> dict[str, str]:
    folder = pth_file.package_folder()
    inherited = [os.path.abspath(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder), *inherited] if folder else inherited),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "GRADIO_ANALYTICS_ENABLED": "False",
    }
