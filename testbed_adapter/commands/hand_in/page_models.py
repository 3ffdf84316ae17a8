"""The models that the testbed's own page has trained: their files under models/, of which a pickle is never opened."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from ...estimator.persistence import notes_of
from ...host import incremental
from ...host.records import ClickLog
from ...native.architectures import title
from ...native.model import NativeModel
from ..doctor import files


@dataclass(frozen=True)
class PageModel:
    path: str  # in the checkout
    kind: str  # of doctor.files, or why it cannot be read
    bytes: Optional[int]
    modified: str
    model: str = ""  # of ours, as people call it
    metrics: Mapping[str, Any] = field(default_factory=dict)  # of ours, as its training left them in the file
    # Of the log's records those that ours was trained on, or held out to measure it; None where they are others.
    known_records: Optional[int] = None


def page_models(testbed: Path, log: ClickLog) -> list[PageModel]:
    return [_of_file(path, str(path.relative_to(testbed)), log) for path in files.candidates(testbed)]


def _of_file(path: Path, name: str, log: ClickLog) -> PageModel:
    try:
        status = os.stat(path)
        modified = datetime.datetime.fromtimestamp(status.st_mtime).astimezone().strftime("%Y-%m-%d %H:%M")
        size = None if path.is_dir() else status.st_size
        kind = files.kind_of(path)
    except OSError as error:
        return PageModel(name, error.strerror or str(error), None, "")
    if kind != files.OURS:
        return PageModel(name, kind, size, modified)
    try:
        info = NativeModel.load(path).info()
        notes, model = notes_of(info["metadata"]) or {}, title(info["options"]["model"])
    except (OSError, ValueError, MemoryError) as error:
        return PageModel(name, f"{error}".replace(str(path), name), size, modified)
    metrics, known = notes.get("metrics"), incremental.KnownLog.from_json(notes.get("log"))
    is_same = known is not None and known.growth(log) is not None
    known_records = len(known.clicked) if known is not None and is_same else None
    return PageModel(name, kind, size, modified, model, metrics if isinstance(metrics, dict) else {}, known_records)
