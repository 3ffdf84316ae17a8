"""How the models do on what training saw often, rarely or never."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
from sklearn.metrics import log_loss, roc_auc_score

from ...messages import Message
from ..compare.run import LR, Run
from . import page
from .text import FIGURES, html

Array = npt.NDArray[Any]
OFTEN = 10  # training impressions, and more; rarely is fewer, never none
_FEW = 100  # impressions below which the figures are mostly chance

_KINDS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (Message("query × document", "查询 × 文档"), ("query", "doc_id")),
    (Message("query", "查询"), ("query",)),
    (Message("document", "文档"), ("doc_id",)),
)
_LEVELS = (
    Message(f"often ({OFTEN} or more)", f"常见（{OFTEN} 次以上）"),
    Message(f"rarely (1 to {OFTEN - 1})", f"少见（1 至 {OFTEN - 1} 次）"),
    Message("never", "从未"),
)
_FIGURES = ("auc", "log_loss", "calibration")


@dataclass(frozen=True)
class Level:
    """The test impressions of one kind and level. A model's figure is None where it does not exist: an AUC without both
    clicks and skips, a calibration without clicks."""

    count: int
    click_rate: float
    figures: dict[str, dict[str, Optional[float]]]  # by model


def levels(run: Run, fields: tuple[str, ...]) -> list[Level]:
    """Often, rarely, never: by how many training impressions share the test impression's values of the fields."""
    test = run.test.tolist()
    held_out = set(test)
    values = [tuple(record[field] for field in fields) for record in run.log.records]
    seen = Counter(value for row, value in enumerate(values) if row not in held_out)
    times = np.array([seen[values[row]] for row in test])
    return [_level(run, rows) for rows in (times >= OFTEN, (times > 0) & (times < OFTEN), times == 0)]


def all_levels(run: Run) -> list[tuple[tuple[str, ...], list[Level]]]:
    """Of each kind, its fields and levels."""
    return [(fields, levels(run, fields)) for _, fields in _KINDS]


def _level(run: Run, rows: Array) -> Level:
    labels = run.labels[run.test][rows]
    if not len(labels):
        return Level(0, 0.0, {})
    figures = {
        outcome.key: _figures(labels, outcome.probabilities[rows])
        for outcome in run.outcomes
        if outcome.key in (LR, run.main)
    }
    return Level(len(labels), float(labels.mean()), figures)


def _figures(labels: Array, probabilities: Array) -> dict[str, Optional[float]]:
    clicks = int(labels.sum())
    return {
        "auc": float(roc_auc_score(labels, probabilities)) if 0 < clicks < len(labels) else None,
        "log_loss": float(log_loss(labels, probabilities, labels=[0, 1])),
        "calibration": float(probabilities.sum() / clicks) if clicks else None,
    }


def cold_start(run: Run) -> str:
    models = [outcome for outcome in run.outcomes if outcome.key in (LR, run.main)]
    top = f'<tr><th colspan="3" class="over"></th>{"".join(_over(FIGURES[figure]) for figure in _FIGURES)}</tr>'
    names = "".join(f"<th>{html('LR' if one.key == LR else one.name)}</th>" for one in models)
    seen, shown, rate = (
        Message("in training", "训练中"),
        Message("impressions", "展示数"),
        Message("click rate", "点击率"),
    )
    head = f"<tr><th>{html(seen)}</th><th>{html(shown)}</th><th>{html(rate)}</th>{names * len(_FIGURES)}</tr>"
    body = []
    for (kind, _), (_, found) in zip(_KINDS, all_levels(run)):
        body.append(f'<tr class="group"><td colspan="{3 + len(_FIGURES) * len(models)}">{html(kind)}</td></tr>')
        body += [_row(level, said, [one.key for one in models]) for said, level in zip(_LEVELS, found)]
    return page.section(
        Message("Cold start", "冷启动"),
        Message(
            "Test impressions by how often the training part showed the same query with the same document, the query, "
            f"and the document. Often: {OFTEN} times or more; rarely: 1 to {OFTEN - 1}; never: 0. The better of the "
            f"two models is blue; rows of fewer than {_FEW} impressions are grey, as chance decides there. A new pair "
            "has no cross to remember: there the deep part has to generalise from words.",
            f"按训练集中同一“查询 × 文档”组合、同一查询、同一文档的展示次数划分测试展示：常见为 {OFTEN} 次以上，"
            f"少见为 1 至 {OFTEN - 1} 次，从未为 0 次。两个模型中较好者为蓝色；不足 {_FEW} 次展示的行为灰色，"
            "其结果主要取决于偶然。新组合没有可记忆的交叉特征，只能靠深度部分从词语泛化。",
        ),
        f'<div class="wide" tabindex="0"><table class="cold">{top}{head}{"".join(body)}</table></div>',
    )


def _over(figure: Message) -> str:
    return f'<th colspan="2" class="over">{html(figure)}</th>'


def _row(level: Level, said: Message, models: list[str]) -> str:
    few = ' class="few"' if level.count < _FEW else ""
    rate = f"{level.click_rate:.3f}" if level.count else "–"
    cells = [f"<td>{html(said)}</td><td>{level.count:,}</td><td>{rate}</td>"]
    for figure in _FIGURES:
        values = [level.figures.get(key, {}).get(figure) for key in models]
        told = [None if value is None else f"{value:.{3 if figure == 'calibration' else 4}f}" for value in values]
        best = _best(figure, values)
        for value, text in zip(values, told):
            mark = ' class="best"' if value is not None and value == best and level.count >= _FEW else ""
            cells.append(f"<td{mark}>{escape(text or '–')}</td>")
    return f"<tr{few}>{''.join(cells)}</tr>"


def _best(figure: str, values: list[Optional[float]]) -> Optional[float]:
    known = [value for value in values if value is not None]
    flaws = {"auc": lambda value: -value, "log_loss": lambda value: value, "calibration": lambda value: abs(value - 1)}
    return min(known, key=flaws[figure]) if len(known) > 1 else None
