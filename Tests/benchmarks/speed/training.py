"""Section `train`: rows a second of whole epochs, the first one not counted, beside each peer."""

from __future__ import annotations

from statistics import median

from . import table
from .outcome import Outcome, measured, missed
from .peak import Peak
from .peers import PEERS
from .peers.variants import NAMES, VARIANTS
from .rounds import Aim
from .section import Result, Section, Settings
from .work import TRAININGS


def run(settings: Settings) -> Result:
    outcomes, peak, data = measured(TRAININGS, settings)
    return result(outcomes, peak, data.rows, data.seen, settings.quick)


def result(outcomes: list[Outcome], peak: Peak, rows: int, seen: int, quick: bool) -> Result:
    rows_of_table = [row for outcome in outcomes for row in _rows(outcome, peak)]
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
        "works": [outcome.json(peak) for outcome in outcomes],
    }
    return Result("Training", "\n".join(parts), data, [] if quick else missed(outcomes))


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


SECTION = Section("train", "rows a second of training, beside torch, DeepCTR-Torch and Keras", run)
