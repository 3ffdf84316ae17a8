"""Trains and scores every candidate on every data set, from every seed."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ..quality.datasets import QUICK_ROWS, DataSet
from ..quality.models import VARIANT, Fitted, Model
from ..quality.protocol import AUC, LOG_LOSS, Outcome, measure
from ..quality.task import Missing, Task
from .candidates import WIDE, Candidate

SECONDS, PARAMETERS = "processor_seconds", "parameters"


def run(
    data_sets: Sequence[DataSet],
    candidates: Sequence[Candidate],
    seeds: Sequence[int],
    folder: Path,
    quick: bool,
    outcomes: list[Outcome],
) -> None:
    """Fills `outcomes`, a whole seed of all candidates at a time, so that what was measured stands if it is stopped."""
    with tqdm(total=len(data_sets) * len(candidates) * len(seeds), unit="training", disable=None, leave=False) as bar:
        for data_set in data_sets:
            outcome = Outcome(data_set.name, data_set.about)
            outcomes.append(outcome)
            for seed in seeds:
                try:
                    task = data_set.load(folder, seed, QUICK_ROWS if quick else None)
                except Missing as missing:
                    outcome.skipped = str(missing)
                    bar.write(f"{data_set.name}: skipped, {missing}", file=sys.stderr)
                    bar.total -= len(candidates) * len(seeds)
                    break
                outcome.rows = len(task.train), len(task.test)
                cells = {}
                for candidate in candidates:
                    bar.set_description(f"{data_set.name}, seed {seed}, {candidate.title}")
                    cells[candidate.key] = {"seed": seed, **measured(candidate, task, seed)}
                    bar.update()
                for key, cell in cells.items():
                    outcome.cells.setdefault(key, []).append(cell)
                    said = f"AUC {cell[AUC]:.4f}, log loss {cell[LOG_LOSS]:.4f}, {cell[SECONDS]:.1f} s"
                    bar.write(f"{data_set.name}, seed {seed}, {key}: {said}", file=sys.stderr)


def measured(candidate: Candidate, task: Task, seed: int) -> dict[str, Any]:
    fit = functools.partial(fitted, candidate)
    cell = measure(Model(candidate.key, candidate.title, VARIANT, None, fit), task, seed)
    notes = cell.pop("notes")
    return {**cell, **notes}


def fitted(candidate: Candidate, task: Task, seed: int) -> Fitted:
    """On one thread, whose processor time does not depend on what else the machine does."""
    from testbed_adapter import CTRClassifier

    if task.impressions is None:
        kind: type = CTRClassifier
        columns = task.columns.map(lambda value: list(value) if isinstance(value, tuple) else value)
        train, test = columns.iloc[task.train], columns.iloc[task.test]
    else:
        kind = on_impressions(candidate)
        train, test = task.impressions.features[task.train], task.impressions.features[task.test]
    classifier = kind(**candidate.arguments, random_state=seed, n_jobs=1, verbose=0)
    start = time.process_time()
    classifier.fit(train, task.labels[task.train])
    seconds = time.process_time() - start
    info = classifier.info_
    notes = {SECONDS: seconds, PARAMETERS: info["parameters"] // info["options"]["members"]}
    return lambda: classifier.predict_proba(test)[:, 1], notes


def on_impressions(candidate: Candidate) -> type:
    """The estimator that knows the 36 columns of `CTRModel.extract_features`. Wide & Deep and its wide part have them
    as in the testbed's slots, with the cross query × document; the others have all columns in each of their parts, and
    no cross made by hand: what a model adds is to be found without. The deep part alone, which in Wide & Deep leaves
    query and document to the wide one, has what the models have that it is beside."""
    from testbed_adapter.host.impressions import ImpressionClassifier, impression_schema

    if candidate.key in ("wide_deep", WIDE):
        return ImpressionClassifier

    def _make_schema(self: Any, *columns: Any) -> Any:
        return impression_schema("dcn")

    return type("WithoutCrosses", (ImpressionClassifier,), {"_make_schema": _make_schema})
