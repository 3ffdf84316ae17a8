"""The table of all models' figures."""

from __future__ import annotations

from ..compare.job import ORACLE, Comparison
from ..compare.table import COLUMNS, Column, shown
from . import page
from .text import FIGURES, Text, html, model


def total(comparison: Comparison) -> str:
    means = {name: comparison.mean(name) for name in comparison.names}
    rows = []
    for name, title in comparison.names.items():
        errors = comparison.standard_error(name)
        cells = []
        for column in COLUMNS:
            best = ' class="best"' if name in _best(column, means) else ""
            error = f"<small>± {shown(column, errors)}</small>" if column.key in errors else ""
            cells.append(f"<td{best}>{shown(column, means[name])}{error}</td>")
        ceiling = ' class="ceiling"' if name == ORACLE else ""
        rows.append(f"<tr{ceiling}><td>{page.key(name)}{html(model(title))}</td>{''.join(cells)}</tr>")
    note = Text(
        "All rows are of the same held-out impressions; the best of each column is blue. AUC: how well clicks "
        "are ranked. Log loss: how good the probabilities are. Calibration: mean prediction ÷ click rate, 1 is right.",
        "所有行使用同一批留出的展示，每列最佳值为蓝色。AUC：排序有多好；对数损失：概率有多准；"
        "校准：平均预测 ÷ 实际点击率，越接近 1 越好。",
    )
    if ORACLE in means:
        note += Text(
            " The oracle knows the true click probabilities: nothing can beat it.",
            "oracle 一行知道真实点击概率，是任何模型的上限。",
        )
    return page.section(
        Text("The table", "总表"), note, page.table(["", *(FIGURES[column.key] for column in COLUMNS)], rows)
    )


def _best(column: Column, means: dict[str, dict[str, float]]) -> set[str]:
    """The keys of the models with the column's best figure, as shown; the oracle does not take part."""
    values = {key: figures[column.key] for key, figures in means.items() if key != ORACLE and column.key in figures}
    if not values or not column.better:
        return set()

    def flaw(key: str) -> float:
        return {"high": -values[key], "low": values[key], "one": abs(values[key] - 1)}[column.better]

    first = min(values, key=flaw)
    return {key for key in values if shown(column, means[key]) == shown(column, means[first])}
