"""Online learning against training from nothing, for a terminal, with what the figures mean."""

from __future__ import annotations

from .online import WITHIN, Estimate, OnlineLearning, Row
from .table import aligned

HEAD = (
    *("records", "AUC", "difference", "log loss", "difference", "calibration"),
    *("trigger s", "training s", "time", "all triggers s", "all trainings s", "holds"),
)


def name(measured: OnlineLearning, row: Row) -> str:
    base = measured.base(row)
    return f"{base:,} + {row.triggers} × {(measured.records - base) / row.triggers:,.0f}"


def plus_minus(difference: Estimate) -> str:
    error = "" if difference.standard_error is None else f" ± {difference.standard_error:.4f}"
    return f"{round(difference.mean, 4) + 0.0:+.4f}{error}"  # no -0.0000


def cells(measured: OnlineLearning, row: Row) -> list[str]:
    """A row under HEAD, but for the name."""
    triggers, trainings = measured.mean(row, "triggers_seconds"), measured.mean(row, "trainings_seconds")
    faults = measured.faults(row)
    return [
        f"{measured.mean(row, 'auc'):.4f}",
        plus_minus(measured.difference(row, "auc")),
        f"{measured.mean(row, 'log_loss'):.4f}",
        plus_minus(measured.difference(row, "log_loss")),
        f"{measured.mean(row, 'calibration'):.3f}",
        f"{triggers / row.triggers:.3f}",
        f"{trainings / row.triggers:.3f}",
        f"{measured.share_of_time(row):.0%}",
        f"{triggers:.1f}",
        f"{trainings:.1f}",
        "no: " + ", ".join(faults) if faults else "yes",
    ]


def anew(measured: OnlineLearning) -> list[str]:
    """The row of training from nothing on the whole log, with its name."""
    auc, log_loss, calibration = (measured.mean_anew(figure) for figure in ("auc", "log_loss", "calibration"))
    seconds = f"{measured.training_seconds():.3f}"
    quality = [f"{auc:.4f}", "", f"{log_loss:.4f}", "", f"{calibration:.3f}"]
    return [f"{measured.records:,} from nothing", *quality, "", seconds, "", "", "", ""]


def text(measured: OnlineLearning) -> str:
    rows = [[name(measured, row), *cells(measured, row)] for row in measured.rows]
    seeds = len(measured.anew)
    errors = f", ± its standard error over {seeds} seeds" if seeds > 1 else ""
    notes = (
        f"All are measured on the same {measured.further:,} further records, which come after the log's end.",
        "10,000 + 5 × 2,000: trained from nothing on 10,000 records, then further in five triggers of 2,000.",
        f"Difference: to training from nothing on all {measured.records:,} records{errors}.",
        "Training: from nothing instead, at each trigger, on all records so far; timed at every tenth of the log, and "
        "between in proportion. Time: the triggers' share of it.",
        f"Holds: AUC within {WITHIN} of training from nothing, in less time. AUC?: missed by less than the standard "
        "error.",
    )
    return aligned([HEAD, anew(measured), *rows]) + "\n\n" + "\n".join(notes)
