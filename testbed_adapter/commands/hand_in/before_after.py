"""The table of the testbed's LR beside Wide & Deep, and how far chance reaches in it."""

from __future__ import annotations

from ...lab.hand_in.bootstrap import Difference
from ...lab.report.text import Said
from ...lab.report.total import figures_table
from ...messages import hand_in_report as words
from ...messages.figures import FIGURES
from .found import Found
from .pieces import note, section, table

_FEW = 30  # clicks of the test part


def before_after(found: Found) -> str:
    return section(words.TABLE, words.TABLE_NOTE, figures_table(found.comparison))


def chance(found: Found) -> str:
    rows = [_row(one, found.comparison.names) for one in found.differences]
    told = words.DIFFERENCES_NOTE.format(
        draws=f"{found.draws:,}", rows=f"{len(found.comparison.run.test):,}", seed=found.seed
    )
    heads = [words.AGAINST, words.FIGURE, words.DIFFERENCE, words.INTERVAL, words.SAYS]
    few = note(words.FEW_CLICKS.format(clicks=found.test_clicks)) if found.test_clicks < _FEW else ""
    return section(words.DIFFERENCES, told, table(heads, rows, texts=(4,)) + few)


def _row(one: Difference, names: dict[str, Said]) -> list[Said]:
    interval = one.interval
    verdict: Said = words.NOISE
    if one.better:
        verdict = words.IS_BETTER.format(model=names[one.better])
    spread = f"{interval.low:+.4f} … {interval.high:+.4f}"
    return [names[one.other], FIGURES[one.figure].title, f"{interval.mean:+.4f}", spread, verdict]
