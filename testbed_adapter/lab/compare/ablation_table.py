"""The ablation in the form of the paper's Table 1, for a terminal, with what the figures mean."""

from __future__ import annotations

from typing import Union

from ...messages import Message, joined
from ...messages import experiments as words
from ...messages.terminal import aligned
from .ablation import COVERAGE, ORDER, Ablation, Interval, interval_of
from .job import Comparison
from .run import DEEP, LR, WIDE, WIDE_DEEP

HEAD = (
    *("model", "offline AUC", "log loss", "online gain", "95% interval"),
    *("click rate", "catalogue", "long tail", "Gini"),
)


def percent(share: float) -> str:
    return f"{share:+.1%}"


def between(interval: Interval) -> str:
    return f"{percent(interval.low)} to {percent(interval.high)}"


def _holds_zero(interval: Interval) -> bool:
    return interval.low <= 0 <= interval.high


def _marked(interval: Interval) -> str:
    """With a sign where the interval holds 0."""
    return percent(interval.mean) + (" ~" if _holds_zero(interval) else "")


def cells(comparison: Comparison, ablation: Ablation, key: str) -> list[str]:
    """A row under HEAD, but for the name."""
    offline, online = comparison.mean(key), ablation.mean(key)
    gain = ablation.gain(key)
    return [
        f"{offline['auc']:.4f}",
        f"{offline['log_loss']:.4f}",
        "control" if key == LR else _marked(gain),
        "" if key == LR else between(gain),
        f"{online['click_rate']:.4f}",
        f"{online['catalogue']:.1%}",
        f"{online['long_tail']:.1%}",
        f"{online['gini']:.3f}",
    ]


def text(comparison: Comparison, ablation: Ablation) -> str:
    head = [str(words.TITLES[title]) for title in HEAD]
    rows = [
        [str(comparison.names[key]), *(str(_spoken(cell)) for cell in cells(comparison, ablation, key))]
        for key in ORDER
    ]
    over = {part: ablation.gain(WIDE_DEEP, part) for part in (WIDE, DEEP)}
    parts = [
        words.GAIN.format(name=comparison.names[part], gain=_marked(gain), interval=_spoken(between(gain)))
        for part, gain in over.items()
    ]
    notes = [words.ABLATION_NOTES.format(interval=interval_of(len(comparison.seeds)), coverage=COVERAGE)]
    if len(comparison.seeds) > 1:
        notes.append(words.SEED_ERRORS.format(**_errors(comparison, ablation)))
    unclear = [comparison.names[key] for key in ORDER if key != LR and _holds_zero(ablation.gain(key))]
    unclear += [words.OVER.format(name=comparison.names[part]) for part, gain in over.items() if _holds_zero(gain)]
    if unclear:
        notes.append(words.NOISE.format(names=joined(unclear)))
    gains = words.GAINS.format(parts=joined(parts))
    return aligned([head, *rows]) + f"\n\n{gains}\n" + "\n".join(map(str, notes))


def _errors(comparison: Comparison, ablation: Ablation) -> dict[str, float]:
    """The greatest standard error of each figure."""
    found = [{**comparison.standard_error(key), **ablation.standard_error(key)} for key in ORDER]
    names = ("auc", "log_loss", "click_rate", "catalogue", "long_tail", "gini")
    return {name: max(row[name] for row in found) for name in names}


def _spoken(cell: str) -> Union[str, Message]:
    """A cell, which the report takes in English, in both languages."""
    low, to, high = cell.partition(" to ")
    return words.TO.format(low=low, high=high) if to else words.CONTROL if cell == words.CONTROL.en else cell
