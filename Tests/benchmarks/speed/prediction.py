"""Section `predict`: the time of a prediction of many rows, and of one, of the model of the first training."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from . import table
from .child import Child
from .peak import Peak
from .peers import PEERS
from .peers.variants import VARIANTS
from .rounds import Aim, Ratio, take_turns
from .section import Result, Section, Settings
from .stage import Stage, stage
from .work import MIDDLE, PREDICTION_AIMS, PREDICTIONS, ROW_AIM

OURS, ABI = "ours", "ours, C ABI"
NAMES = {**PEERS, OURS: "**ours**, encoded rows", ABI: "**ours**, through the C ABI, encoding included"}
ONLY = {"deepctr": (2048,)}  # it has no other way to predict than for many batches at once
TURN_SECONDS = 0.5
# Turns are short, and one in two or three may meet a busy moment of the machine's.
LEAST_ROUNDS = 9
MOST_CALLS = 3000


@dataclass
class Outcome:
    """times: a tool's median seconds of a call, round by round."""

    batch: int
    times: dict[str, list[float]]
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def ours(self) -> str:
        """Which of ours' figures counts: a row comes through the C ABI."""
        return ABI if self.batch == 1 else OURS

    def speed(self, peer: str) -> Ratio:
        """How many times a peer's rows a second ours has."""
        return Ratio.of(self.times[peer], self.times[self.ours])

    def time(self, peer: str) -> Ratio:
        """How many times a peer's time ours takes."""
        return Ratio.of(self.times[self.ours], self.times[peer])

    def compared(self, peer: str) -> tuple[Ratio, Aim | None]:
        if self.batch == 1:
            return self.time(peer), Aim(ROW_AIM, at_least=False) if peer == "onnx" else None
        return self.speed(peer), Aim(PREDICTION_AIMS[peer]) if peer in PREDICTION_AIMS else None

    @property
    def peers(self) -> list[str]:
        return [name for name in self.times if name in PEERS]


def run(settings: Settings) -> Result:
    peak = Peak()
    with stage(settings) as tools:
        callers = _trained(tools)
        outcomes = []
        for batch in (1, *PREDICTIONS):
            outcomes.append(_measured(callers, batch, max(settings.rounds, LEAST_ROUNDS)))
            peak.measure(tools.swift(), tools.tool("torch"))
    return result(outcomes, peak, settings.quick)


def _trained(tools: Stage) -> dict[str, Child]:
    """Everyone with a trained model in hand."""
    callers = {name: tools.tool(name) for name in ("torch", "keras", "deepctr")}
    callers[ABI] = tools.tool(f"ours:{VARIANTS[0]}")
    for name, child in callers.items():
        print(f"predict: {name} trains", file=sys.stderr)
        child.ask("train-with", MIDDLE.name)
    callers[ABI].ask("train")
    callers["torch"].ask("save")
    callers["onnx"] = tools.tool("onnx")
    callers[OURS] = tools.swift()
    callers[OURS].ask("load", callers[ABI].ask("save"), tools.data.folder)
    return callers


def _measured(callers: dict[str, Child], batch: int, rounds: int) -> Outcome:
    outcome = Outcome(batch, {})
    turns: dict[str, Callable[[], float]] = {}
    for name, child in callers.items():
        if batch not in ONLY.get(name, (batch,)):
            continue
        if name != OURS:
            outcome.notes[name] = child.ask("ready", batch)
        once = _seconds(child, batch, 3)
        calls = max(3, min(MOST_CALLS, int(TURN_SECONDS / once)))
        turns[name] = lambda child=child, calls=calls: _seconds(child, batch, calls)
    outcome.times = take_turns(turns, rounds, f"predict {batch:,}")
    return outcome


def _seconds(child: Child, batch: int, calls: int) -> float:
    answer: Any = child.ask("predict", batch, calls)
    return float(answer["seconds"] if isinstance(answer, dict) else answer)


def result(outcomes: list[Outcome], peak: Peak, quick: bool) -> Result:
    rows, missed = [], []
    for outcome in outcomes:
        rows += _rows(outcome, peak)
        for peer in outcome.peers:
            ratio, aim = outcome.compared(peer)
            if aim and not aim.is_met(ratio):
                of = "its time" if outcome.batch == 1 else "its speed"
                missed.append(f"prediction of {outcome.batch:,}: {ratio.text()} {PEERS[peer]}, {of}; {aim.text(ratio)}")
    head = ["prediction", "a call", "rows/s", "ours to it", "aim", "share of GEMM's limit"]
    parts = [
        f"The model of {MIDDLE.about}. A call's time is the median of a turn's calls, each with other rows; medians "
        "over rounds, ratios within rounds. Ratios are of speed, for one row of time: through the C ABI, from Arrow "
        "columns, beside ONNX Runtime and torch, which get ids that are encoded.\n",
        table.markdown(head, rows),
        peak.text() + "\n",
        "Settings by trial: " + "; ".join(_settings(outcomes)) + ".\n",
    ]
    data = {"peak": peak.json(), "batches": [_json(outcome) for outcome in outcomes]}
    return Result("Prediction", "\n".join(parts), data, [] if quick else missed)


def _rows(outcome: Outcome, peak: Peak) -> list[list[str]]:
    limit = peak.rows(MIDDLE.prediction_flops)
    rows = []
    for name, times in outcome.times.items():
        seconds = median(times)
        rate = outcome.batch / seconds
        ratio, aim = outcome.compared(name) if name in PEERS else (None, None)
        many = "1 row" if outcome.batch == 1 else f"{outcome.batch:,} rows"
        rows.append(
            [
                f"{many}: {NAMES[name]}",
                table.duration(seconds),
                table.rate(rate),
                ratio.text() if ratio else "",
                aim.text(ratio) if ratio and aim else "",
                f"{rate / limit:.0%}" if name == OURS and limit else "",
            ]
        )
    return rows


def _settings(outcomes: list[Outcome]) -> list[str]:
    return [
        f"{PEERS[name]}, {outcome.batch:,}: {note}"
        for outcome in outcomes
        for name, note in outcome.notes.items()
        if name in PEERS
    ]


def _json(outcome: Outcome) -> dict[str, Any]:
    ratios = {}
    for peer in outcome.peers:
        ratio, aim = outcome.compared(peer)
        ratios[peer] = {**ratio.json(), "of": "time" if outcome.batch == 1 else "speed"}
        if aim:
            ratios[peer].update(aim=aim.value, met=aim.is_met(ratio))
    return {"batch": outcome.batch, "seconds": outcome.times, "ratios": ratios, "settings": outcome.notes}


SECTION = Section("predict", "time of predictions of 1 to 16,384 rows, beside torch, ONNX Runtime and Keras", run)
