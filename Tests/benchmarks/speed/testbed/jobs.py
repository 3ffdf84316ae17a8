"""All jobs of a run, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.compare.measure import Contender
from testbed_adapter.lab.compare.run import LR, WIDE_DEEP, contenders

from ..section import Settings
from .serving import Serving
from .training import Training

OURS = WIDE_DEEP
JUDGED = 20_000  # records that the LR's time is compared at

Records = list[dict[str, Any]]


@dataclass(frozen=True)
class Size:
    """A log of so many records, trained on in so many rounds, by the LR too or not."""

    records: int
    rounds: int
    with_lr: bool = True


def sizes(settings: Settings) -> list[Size]:
    rounds = settings.rounds
    if settings.quick:
        return [Size(500, rounds), Size(1_000, rounds), Size(2_000, rounds, with_lr=False)]
    # The LR's features take time by the square of the records in the end: 40 s at 20,000, a day at a million.
    return [
        *(Size(records, rounds) for records in (1_000, 10_000)),
        Size(JUDGED, min(rounds, 3)),
        Size(100_000, min(rounds, 3), with_lr=False),
        Size(1_000_000, 1, with_lr=False),
    ]


@dataclass(frozen=True)
class Jobs:
    trainings: list[Training]
    serving: Serving
    is_host_lr: bool

    @classmethod
    def done(cls, settings: Settings) -> Jobs:
        from testbed_adapter.host.words import segmenter

        segmenter()  # jieba's dictionary, before any clock runs
        tools = tools_of(settings)
        trainings = []
        for size in sizes(settings):
            records, _ = generate(size.records, settings.seed)
            taking_part = tools if size.with_lr else {OURS: tools[OURS]}
            trainings.append(Training.done(records, taking_part, size.rounds))
        trained = [training for training in trainings if LR in training.models][-1]
        records, _ = generate(trained.records, settings.seed)
        serving = Serving.done(trained.models, records, settings)
        return cls(trainings, serving, settings.testbed is not None)


def tools_of(settings: Settings) -> dict[str, Contender]:
    made = contenders(settings.testbed.expanduser().resolve() if settings.testbed is not None else None)
    return {contender.key: contender for contender in made if contender.key in (LR, OURS)}
