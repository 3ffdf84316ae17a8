"""The figures as Markdown and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from testbed_adapter.lab.compare.run import LR

from ..rounds import Ratio
from ..section import Result, Settings
from ..table import duration, markdown
from . import plot
from .jobs import OURS, Jobs
from .limits import limits

PLOT = "testbed.png"
_NONE = "–"
_REPLICA = """The LR here is the adapter's replica, whose features our library computes: its training time is not the
testbed's. `--testbed DIR` (`make bench TESTBED=DIR`) takes the testbed's own."""


def result(jobs: Jobs, settings: Settings) -> Result:
    judged = limits(jobs)
    drawn = plot.draw(jobs, settings.out / PLOT)
    parts = [
        "Median times, and the LR's as a multiple of ours, taken in turns (least and greatest of the rounds).",
        "" if jobs.is_host_lr else _REPLICA,
        "**`train(records)`**, from a list of dicts to the saved model; each round segments the texts anew. Early "
        "stopping chooses the epochs, which is why a small log may take much less time a record. The LR looks at all "
        "earlier records for each one: it is left out where that would be hours.",
        _training(jobs),
        f"![Training time against records]({PLOT})" if drawn else "",
        "**`predict_ctr`**, of one impression; and the segmentation of its query and summary alone, by jieba.",
        _predictions(jobs),
        "**`rank`**, what the testbed's IndexService does with the candidates that its search found: `predict_ctr` of "
        "each, and the sort.",
        _ranks(jobs),
        "**What was asked for**",
        markdown(("", "measured", "asked"), [limit.row() for limit in judged]),
    ]
    missed = [f"{limit.about}: {limit.measured}, asked {limit.asked}" for limit in judged if not limit.met]
    text = "\n\n".join(part.rstrip() for part in parts if part)
    return Result("In the testbed", text, data(jobs), [] if settings.quick else missed)


def data(jobs: Jobs) -> dict[str, Any]:
    serving = jobs.serving
    ranked = {f"rank_{count}_ms": _json(turns) for count, turns in serving.rank.items()}
    return {
        "lr": "the testbed's own" if jobs.is_host_lr else "the adapter's replica",
        "train": [
            {"records": one.records, "seconds": one.seconds, "epochs": one.epochs(OURS)} for one in jobs.trainings
        ],
        "predict_us": _json(serving.predict),
        **ranked,
        "limits": [asdict(limit) for limit in limits(jobs)],
    }


def _json(turns: Mapping[str, Sequence[Any]]) -> dict[str, list[dict[str, float]]]:
    return {key: [one._asdict() for one in rounds] for key, rounds in turns.items()}


def _training(jobs: Jobs) -> str:
    rows = []
    for training in jobs.trainings:
        ours, lr = training.median(OURS), training.median(LR)
        assert ours is not None
        cells = [f"{training.records:,} records", _NONE if lr is None else duration(lr), duration(ours)]
        cells.append(_NONE if lr is None else Ratio.of(training.seconds[LR], training.seconds[OURS]).text())
        epochs = training.epochs(OURS)
        rows.append((*cells, duration(ours / training.records), _NONE if epochs is None else str(epochs)))
    return markdown(("train", "LR", "ours", "LR ÷ ours", "ours a record", "epochs"), rows)


def _predictions(jobs: Jobs) -> str:
    turns = jobs.serving.predict
    rows = [_row(f"on {name} text", turns, name, 1e-6) for name in ("new", "seen")]
    alone = median(one.segmentation for rounds in turns.values() for one in rounds)
    beyond = [median(one.beyond for one in turns[key]) for key in (LR, OURS)]
    rows.append(("the segmentation of new text alone", _NONE, duration(alone * 1e-6), _NONE))
    rows.append(("on new text, beyond that", *(duration(time * 1e-6) for time in beyond), _NONE))
    return markdown(("predict_ctr", "LR", "ours", "LR ÷ ours"), rows)


def _ranks(jobs: Jobs) -> str:
    rows = [
        _row(f"{count:,} candidates, {name} texts", turns, name, 1e-3)
        for count, turns in jobs.serving.rank.items()
        for name in ("new", "seen")
    ]
    return markdown(("rank", "LR", "ours", "LR ÷ ours"), rows)


def _row(about: str, turns: Mapping[str, Sequence[Any]], which: str, unit: float) -> tuple[str, ...]:
    lr, ours = ([getattr(one, which) for one in turns[key]] for key in (LR, OURS))
    return about, duration(median(lr) * unit), duration(median(ours) * unit), Ratio.of(lr, ours).text()
