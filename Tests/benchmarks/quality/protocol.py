"""What a run is: data sets × seeds × models, each cell measured once and kept in the cache."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from .cache import Cache
from .datasets import QUICK_ROWS, DataSet
from .models import MADE_BY_US, Model
from .task import Missing, Task

AUC, LOG_LOSS, SECONDS = "auc", "log_loss", "seconds"
FIGURES = (AUC, LOG_LOSS, SECONDS)


@dataclass
class Outcome:
    """What came of one data set. `cells` holds a list a model, a dict a seed: FIGURES and the model's own notes."""

    name: str
    about: str
    skipped: Optional[str] = None
    rows: tuple[int, int] = (0, 0)  # to train on, to test on
    cells: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)  # models with a reason each

    def values(self, model: str, figure: str) -> np.ndarray:
        """One value a seed."""
        return np.array([cell[figure] for cell in self.cells[model]])


def run(
    data_set: DataSet, models: Sequence[Model], seeds: Sequence[int], folder: Path, cache: Cache, quick: bool = False
) -> Outcome:
    """All cells of one data set. A peer that fails is left out of the further seeds, and its reason is kept; ours may
    not fail."""
    outcome = Outcome(data_set.name, data_set.about)
    for seed in seeds:
        try:
            task = data_set.load(folder, seed, QUICK_ROWS if quick else None)
        except Missing as missing:
            outcome.skipped = str(missing)
            _say(f"{data_set.name}: skipped, {missing}")
            return outcome
        outcome.rows = len(task.train), len(task.test)
        for model in models:
            if not model.suits(task) or model.key in outcome.failed:
                continue
            try:
                make = functools.partial(measure, model, task, seed)
                cell, kept = cache.get_or_make(data_set.name, model, seed, task, make)
            except Exception as error:
                if model.role in MADE_BY_US:
                    raise
                outcome.failed[model.key] = f"{type(error).__name__}: {error}"
                outcome.cells.pop(model.key, None)
                _say(f"{data_set.name}, seed {seed}, {model.name}: failed, {outcome.failed[model.key]}")
                continue
            outcome.cells.setdefault(model.key, []).append({"seed": seed, **cell})
            took = "from the cache" if kept else f"{cell[SECONDS]:.1f} s"
            figures = f"AUC {cell[AUC]:.4f}, log loss {cell[LOG_LOSS]:.4f}"
            _say(f"{data_set.name}, seed {seed}, {model.name}: {figures}, {took}")
    return outcome


def measure(model: Model, task: Task, seed: int) -> dict[str, Any]:
    """Trains and scores it: a cell."""
    start = time.perf_counter()
    predict, notes = model.fit(task, seed)
    seconds = time.perf_counter() - start
    probabilities, labels = np.asarray(predict(), dtype=np.float64), task.labels[task.test]
    if probabilities.shape != labels.shape or not np.isfinite(probabilities).all():
        raise ValueError(f"{model.name} did not answer with a finite probability for each of {len(labels)} rows")
    return {
        AUC: float(roc_auc_score(labels, probabilities)),
        LOG_LOSS: float(log_loss(labels, probabilities, labels=[0, 1])),
        SECONDS: seconds,
        "notes": notes,
    }


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
