"""Cells that were measured before: the same data, model and seed are not trained again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Model
    from .task import Task

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[2]
# What a peer's figures hang on beside its own file: how its columns are made, what is measured, and its versions.
_SHARED = ("encoding.py", "task.py", "requirements.txt")


class Cache:
    """A file a cell in `folder`. Its name has a digest of the rows the model sees, its own source and its settings: a
    change of ours trains ours anew and leaves the peers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ours = ""

    def get_or_make(
        self, data_set: str, model: Model, seed: int, task: Task, make: Callable[[], dict[str, Any]]
    ) -> tuple[dict[str, Any], bool]:
        """The cell, and whether it was there already."""
        path = self._folder / f"{data_set}-{seed}-{model.key}-{self._digest(model, seed, task)[:20]}.json"
        if path.is_file():
            cell: dict[str, Any] = json.loads(path.read_text())
            return cell, True
        cell = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps(cell))
        aside.replace(path)
        return cell, False

    def _digest(self, model: Model, seed: int, task: Task) -> str:
        files = [Path(model.module.__file__), *(_HERE / name for name in _SHARED)]
        is_peer = model.role == "peer"
        seen = task.fingerprint(impressions=not is_peer)
        ours = "" if is_peer else self._our_digest()
        return hashlib.sha256(json.dumps([model.key, seed, seen, digest_of(files), ours]).encode()).hexdigest()

    def _our_digest(self) -> str:
        """Of the library and the adapter, which ours and the references hang on."""
        if not self._ours:
            from testbed_adapter.native.library import candidates

            package = _ROOT / "testbed_adapter"
            adapter = [
                path for floor in ("native", "estimator", "host") for path in sorted((package / floor).glob("*.py"))
            ]
            lr = package / "lab" / "compare" / "lr.py"
            self._ours = digest_of([*(path for path in candidates() if path.is_file()), *adapter, lr])
        return self._ours


def digest_of(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
