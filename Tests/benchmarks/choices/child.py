"""python -m Tests.benchmarks.choices.child: measures one setting on one data set with the library that the environment
names. It reads an `Order` as JSON and writes an `Answer` as JSON."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Optional

from testbed_adapter.native.library import ENVIRONMENT_VARIABLE

from ..quality.cache import Cache
from ..quality.datasets import DATA_SETS, QUICK_ROWS
from ..quality.models import VARIANT, Model
from ..quality.protocol import measure
from ..quality.task import Missing
from . import fitting
from .choice import Setting

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Order:
    data_set: str
    folder: str
    seeds: list[int]
    options: dict[str, Any]
    change: str
    cache: str
    quick: bool = False


@dataclass
class Answer:
    """skipped: why the data set was left out. cells: a dict a seed, as in quality.protocol.Outcome."""

    skipped: Optional[str] = None
    rows: tuple[int, int] = (0, 0)
    cells: list[dict[str, Any]] = field(default_factory=list)


def answered(order: Order) -> Answer:
    """Measures here, in this process."""
    data_set, setting = DATA_SETS[order.data_set], Setting(order.options, order.change)
    # The cache tells settings apart by the model's key, and libraries and data by their bytes.
    words = [f"{name}={value}" for name, value in order.options.items()]
    key = "-".join([*words, *([order.change] if order.change else [])]).replace(" ", "_") or "default"
    model = Model(key, "ours", VARIANT, fitting, functools.partial(fitting.fit, setting))
    cache, answer = Cache(Path(order.cache)), Answer()
    for seed in order.seeds:
        try:
            task = data_set.load(Path(order.folder), seed, QUICK_ROWS if order.quick else None)
        except Missing as missing:
            return Answer(skipped=str(missing))
        answer.rows = len(task.train), len(task.test)
        cell, _ = cache.get_or_make(data_set.name, model, seed, task, functools.partial(measure, model, task, seed))
        answer.cells.append({"seed": seed, **cell})
    return answer


def asked(order: Order, library: Path) -> Answer:
    """Measures in a process of its own, with this library. RuntimeError with its last words if it fails."""
    child = subprocess.run(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        env={**os.environ, ENVIRONMENT_VARIABLE: str(library)},
        input=json.dumps(asdict(order)),
        capture_output=True,
        text=True,
    )
    if child.returncode != 0:
        raise RuntimeError((child.stderr.strip().splitlines() or [f"exit code {child.returncode}"])[-1])
    answer: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return Answer(**{**answer, "rows": tuple(answer["rows"])})


if __name__ == "__main__":
    print(json.dumps(asdict(answered(Order(**json.load(sys.stdin))))))
