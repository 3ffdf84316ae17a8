"""The ablation in the form of the paper's Table 1, for a terminal, with what the figures mean."""

from __future__ import annotations

from .ablation import COVERAGE, ORDER, Ablation, Interval, interval_of
from .job import DEEP, LR, WIDE, WIDE_DEEP, Comparison
from .table import aligned

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


def cells(comparison: Comparison, ablation: Ablation, key: str) -> list[str]:
    """A row under HEAD, but for the name."""
    offline, online = comparison.mean(key), ablation.mean(key)
    gain = ablation.gain(key)
    return [
        f"{offline['auc']:.4f}",
        f"{offline['log_loss']:.4f}",
        "control" if key == LR else percent(gain.mean),
        "" if key == LR else between(gain),
        f"{online['click_rate']:.4f}",
        f"{online['catalogue']:.1%}",
        f"{online['long_tail']:.1%}",
        f"{online['gini']:.3f}",
    ]


def text(comparison: Comparison, ablation: Ablation) -> str:
    rows = [[comparison.names[key], *cells(comparison, ablation, key)] for key in ORDER]
    over = {part: ablation.gain(WIDE_DEEP, part) for part in (WIDE, DEEP)}
    parts = ", ".join(
        f"over {comparison.names[part]} {percent(gain.mean)} ({between(gain)})" for part, gain in over.items()
    )
    notes = [
        "Online gain: how much more the pages that a model ranks are clicked than the control's, on the same requests.",
        f"Interval: {interval_of(len(comparison.seeds))}.",
        f"Catalogue: documents shown in {COVERAGE} requests in a row. Gini: 0 if all are shown equally often, near 1 "
        "if a few are.",
        "Long tail: impressions of the half of the documents that training saw least.",
    ]
    unclear = [comparison.names[key] for key in ORDER if key != LR and _holds_zero(ablation.gain(key))]
    unclear += [f"Wide & Deep over {comparison.names[part]}" for part, gain in over.items() if _holds_zero(gain)]
    if unclear:
        notes.append(
            f"Noise, as far as this run can tell: {', '.join(unclear)}, whose interval holds 0. More --seeds or "
            "--records narrow it."
        )
    return aligned([HEAD, *rows]) + f"\n\nWide & Deep's gain {parts}.\n" + "\n".join(notes)
