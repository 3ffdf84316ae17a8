"""The table of all models' figures, and what they say."""

from __future__ import annotations

from ...messages import Message
from ...messages.figures import FIGURES
from ..compare.job import Comparison
from ..compare.run import BASELINE, LR, ORACLE
from ..compare.table import COLUMNS, Column, decisions, shown
from . import page
from .text import html

_REFERENCES = {ORACLE: "ceiling", BASELINE: "floor"}  # no models: they compete for nothing


def total(comparison: Comparison) -> str:
    note = Message(
        "All rows are of the same held-out impressions. Blue: the best of a column by which models can be compared.",
        "所有行使用同一批留出的展示。蓝色为可以相互比较的列中的最佳值。",
    )
    if ORACLE in comparison.names:
        note += Message(
            " The oracle knows the true click probabilities: nothing can beat it in AUC or log loss.",
            "oracle 一行知道真实点击概率，是 AUC 与对数损失的上限。",
        )
    if "train_seconds" not in comparison.mean(LR):
        note += Message(
            " This LR is a stand-in, trained on features that our library computes, so it has no training time of its "
            "own: compare --testbed DIR measures the testbed's.",
            "此处的 LR 是替身，特征由我们的库计算，因此不列训练时间；用 compare --testbed DIR 测量 testbed 自己的 LR。",
        )
    return page.section(Message("The table", "总表"), note, figures_table(comparison))


def figures_table(comparison: Comparison) -> str:
    """A row a model, what its columns say, and what they are worth."""
    means = {name: comparison.mean(name) for name in comparison.names}
    rows = []
    for name, title in comparison.names.items():
        errors = comparison.standard_error(name)
        cells = []
        for column in COLUMNS:
            best = ' class="best"' if name in _best(column, means) else ""
            error = f"<small>± {shown(column, errors)}</small>" if column.key in errors else ""
            cells.append(f"<td{best}>{shown(column, means[name])}{error}</td>")
        kind = f' class="{_REFERENCES[name]}"' if name in _REFERENCES else ""
        rows.append(f"<tr{kind}><td>{page.key(name)}{html(title)}</td>{''.join(cells)}</tr>")
    heads = [FIGURES[column.key].title for column in COLUMNS]
    says = [f"<dt>{html(head)}</dt><dd>{html(FIGURES[one.key].says)}</dd>" for head, one in zip(heads, COLUMNS)]
    told = "".join(f'<p class="note">{html(message)}</p>' for message in decisions(comparison))
    return page.table(["", *heads], rows) + f'<dl class="facts says">{"".join(says)}</dl>{told}'


def _best(column: Column, means: dict[str, dict[str, float]]) -> set[str]:
    """The keys of the models with the column's best figure, as shown."""
    values = {
        key: figures[column.key] for key, figures in means.items() if key not in _REFERENCES and column.key in figures
    }
    if not values or not column.better:
        return set()

    def flaw(key: str) -> float:
        return {"high": -values[key], "low": values[key], "one": abs(values[key] - 1)}[column.better]

    first = min(values, key=flaw)
    return {key for key in values if shown(column, means[key]) == shown(column, means[first])}
