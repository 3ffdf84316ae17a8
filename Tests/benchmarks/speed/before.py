"""Section `before`: ours beside ours of an earlier checkout, whose own Python code drives its own library.

The two take short turns within a round, and the fastest turn of each counts. A process may land on slow pages for its
life, so each round starts new ones on both sides."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tqdm import tqdm

from . import machine, table
from .child import Child
from .data import prepared
from .peers.variants import VARIANTS
from .prediction import MOST_CALLS, TURN_SECONDS
from .rounds import BUSY, Ratio, rotated
from .section import ROOT, Result, Section, Settings
from .work import MIDDLE, PREDICTIONS, TRAININGS

BEFORE, NOW = "before", "now"
# Nothing is to be slower than before by more.
MOST_LOST = 0.02
# Of each side in a round; and into how many pieces a turn's predictions fall.
TURNS, PIECES = 3, 5

# Rows a second, by what was measured.
Rates = Mapping[str, float]


def run(settings: Settings) -> Result:
    if settings.before is None:
        raise SystemExit("the section `before` wants BEFORE=DIR, an earlier checkout in which `make library` has run")
    roots = {BEFORE: settings.before, NOW: ROOT}
    data = prepared(settings.work, settings.quick, settings.seed).folder
    rounds: dict[str, list[Rates]] = {side: [] for side in roots}
    with tqdm(total=settings.rounds * TURNS * len(roots), desc="now and before", unit="turn") as bar:
        for index in range(settings.rounds):
            BUSY.append(machine.others())
            with ExitStack() as stack:
                children = {side: stack.enter_context(_child(settings, data, side, roots[side])) for side in roots}
                best: dict[str, dict[str, float]] = {side: {} for side in roots}
                for turn in range(TURNS):
                    for side in rotated(list(roots), index + turn):
                        bar.set_postfix_str(side)
                        for what, rate in _measured(children[side]).items():
                            best[side][what] = max(rate, best[side].get(what, 0))
                        bar.update()
            for side, rates in best.items():
                rounds[side].append(rates)
    return result(rounds, settings.quick)


def _child(settings: Settings, data: Path, side: str, root: Path) -> Child:
    work = settings.work / side
    work.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "Tests.benchmarks.speed.peers", f"ours:{VARIANTS[0]}", str(data), str(work)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return Child(command, settings.work / "logs" / f"{side}.log", environment, folder=root)


def _measured(child: Child) -> dict[str, float]:
    rates: dict[str, float] = {}
    # The model that predicts is the one trained last.
    for training in sorted(TRAININGS, key=lambda training: training is MIDDLE):
        child.ask("train-with", training.name)
        answer = child.ask("train")
        rates[f"training, {training.about}"] = answer["rows"] / answer["seconds"]
    for batch in (1, *PREDICTIONS):
        child.ask("ready", batch)
        calls = max(3, min(MOST_CALLS, int(TURN_SECONDS / child.ask("predict", batch, 3))))
        # The fastest of a few: what other programs take makes a turn slower, never faster.
        seconds = min(child.ask("predict", batch, max(1, calls // PIECES)) for _ in range(PIECES))
        rates[f"prediction of {batch:,}"] = batch / seconds
    return rates


def result(rounds: Mapping[str, list[Rates]], quick: bool) -> Result:
    ratios = {
        what: Ratio.of([now[what] for now in rounds[NOW]], [before[what] for before in rounds[BEFORE]])
        for what in rounds[NOW][0]
    }
    rows = [[what, ratio.text()] for what, ratio in ratios.items()]
    text = (
        "The same arrays, rows a second of the fastest turn now to before: median of the rounds' ratios, the "
        "least and the greatest. "
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
