"""The Markdown tables: of all models, and of one beside its ablations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..quality.protocol import AUC, LOG_LOSS, Outcome
from ..quality.statistics import difference, half_interval, is_noise
from .candidates import Candidate
from .run import PARAMETERS, SECONDS
from .words import Words


def family(outcomes: Sequence[Outcome], candidates: Sequence[Candidate], words: Words) -> str:
    """What all of them reach, and each less its ablations."""
    blocks = _tables(outcomes, words, [], lambda outcome: [_reached(outcome, one, words) for one in candidates])
    pairs = [(one, other) for one in candidates for other in candidates if other.key in one.ablations]
    shown = [outcome for outcome in outcomes if outcome.cells]
    if pairs and shown:
        figures = [f"{outcome.name}: {name}" for outcome in shown for name in ("AUC", words.log_loss)]
        apart = [
            [
                title(one, words),
                title(other, words),
                *(_difference(outcome, one, other, figure, words) for outcome in shown for figure in (AUC, LOG_LOSS)),
            ]
            for one, other in pairs
        ]
        blocks.append(_markdown([words.model, words.less, *figures], apart, texts=2))
    return "\n".join([*blocks, f"{words.remarks}\n"])


def page(model: Candidate, outcomes: Sequence[Outcome], candidates: Sequence[Candidate], words: Words) -> str:
    """One model, and below it its ablations."""
    others = [other for other in candidates if other.key in model.ablations]
    name = title(model, words)
    head = [words.less_this.format(figure=figure, title=name) for figure in ("AUC", words.log_loss) if others]

    def rows(outcome: Outcome) -> list[list[str]]:
        first = [f"**{name}**", *_reached(outcome, model, words)[1:], *("" for _ in head)]
        apart = [[_difference(outcome, model, other, figure, words) for figure in (AUC, LOG_LOSS)] for other in others]
        return [first, *([*_reached(outcome, other, words), *cells] for other, cells in zip(others, apart))]

    return "\n".join([*_tables(outcomes, words, head, rows), f"{words.remarks}\n"])


def title(candidate: Candidate, words: Words) -> str:
    return words.parts.get(candidate.key, candidate.title)


def _tables(
    outcomes: Sequence[Outcome], words: Words, more: Sequence[str], rows: Callable[[Outcome], list[list[str]]]
) -> list[str]:
    """One a data set; none of one that was stopped before it had a seed."""
    head = [words.model, "AUC", words.log_loss, words.training, words.parameters, *more]
    blocks = []
    for outcome in outcomes:
        if outcome.skipped is not None:
            blocks.append(words.skipped.format(name=outcome.name, reason=outcome.skipped) + "\n")
        elif outcome.cells:
            train, test = outcome.rows
            seeds = max(map(len, outcome.cells.values()))
            size = words.size.format(name=outcome.name, train=train, test=test, seeds=seeds)
            blocks.append(f"{size}\n\n{_markdown(head, rows(outcome))}")
    return blocks


def _reached(outcome: Outcome, candidate: Candidate, words: Words) -> list[str]:
    auc, loss, seconds, parameters = (
        outcome.values(candidate.key, figure).mean() for figure in (AUC, LOG_LOSS, SECONDS, PARAMETERS)
    )
    return [title(candidate, words), f"{auc:.4f}", f"{loss:.4f}", f"{seconds:.1f} s", f"{parameters:,.0f}"]


def _difference(outcome: Outcome, one: Candidate, other: Candidate, figure: str, words: Words) -> str:
    """In ten-thousandths, with the 95% interval and what that means."""
    apart, count = difference(outcome, one.key, figure, other=other.key), len(outcome.cells[one.key])
    if count < 2:
        return _signed(apart.value)
    half = half_interval(apart, count)
    is_better = (apart.value > 0) == (figure == AUC)
    verdict = words.alike if is_noise(apart, count) or apart.value == 0 else words.better if is_better else words.worse
    return f"{_signed(apart.value)} [{_signed(apart.value - half)}, {_signed(apart.value + half)}] {verdict}"


def _signed(value: float) -> str:
    text = f"{value * 1e4:+.1f}".replace("-", "−")
    return "0.0" if text[1:] == "0.0" else text


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    ruler = [*["---"] * texts, *["---:"] * (len(head) - texts)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ruler, *rows))
