"""What came of a training: ours beside its peers, whole epochs in turns."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .data import Data
from .peak import Peak
from .peers import PEERS
from .peers.variants import VARIANTS
from .rounds import Aim, Ratio, take_turns
from .section import Settings
from .stage import Stage, stage
from .work import Work


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

    def missed(self) -> list[str]:
        """The aims that were, a line each."""
        ratios = {peer: self.ratio(peer) for peer in self.work.aims}
        return [
            f"training, {self.work.about}: {ratios[peer].text()} {PEERS[peer]}, not {aim:g} ×"
            for peer, aim in self.work.aims.items()
            if not Aim(aim).is_met(ratios[peer])
        ]

    def json(self, peak: Peak) -> dict[str, Any]:
        return {
            "work": self.work.name,
            "about": self.work.about,
            "rates": self.rates,
            "ratios": {peer: self._compared(peer) for peer in self.work.peers},
            "limit": peak.rows(self.work.training_flops),
            "flops_a_row": self.work.training_flops,
            "losses": self.losses,
            "settings": self.notes,
            "turn_rows": self.turn_rows,
        }

    def _compared(self, peer: str) -> dict[str, Any]:
        ratio, aim = self.ratio(peer), self.work.aims.get(peer)
        met = {} if aim is None else {"met": Aim(aim).is_met(ratio)}
        return {**ratio.json(), "aim": aim, **met}


def missed(outcomes: Iterable[Outcome]) -> list[str]:
    return [line for outcome in outcomes for line in outcome.missed()]


def measured(works: Sequence[Work], settings: Settings) -> tuple[list[Outcome], Peak, Data]:
    """Each training by all who take part in it, in turns."""
    peak = Peak()
    outcomes = []
    for work in works:
        with stage(settings) as tools:  # anew for each, which gives the memory of the one before back
            outcomes.append(_measured(tools, work, settings.rounds))
            peak.measure(tools.swift(), tools.tool("torch"))
    return outcomes, peak, tools.data


def _measured(tools: Stage, work: Work, rounds: int) -> Outcome:
    ours = [f"ours:{variant}" for variant in work.variants]
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
