"""Tools take turns, and what is compared was measured in the same round: a machine that slows down slows all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, TypeVar

from tqdm import tqdm

from . import machine

Turn = TypeVar("Turn")
# The share of the machine that other programs had before each round.
BUSY: list[float] = []


def take_turns(turns: Mapping[str, Callable[[], Turn]], rounds: int, about: str) -> dict[str, list[Turn]]:
    """Calls each once a round; another one begins each round."""
    answers: dict[str, list[Turn]] = {name: [] for name in turns}
    with tqdm(total=rounds * len(turns), desc=about, unit="turn") as bar:
        for index in range(rounds):
            BUSY.append(machine.others())
            for name in rotated(list(turns), index):
                bar.set_postfix_str(name)
                answers[name].append(turns[name]())
                bar.update()
    return answers


def rotated(names: Sequence[str], by: int) -> list[str]:
    start = by % len(names)
    return [*names[start:], *names[:start]]


@dataclass(frozen=True)
class Ratio:
    """The median of the rounds' ratios, and the least and greatest of them."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
        """Round by round: how many times theirs ours is."""
        if len(ours) != len(theirs) or not ours:
            raise ValueError(f"{len(ours)} and {len(theirs)} rounds cannot be paired")
        ratios = [mine / other for mine, other in zip(ours, theirs)]
        return cls(median(ratios), min(ratios), max(ratios))

    def text(self) -> str:
        return f"{self.value:.2f} × ({self.low:.2f}…{self.high:.2f})"

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Aim:
    """at_least: rates and their ratios; otherwise at most: times and theirs."""

    value: float
    at_least: bool = True

    def is_met(self, ratio: Ratio) -> bool:
        return ratio.value >= self.value if self.at_least else ratio.value <= self.value

    def text(self, ratio: Ratio) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:g} × {'✓' if self.is_met(ratio) else '✗'}"
