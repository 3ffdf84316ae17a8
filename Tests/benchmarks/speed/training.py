"""Section `train`: rows a second of whole epochs, the first one not counted, beside each peer."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from . import table
from .peak import Peak
from .peers import PEERS
from .peers.variants import NAMES, VARIANTS
from .rounds import Aim, Ratio, take_turns
from .section import Result, Section, Settings
from .stage import Stage, stage
from .work import TRAININGS, Work


@dataclass
class Outcome:
    """rates: a tool's rows a second, round by round; ours by `ours:` and its variant. notes: the settings each got by
    trial. losses: the log loss on the training rows after so many epochs, where the work is judged."""

    work: Work
    rates: dict[str, list[float]]
    notes: dict[str, str] = field(default_factory=dict)
    losses: dict[str, tuple[float, float]] = field(default_factory=dict)
    turn_rows: dict[str, int] = field(default_factory=dict)

    def ratio(self, peer: str, variant: str = VARIANTS[0]) -> Ratio:
        return Ratio.of(self.rates[f"ours:{variant}"], self.rates[peer])


def run(settings: Settings) -> Result:
    peak = Peak()
    outcomes = []
    for work in TRAININGS:
        with stage(settings) as tools:  # anew for each, which gives the memory of the one before back
            outcomes.append(_measured(tools, work, settings.rounds))
            peak.measure(tools.swift(), tools.tool("torch"))
    return result(outcomes, peak, tools.data.rows, tools.data.seen, settings.quick)


def _measured(tools: Stage, work: Work, rounds: int) -> Outcome:
    # The numbers' other form is told of once.
    ours = [f"ours:{variant}" for variant in (VARIANTS if work.judged else VARIANTS[:1])]
    children = {name: tools.tool(name) for name in (*ours, *work.peers)}
    outcome = Outcome(work, {})
    for name, child in children.items():
        print(f"{work.about}: {name} gets its settings by trial and warms up", file=sys.stderr)
        prepared = child.ask("train-with", work.name)
        outcome.notes[name], outcome.turn_rows[name] = prepared["note"], prepared["rows"]

    def turn(name: str) -> float:
        answer = children[name].ask("train")
        if work.judged and name not in outcome.losses:
            found = children[name].ask("loss")
            outcome.losses[name] = (found["loss"], found["epochs"])
        return float(answer["rows"] / answer["seconds"])

    turns = {name: (lambda name=name: turn(name)) for name in children}
    outcome.rates = take_turns(turns, rounds, f"train, {work.about}")
    return outcome


def result(outcomes: list[Outcome], peak: Peak, rows: int, seen: int, quick: bool) -> Result:
    missed = []
    rows_of_table = []
    for outcome in outcomes:
        rows_of_table += _rows(outcome, peak)
        for peer, aim in outcome.work.aims.items():
            ratio = outcome.ratio(peer)
            if not Aim(aim).is_met(ratio):
                missed.append(f"training, {outcome.work.about}: {ratio.text()} {PEERS[peer]}, not {aim:g} ×")
    head = ["training", "rows/s", f"ours to it ({NAMES[VARIANTS[0]]})", "aim", "GEMM's limit", "share of it"]
    parts = [
        f"{rows:,} rows, {seen:,} of the tables' ids in them. Medians over rounds; ratios within rounds, and the least "
        "and greatest of them. Whole epochs, or of slow tools some seconds of one; the first is not counted.\n",
        table.markdown(head, rows_of_table),
        peak.text() + " GEMM's limit is the higher of the two over the operations a row, of whole products: ours looks "
        "up what fields of few ids add to the first layer, and does "
        + ", ".join(f"{outcome.work.multiplied:.0%} of them at batch {outcome.work.batch:,}" for outcome in outcomes)
        + ".\n",
        *_losses(outcomes),
        "Settings that each peer got by trial: " + "; ".join(_settings(outcomes)) + ".\n",
    ]
    data = {
        "rows": rows,
        "ids_seen": seen,
        "peak": peak.json(),
        "works": [_json(outcome, peak) for outcome in outcomes],
    }
    return Result("Training", "\n".join(parts), data, [] if quick else missed)


def _rows(outcome: Outcome, peak: Peak) -> list[list[str]]:
    work = outcome.work
    limit = peak.rows(work.training_flops)
    rows = []
    for name, rates in outcome.rates.items():
        rate = median(rates)
        ours = name.startswith("ours")
        ratio = None if ours else outcome.ratio(name)
        shown = NAMES[name.partition(":")[2]] if ours else ""
        rows.append(
            [
                f"{work.about}: {f'**ours, {shown}**' if ours else PEERS[name]}",
                table.rate(rate),
                ratio.text() if ratio else "",
                Aim(work.aims[name]).text(ratio) if ratio and name in work.aims else "",
                table.rate(limit) if ours else "",
                f"{rate / limit:.0%}" if ours and limit else "",
            ]
        )
    return rows


def _losses(outcomes: list[Outcome]) -> list[str]:
    return [
        f"Log loss on the training rows after {_epochs(outcome)} epochs ({outcome.work.about}), to see that all learn: "
        + ", ".join(f"{_name(name)} {loss:.4f}" for name, (loss, _) in outcome.losses.items())
        + ".\n"
        for outcome in outcomes
        if outcome.losses
    ]


def _epochs(outcome: Outcome) -> str:
    return " or ".join(sorted({f"{epochs:g}" for _, epochs in outcome.losses.values()}))


def _settings(outcomes: list[Outcome]) -> list[str]:
    return [
        f"{PEERS[name]}, batch {outcome.work.batch:,}: {note}"
        for outcome in outcomes
        for name, note in outcome.notes.items()
        if note
    ]


def _name(name: str) -> str:
    return f"ours ({NAMES[name.partition(':')[2]]})" if name.startswith("ours") else PEERS[name]


def _json(outcome: Outcome, peak: Peak) -> dict[str, Any]:
    work = outcome.work
    ratios = {peer: outcome.ratio(peer) for peer in work.peers}
    return {
        "work": work.name,
        "about": work.about,
        "rates": outcome.rates,
        "ratios": {
            peer: {**ratio.json(), "aim": work.aims.get(peer)} | _met(work, peer, ratio)
            for peer, ratio in ratios.items()
        },
        "limit": peak.rows(work.training_flops),
        "flops_a_row": work.training_flops,
        "losses": outcome.losses,
        "settings": outcome.notes,
        "turn_rows": outcome.turn_rows,
    }


def _met(work: Work, peer: str, ratio: Ratio) -> dict[str, Any]:
    return {"met": Aim(work.aims[peer]).is_met(ratio)} if peer in work.aims else {}


SECTION = Section("train", "rows a second of training, beside torch, DeepCTR-Torch and Keras", run)
