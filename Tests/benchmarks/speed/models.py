"""Section `models`: the models beside Wide & Deep, rows a second of whole epochs, the first one not counted, beside the
same model in torch."""

from __future__ import annotations

from statistics import median

from . import table
from .outcome import Outcome, measured, missed
from .peak import Peak
from .peers.variants import VARIANTS
from .rounds import Aim
from .section import Result, Section, Settings
from .work import MODELS, TITLES

OURS, TORCH = f"ours:{VARIANTS[0]}", "torch"


def run(settings: Settings) -> Result:
    outcomes, peak, data = measured(MODELS, settings)
    return result(outcomes, peak, data.rows, settings.quick)


def result(outcomes: list[Outcome], peak: Peak, rows: int, quick: bool) -> Result:
    head = ["model", "ours, rows/s", "torch, rows/s", "ours to it", "aim", "log loss, ours", "torch", "of GEMM's limit"]
    text = [
        f"{rows:,} rows of 26 fields and 13 numbers, which LR, FM and DeepFM have as fields of their quantile bins. "
        f"{_sizes(outcomes)} Medians over rounds; ratios within rounds, and the least and greatest of them. Whole "
        "epochs, the first not counted; log losses on the training rows after two, to see that all learn.\n",
        table.markdown(head, [_row(outcome, peak) for outcome in outcomes]),
        f"{peak.text()} GEMM's limit is the higher of the two over the operations a row of the layers' matrices.\n",
        "Settings that torch got by trial: "
        + "; ".join(f"{TITLES[outcome.work.model]}: {outcome.notes.get(TORCH)}" for outcome in outcomes)
        + ".\n",
    ]
    data = {"rows": rows, "peak": peak.json(), "works": [outcome.json(peak) for outcome in outcomes]}
    return Result("Models", "\n".join(text), data, [] if quick else missed(outcomes))


def _sizes(outcomes: list[Outcome]) -> str:
    return "; ".join(outcome.work.about for outcome in outcomes) + "."


def _row(outcome: Outcome, peak: Peak) -> list[str]:
    ours, theirs = (median(outcome.rates[name]) for name in (OURS, TORCH))
    ratio, limit = outcome.ratio(TORCH), peak.rows(outcome.work.training_flops)
    return [
        TITLES[outcome.work.model],
        table.rate(ours),
        table.rate(theirs),
        ratio.text(),
        Aim(outcome.work.aims[TORCH]).text(ratio),
        *(f"{outcome.losses[name][0]:.4f}" for name in (OURS, TORCH)),
        f"{ours / limit:.0%}" if limit else "",
    ]


SECTION = Section("models", "rows a second of training of LR, FM, DeepFM, DCN and DCN v2, beside torch", run)
