"""The click log that the report is of: which file, from when, and whether people clicked in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..clicklog import is_generated


@dataclass(frozen=True)
class LogFacts:
    path: Path
    sha256: str
    first: str  # time of the first record
    last: str
    generated: int  # records with the generator's mark


def facts_of(path: Path, records: Sequence[dict[str, Any]]) -> LogFacts:
    times = [record["timestamp"] for record in records]
    by_text = any(isinstance(time, str) for time in times)
    first, last = min(times, key=str if by_text else float), max(times, key=str if by_text else float)
    return LogFacts(path, digest(path), str(first), str(last), sum(map(is_generated, records)))


def digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            found.update(part)
    return found.hexdigest()
