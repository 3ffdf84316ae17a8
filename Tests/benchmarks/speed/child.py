"""A tool in a process of its own: one line in, one line of JSON out.

Each tool has its own threads and settings so, and waits asleep while another one is measured."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class ChildError(RuntimeError):
    """The child said what went wrong, or ended; its words are in its log."""


class Child:
    """A started tool. What it writes to stderr goes to `log`."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        environment: dict[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=environment,
                cwd=folder,
            )

    def ask(self, *words: object) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        line = " ".join(str(word) for word in words)
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise ChildError(f"{line!r}: the child ended ({self._process.wait()}); see {self._log}")
        content = json.loads(answer)
        if isinstance(content, dict) and "error" in content:
            raise ChildError(f"{line!r}: {content['error']}; see {self._log}")
        return content

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        if self._process.poll() is None:
            self._process.stdin.close()  # it ends with its input
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process.stdout.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
