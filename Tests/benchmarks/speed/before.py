"""Section `before`: ours beside ours of an earlier checkout, whose own Python code drives its own library.

A process may land on slow pages for its life, so each round starts new ones on both sides."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import table
from .child import Child
from .data import prepared
from .peers.variants import VARIANTS
from .prediction import MOST_CALLS, TURN_SECONDS
from .rounds import Ratio, take_turns
from .section import ROOT, Result, Section, Settings
from .work import MIDDLE, PREDICTIONS, TRAININGS

BEFORE, NOW = "before", "now"
# Nothing is to be slower than before by more.
MOST_LOST = 0.02

# Rows a second, by what was measured.
Rates = Mapping[str, float]


def run(settings: Settings) -> Result:
    if settings.before is None:
        raise SystemExit("the section `before` wants BEFORE=DIR, an earlier checkout in which `make library` has run")
    roots = {BEFORE: settings.before, NOW: ROOT}
    data = prepared(settings.work, settings.quick, settings.seed).folder
    turns = {side: (lambda side=side: _measured(settings, data, side, roots[side])) for side in roots}
    return result(take_turns(turns, settings.rounds, "now and before"), settings.quick)


def _measured(settings: Settings, data: Path, side: str, root: Path) -> Rates:
    work = settings.work / side
    work.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "Tests.benchmarks.speed.peers", f"ours:{VARIANTS[0]}", str(data), str(work)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    rates: dict[str, float] = {}
    with Child(command, settings.work / "logs" / f"{side}.log", environment, folder=root) as child:
        # The model that predicts is the one trained last.
        for training in sorted(TRAININGS, key=lambda training: training is MIDDLE):
            child.ask("train-with", training.name)
            answer = child.ask("train")
            rates[f"training, {training.about}"] = answer["rows"] / answer["seconds"]
        for batch in (1, *PREDICTIONS):
            child.ask("ready", batch)
            calls = max(3, min(MOST_CALLS, int(TURN_SECONDS / child.ask("predict", batch, 3))))
            rates[f"prediction of {batch:,}"] = batch / child.ask("predict", batch, calls)
    return rates


def result(rounds: Mapping[str, list[Rates]], quick: bool) -> Result:
    ratios = {
        what: Ratio.of([now[what] for now in rounds[NOW]], [before[what] for before in rounds[BEFORE]])
        for what in rounds[NOW][0]
    }
    rows = [[what, ratio.text()] for what, ratio in ratios.items()]
    text = (
        "The same arrays, rows a second now to before: median of the rounds' ratios, the least and the greatest. "
        "Predictions are through the C ABI, encoding included.\n\n"
    )
    missed = [
        f"{what}: {ratio.text()} its speed of before" for what, ratio in ratios.items() if ratio.value < 1 - MOST_LOST
    ]
    data: dict[str, Any] = {
        "rates": dict(rounds),
        "ratios": {what: ratio.json() for what, ratio in ratios.items()},
    }
    return Result("Now and before", text + table.markdown(["", "now to before"], rows), data, [] if quick else missed)


SECTION = Section("before", "ours beside ours of an earlier checkout (--before DIR): what a change cost", run)
