"""The ablation's section: the paper's Table 1, and the gains with their intervals as a drawing."""

from __future__ import annotations

from html import escape

from ...messages import Message
from ..compare.ablation import COVERAGE, ORDER, Ablation, interval_of
from ..compare.ablation_table import HEAD, between, cells, percent
from ..compare.job import Comparison
from ..compare.run import LR, ORACLE
from . import page
from .models import style
from .svg import ticks
from .text import FIGURES, Said, drawn, html, tip

# HEAD's titles, as far as they are English words.
_TITLES = {
    "offline AUC": Message("offline AUC", "离线 AUC"),
    "log loss": FIGURES["log_loss"],
    "online gain": Message("online gain", "在线提升"),
    "95% interval": Message("95% interval", "95% 区间"),
    "click rate": Message("click rate", "点击率"),
    "catalogue": Message("catalogue", "文档覆盖"),
    "long tail": Message("long tail", "长尾"),
    "Gini": Message("Gini", "基尼系数"),
}
_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 860, 190, 80, 46, 14


def ablation(comparison: Comparison) -> str:
    """The section; nothing where there was no online simulation."""
    measured = comparison.ablation
    if measured is None:
        return ""
    requests, seeds = f"{measured.requests:,}", len(comparison.seeds)
    interval = "对单个种子的各次请求，不代表其他世界"
    if seeds > 1:
        interval = f"{seeds} 个种子的学生 t 分布，每个种子有各自的世界和模型"
    return page.section(
        Message("Ablation: offline and online", "消融实验：离线与在线"),
        Message(
            "The experiment of the Wide & Deep paper's Table 1. In the generated world each model ranked the same "
            f"{requests} new requests a seed, {measured.candidates} candidates each, by predict_ctr as the testbed "
            "does. Gain: how much more its pages are clicked than those of the control, the LR; dots are the seeds, "
            f"bars the interval ({interval_of(seeds).en}). Catalogue: documents shown in {COVERAGE} requests in a row. "
            "Long tail: impressions of the half of the documents that training saw least. Gini: 0 if all are shown "
            "equally often. ~: the interval holds 0, so this run cannot tell the gain from none.",
            f"对应 Wide & Deep 论文的表 1：在模拟世界中，各模型对同样的新请求（每个种子 {requests} 次，每次 "
            f"{measured.candidates} 个候选）按 predict_ctr 排序并展示前十，与 testbed 相同。"
            f"在线提升：点击数比对照组（LR）多多少；圆点为各种子，横线为 95% 置信区间（{interval}）。"
            f"文档覆盖：连续 {COVERAGE} 次请求展示过的文档所占比例；长尾：训练中出现较少的一半文档所占的展示比例；"
            "基尼系数：0 表示各文档展示机会均等。~：区间包含 0，本次运行不足以说明有提升。",
        ),
        _table(comparison, measured) + _drawing(comparison, measured),
    )


def _table(comparison: Comparison, measured: Ablation) -> str:
    rows = []
    for key in ORDER:
        figures = "".join(f"<td>{html(_said(cell))}</td>" for cell in cells(comparison, measured, key))
        ceiling = ' class="ceiling"' if key == ORACLE else ""
        rows.append(f"<tr{ceiling}><td>{page.key(key)}{html(comparison.names[key])}</td>{figures}</tr>")
    return page.table(["", *(_TITLES[title] for title in HEAD[1:])], rows)


def _said(cell: str) -> Said:
    if cell == "control":
        return Message(cell, "对照组")
    return Message(cell, cell.replace(" to ", " 至 "))


def _drawing(comparison: Comparison, measured: Ablation) -> str:
    """A row a model: each seed's gain, their mean and its interval, over a line at the control's 0."""
    keys = [key for key in ORDER if key != LR]
    gains = {key: measured.gain(key) for key in keys}
    seeds = {key: measured.gains(key) for key in keys}
    low = min(0.0, *(min(gains[key].low, *seeds[key]) for key in keys))
    high = max(0.01, *(max(gains[key].high, *seeds[key]) for key in keys))
    margin = (high - low) * 0.04
    low, high = low - margin, high + margin
    bottom = _TOP + _ROW * len(keys)

    def across(value: float) -> str:
        return f"{_LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT):.1f}"

    marks = []
    for value in ticks(low, high, about=7):
        x = across(value)
        marks.append(
            f'<line class="{"grid" if abs(value) > 1e-9 else "axis"}" x1="{x}" x2="{x}" y1="{_TOP}" y2="{bottom}"/>'
            f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{_tick(value)}</text>'
        )
    for row, key in enumerate(keys):
        gain, colour, y = gains[key], style(key)[0], _TOP + _ROW * (row + 0.5)
        dots = "".join(
            f'<circle cx="{across(value)}" cy="{y + 9:.1f}" r="2.8" fill="{colour}" opacity=".5">'
            f"<title>{escape(tip(Message(f'seed {seed}: ', f'种子 {seed}：') + percent(value)))}</title></circle>"
            for seed, value in zip(comparison.seeds, seeds[key])
        )
        said = tip(_said(f"{percent(gain.mean)} ({between(gain)})"))
        name = f'class="name" x="{_LEFT - 12}" y="{y + 4:.1f}" text-anchor="end"'
        marks.append(
            f"{drawn(name, comparison.names[key])}{dots}"
            f'<line x1="{across(gain.low)}" x2="{across(gain.high)}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" '
            f'stroke-width="3" stroke-linecap="round"/>'
            f'<circle cx="{across(gain.mean)}" cy="{y:.1f}" r="5.5" fill="{colour}"><title>{said}</title></circle>'
            f'<text class="name" x="{_WIDTH - _RIGHT + 12}" y="{y + 4:.1f}">{percent(gain.mean)}</text>'
        )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    below = f'class="name" x="{middle}" y="{bottom + 40}" text-anchor="middle"'
    described = Message("online gain over the LR", "相对 LR 的在线提升")
    return (
        f'<div class="wide" tabindex="0"><svg class="broad" viewBox="0 0 {_WIDTH} {bottom + 46}" role="img" '
        f'aria-label="{escape(tip(described))}">{"".join(marks)}{drawn(below, described)}</svg></div>'
    )


def _tick(value: float) -> str:
    return "0%" if abs(value) < 1e-9 else f"{value * 100:+.3g}%"
