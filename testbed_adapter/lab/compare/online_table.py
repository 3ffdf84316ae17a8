"""Online learning against training from nothing, for a terminal, with what the figures mean."""

from __future__ import annotations

from typing import Union

from ...messages import Message
from ...messages import experiments as words
from ...messages.terminal import aligned
from .online import WITHIN, Estimate, OnlineLearning, Row

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
    head = [str(words.TITLES[title]) for title in HEAD]
    rows = [[name(measured, row), *(str(_spoken(cell)) for cell in cells(measured, row))] for row in measured.rows]
    first = [str(words.ANEW.format(records=measured.records)), *anew(measured)[1:]]
    seeds = len(measured.anew)
    notes = words.ONLINE_NOTES.format(
        further=measured.further,
        records=measured.records,
        within=WITHIN,
        errors=words.ERRORS.format(seeds=seeds) if seeds > 1 else "",
    )
    return aligned([head, first, *rows]) + f"\n\n{notes}"


def _spoken(cell: str) -> Union[str, Message]:
    """A cell, which the report takes in English, in both languages."""
    _, no, faults = cell.partition("no: ")
    return words.NO.format(faults=faults) if no else words.YES if cell == words.YES.en else cell
