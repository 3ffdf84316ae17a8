"""Online learning's section: its table."""

from __future__ import annotations

from ...messages import Message
from ..compare.job import Comparison
from ..compare.online import WITHIN
from ..compare.online_table import HEAD, anew, cells, name
from . import page
from .text import FIGURES, Said, html

# The sums of the times are left to the terminal: with them the page is too narrow.
COLUMNS = [place for place, title in enumerate(HEAD) if title not in ("all triggers s", "all trainings s")]

_TITLES = {
    "records": Message("records", "记录"),
    "AUC": FIGURES["auc"],
    "difference": Message("difference", "差值"),
    "log loss": FIGURES["log_loss"],
    "calibration": FIGURES["calibration"],
    "trigger s": Message("trigger s", "每次触发（秒）"),
    "training s": Message("training s", "从头训练（秒）"),
    "time": Message("time", "时间占比"),
    "holds": Message("holds", "成立"),
}


def online(comparison: Comparison) -> str:
    """The section; nothing where it was not measured."""
    measured = comparison.online
    if measured is None:
        return ""
    rows = [anew(measured), *([name(measured, row), *cells(measured, row)] for row in measured.rows)]
    body = [f"<tr>{''.join(_cell(row[place]) for place in COLUMNS)}</tr>" for row in rows]
    records, further = f"{measured.records:,}", f"{measured.further:,}"
    return page.section(
        Message("Online learning", "在线学习"),
        Message(
            "Wide & Deep trained from nothing on the first records of a log, then further in equal triggers (10,000 + "
            f"5 × 2,000: five of 2,000), beside training from nothing on all {records} records. All are measured on "
            f"{further} further records, which come after the log's end. Training: from nothing instead, at each "
            "trigger, on all records so far; timed at every tenth of the log, and between in proportion. Time: the "
            f"triggers' share of it. Holds: AUC within {WITHIN} of training from nothing, in less time.",
            "先用日志的前一部分从头训练，其余记录分批到达，每批触发一次在线训练"
            "（10,000 + 5 × 2,000 表示 5 批、每批 2,000 条），"
            f"并与用全部 {records} 条记录从头训练的模型比较；两者都在日志之后的 {further} 条记录上评估。"
            "从头训练：每次触发时改用截至当时的全部记录从头训练所需的时间（按日志每十分之一实测，中间按比例估计）；"
            f"时间占比：在线训练所占的比例；成立：AUC 与从头训练相差不超过 {WITHIN}，且用时更少。",
        ),
        page.table([_TITLES[HEAD[place]] for place in COLUMNS], body),
    )


def _cell(text: str) -> str:
    """A figure, its standard error below it."""
    figure, between, error = text.partition(" ± ")
    return f"<td>{html(_said(figure))}{f'<small>± {html(error)}</small>' if between else ''}</td>"


def _said(cell: str) -> Said:
    if cell == "yes":
        return Message(cell, "是")
    if cell.startswith("no: "):
        return Message(cell, "否：" + cell[4:].replace("time", "时间").replace(", ", "、"))
    return Message(cell, cell.replace(" from nothing", " 从头训练"))
