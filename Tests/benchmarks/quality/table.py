"""The Markdown tables: one a data set, and the shares of the click logs."""

from __future__ import annotations

from collections.abc import Sequence

from .datasets import DATA_SETS
from .models import MODELS, REFERENCE
from .protocol import AUC, LOG_LOSS, SECONDS, Outcome
from .statistics import best, click_logs, difference, mean, peers, share

SMOKE = "**A smoke run: it shows that everything runs. Take no figure from it: its signs may well be wrong.**\n"
HEAD = ("model", "AUC", "log loss", "AUC − ours", "log loss − ours", "training")


def data_set(outcome: Outcome) -> str:
    title = f"## {outcome.name}\n\n{outcome.about}.\n\n"
    if outcome.skipped is not None:
        return f"{title}Skipped: {outcome.skipped}.\n"
    seeds = max(map(len, outcome.cells.values()), default=0)
    train, test = outcome.rows
    size = f"{train:,} rows to train on, {test:,} to test on; {seeds} seed{'s' if seeds != 1 else ''}.\n\n"
    keys = [key for key in MODELS if key in outcome.cells or key in outcome.failed]
    return title + size + _markdown(HEAD, [_row(outcome, key) for key in keys])


def _row(outcome: Outcome, key: str) -> list[str]:
    model = MODELS[key]
    if key in outcome.failed:
        return [model.name, f"failed: {outcome.failed[key]}".replace("|", "\\|").replace("\n", " "), "", "", "", ""]
    contenders = [other for other in outcome.cells if MODELS[other].role != REFERENCE]
    figures = []
    for figure in (AUC, LOG_LOSS):
        text = mean(outcome.values(key, figure)).text()
        is_best = key in contenders and key == best(outcome, figure, contenders)
        figures.append(f"**{text}**" if is_best else text)
    differences = [
        difference(outcome, key, figure).text(signed=True) if key != "ours" and "ours" in outcome.cells else ""
        for figure in (AUC, LOG_LOSS)
    ]
    return [model.name, *figures, *differences, f"{outcome.values(key, SECONDS).mean():.1f} s"]


def overview(outcomes: list[Outcome]) -> str:
    """One row a data set: ours, its parts, and the best peer by each figure; "" where ours was not run."""
    head = ["data set", "Wide & Deep", "wide only", "deep only", "best peer by AUC", "best peer by log loss"]
    rows = []
    for outcome in outcomes:
        if "ours" not in outcome.cells or not peers(outcome):
            continue
        own = [_pair(outcome, key) if key in outcome.cells else "" for key in ("ours", "wide", "deep")]
        rivals = [best(outcome, figure, peers(outcome)) for figure in (AUC, LOG_LOSS)]
        rows.append([outcome.name, *own, *(f"{MODELS[key].name} {_pair(outcome, key)}" for key in rivals)])
    return "## At a glance: AUC / log loss\n\n" + _markdown(head, rows) if rows else ""


def _pair(outcome: Outcome, key: str) -> str:
    return " / ".join(f"{outcome.values(key, figure).mean():.4f}" for figure in (AUC, LOG_LOSS))


def shares(outcomes: list[Outcome]) -> str:
    """How much of the AUC gap between the testbed's LR and the oracle each model closes; "" without click logs."""
    logs = click_logs(outcomes)
    rows = []
    for key, model in MODELS.items():
        found = [share(log, key) for log in logs]
        if any(found) and model.role != REFERENCE:
            rows.append([model.name, *(_percent(one) if one else "" for one in found)])
    if not rows:
        return ""
    head = ["model", *(f"{DATA_SETS[log.name].records:,} records" for log in logs)]
    return "## The share of the AUC gap between the testbed's LR and the oracle\n\n" + _markdown(head, rows)


def _percent(share: tuple[float, float]) -> str:
    value, error = share
    text = f"{value:.0%}".replace("-", "−")
    return text if error != error else f"{text} ± {error:.0%}"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    ruler = ["---", *("---:" for _ in head[1:])]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ruler, *rows))
