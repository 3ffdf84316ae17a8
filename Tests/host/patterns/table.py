"""The rows of the patterns as a table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from testbed_adapter.messages.terminal import width

from .checks import Check
from .process import Result

PASS, FAIL, HOST_FAILS = "pass", "FAIL", "fails with the LR too"
Row = tuple[Check, str, Result, Result]  # slot, ours, the LR's


def problem(check: Check, ours: Result, lr: Result) -> Optional[str]:
    """What is wrong with ours, if anything is."""
    if ours.error is not None:
        return ours.error
    worse = []
    for name in check.must_beat:
        if name not in lr.figures:
            return f"the LR has no {name} to beat: {lr.error}"
        (value, better, decimals), other = ours.figures[name], lr.figures[name][0]
        if _better(value, other, better, decimals) != "ours":
            worse.append(f"{name} is {value:.{decimals}f}, the LR's {other:.{decimals}f}")
    return "; ".join(worse) or None


def outcome(check: Check, ours: Result, lr: Result) -> str:
    if problem(check, ours, lr) is None:
        return PASS
    return HOST_FAILS if check.may_fail and lr.error is not None else FAIL


def lines_of(row: Row) -> list[list[str]]:
    """The row, then a line for each figure: its name, the LR's, ours, and whose is better."""
    check, slot, ours, lr = row
    said = outcome(check, ours, lr)
    lines = [[str(check.number), check.title, slot, said, "", "", ""]]
    for name, (value, better, decimals) in ours.figures.items():
        other = lr.figures.get(name)
        theirs = "–" if other is None else f"{other[0]:,.{decimals}f}"
        whose = "" if other is None else _better(value, other[0], better, decimals)
        lines.append(["", f"    {name}", "", "", theirs, f"{value:,.{decimals}f}", whose])
    lines += [["", f"    {note}", "", "", "", "", ""] for note in ours.notes]
    if lr.error is not None and said != HOST_FAILS:
        lines.append(["", f"    with the LR: {last_line(lr.error)}", "", "", "", "", ""])
    if said != PASS:
        lines.append(["", f"    {last_line(problem(check, ours, lr))}", "", "", "", "", ""])
    return lines


def _better(ours: float, theirs: float, better: str, decimals: int) -> str:
    if not better or round(ours, decimals) == round(theirs, decimals):
        return ""
    gain = {"high": ours - theirs, "low": theirs - ours, "one": abs(theirs - 1) - abs(ours - 1)}[better]
    return "ours" if gain > 0 else "LR"


def last_line(error: Optional[str]) -> str:
    """Of a traceback that is the error itself."""
    return (error or "").strip().splitlines()[-1][:200]


def table(rows: Sequence[Row]) -> str:
    cells = [["#", "call pattern, figure", "slot", "result", "LR", "ours", "better"]]
    cells += [line for row in rows for line in lines_of(row)]
    # A text that stands alone in its line (a note, an error) may run on.
    widths = [max(width(line[place]) for line in cells if any(line[2:]) or not place) for place in range(7)]
    right = (0, 4, 5)
    printed = []
    for line in cells:
        padded = []
        for place, cell in enumerate(line):
            fill = " " * (widths[place] - width(cell))
            padded.append(fill + cell if place in right else cell + fill)
        printed.append("  ".join(padded).rstrip())
    printed.insert(1, "─" * (sum(widths) + 2 * 6))
    return "\n".join(printed)


def summary(rows: Sequence[Row]) -> str:
    outcomes = [outcome(check, ours, lr) for check, _, ours, lr in rows]
    counted = [said for said in outcomes if said != HOST_FAILS]
    left_out = len(outcomes) - len(counted)
    text = f"{counted.count(PASS)} of {len(counted)} pass"
    return text + (f"; {left_out} fail in the host with the LR too" if left_out else "")
