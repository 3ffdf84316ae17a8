"""The one Markdown table: what changes where a choice is taken back."""

from __future__ import annotations

from collections.abc import Sequence

from ..quality.datasets import DATA_SETS
from ..quality.protocol import AUC, LOG_LOSS, Outcome
from ..quality.statistics import Mean, difference, is_noise
from ..quality.table import SMOKE
from .choice import Choice

FIGURES = {AUC: "AUC", LOG_LOSS: "log loss"}
NOT_MEASURED = "…"


def text(choices: Sequence[Choice], outcomes: Sequence[Outcome], quick: bool = False) -> str:
    shown = [outcome for outcome in outcomes if outcome.cells]
    head = ["choice", "taken back", *(f"{one.name}: {figure}" for one in shown for figure in FIGURES.values())]
    ruler = ["---", "---", *("---:" for _ in head[2:])]
    rows = [
        [
            f"{choice.name} (`{choice.key}`)",
            choice.taken_back,
            *(cell(choice, one, figure) for one in shown for figure in FIGURES),
        ]
        for choice in choices
    ]
    lines = [f"| {' | '.join(row)} |" for row in (head, ruler, *rows)] if shown else []
    return "\n".join([*([SMOKE] if quick else []), *lines, "", *words(choices, outcomes)]) + "\n"


def cell(choice: Choice, outcome: Outcome, figure: str) -> str:
    """Empty where it makes no sense, NOT_MEASURED where the run was stopped before it."""
    if choice.key in outcome.failed:
        return "failed"
    if DATA_SETS[outcome.name].records is not None and not choice.for_click_logs:
        return ""
    if choice.key not in outcome.cells or choice.base_key not in outcome.cells:
        return NOT_MEASURED
    change = difference(outcome, choice.key, figure, other=choice.base_key)
    return in_ten_thousandths(change, len(outcome.cells[choice.key]))


def in_ten_thousandths(mean: Mean, count: int) -> str:
    value = f"{mean.value * 1e4:+.0f}".replace("-", "−")
    value = "0" if value in ("+0", "−0") else value
    error = f" ± {mean.error * 1e4:.0f}" if count > 1 else ""
    return value + error + (" ~" if is_noise(mean, count) else "")


def words(choices: Sequence[Choice], outcomes: Sequence[Outcome]) -> list[str]:
    lines = [
        "Changes × 10⁻⁴ where the choice is taken back, paired by seed, ± standard error. The choice pays where AUC",
        "falls (−) and log loss grows (+). ~: noise, as far as these seeds can tell: their 95% interval (Student's t)",
        f"holds 0, or there is but one. Empty: it makes no sense there; {NOT_MEASURED}: not measured.",
    ]
    for outcome in outcomes:
        if outcome.skipped is not None:
            lines += ["", f"{outcome.name} was skipped: {outcome.skipped}."]
            continue
        if not outcome.cells:
            continue
        seeds, (train, test) = max(map(len, outcome.cells.values())), outcome.rows
        base = min((key for key in outcome.cells if key.startswith("default")), key=len)
        auc, loss = (outcome.values(base, figure).mean() for figure in FIGURES)
        lines += [
            "",
            f"{outcome.name}: {train:,} rows to train on, {test:,} to test on, {seeds} seed{'s' if seeds > 1 else ''}; "
            f"{'the default model' if base == 'default' else base} has AUC {auc:.4f} and log loss {loss:.4f}.",
        ]
        lines += [f"Failed there: {key}: {reason}" for key, reason in outcome.failed.items()]
    return lines
