"""The terms of a logit, added up step by step, as a drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from ..compare.table import cut
from ..explanation import Explanation
from .svg import ticks
from .text import Text, drawn, feature_name, tip

_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 860, 250, 80, 42, 10
_WIDEST = 30  # columns of a value
_UP, _DOWN, _SUM = "#1d5fd1", "#d9730d", "#1b1f24"


@dataclass(frozen=True)
class _Step:
    name: Text
    value: Text
    weight: float
    start: float  # the sum before it

    @property
    def end(self) -> float:
        return self.start + self.weight


def waterfall(told: Explanation, chinese: Explanation) -> str:
    """A row a summand, each beginning where the one above ends; the last is their sum. Both explain the same, the
    second in Chinese."""
    steps: list[_Step] = []
    nothing = Text("", "")
    summands = [(Text("bias", "偏置"), nothing, told.bias)]
    for term, other in zip(told.terms, chinese.terms):
        summands.append((feature_name(term.feature), Text(term.value, other.value), term.weight))
    summands.append((Text("deep part", "深度部分"), nothing, told.deep))
    for name, value, weight in summands:
        steps.append(_Step(name, value, weight, steps[-1].end if steps else 0.0))
    steps.append(_Step(Text("sum: the logit", "合计：logit"), nothing, told.logit, 0.0))
    reached = [0.0, *(step.end for step in steps)]
    margin = (max(reached) - min(reached)) * 0.06 or 1.0
    low, high = min(reached) - margin, max(reached) + margin
    bottom = _TOP + _ROW * len(steps)

    def across(value: float) -> float:
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    marks = []
    for tick in ticks(low, high, about=7):
        x = f"{across(tick):.1f}"
        marks.append(
            f'<line class="{"grid" if abs(tick) > 1e-9 else "axis"}" x1="{x}" x2="{x}" y1="{_TOP}" y2="{bottom}"/>'
            f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{_tick(tick)}</text>'
            f'<text x="{x}" y="{bottom + 36}" text-anchor="middle">{1 / (1 + math.exp(-tick)):.0%}</text>'
        )
    for place, step in enumerate(steps):
        is_sum = place == len(steps) - 1
        y = _TOP + _ROW * place
        if not is_sum:  # down to where the next begins; for the last, where the sum ends
            x = f"{across(step.end):.1f}"
            marks.append(
                f'<line x1="{x}" x2="{x}" y1="{y + 10}" y2="{y + _ROW + 10}" stroke="#9aa1ab" stroke-dasharray="2 3"/>'
            )
        colour = _SUM if is_sum else _UP if step.weight > 0 else _DOWN
        left, right = sorted((across(step.start), across(step.end)))
        hover = step.name + (": " + step.value if step.value.en else "") + f"\n{step.weight:+.4f}"
        marks.append(
            f'<rect x="{left:.1f}" y="{y + 10}" width="{max(1.0, right - left):.1f}" height="{_ROW - 20}" rx="2" '
            f'fill="{colour}"><title>{escape(tip(hover))}</title></rect>'
        )
        marks += _labels(step, y, colour)
    beside = f'x="{_LEFT - 12}" text-anchor="end"'
    marks.append(drawn(f'{beside} y="{bottom + 18}"', "logit"))
    marks.append(drawn(f'{beside} y="{bottom + 36}"', Text("click probability", "点击概率")))
    result = Text(
        f"logit {told.logit:+.3f} → click probability {told.probability:.1%}",
        f"logit {told.logit:+.3f} → 点击概率 {told.probability:.1%}",
    )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    marks.append(drawn(f'class="result" x="{middle:.1f}" y="{bottom + 66}" text-anchor="middle"', result))
    described = Text("The terms of one logit: ", "一个 logit 的各项：") + result
    return (
        f'<div class="wide"><svg class="broad" viewBox="0 0 {_WIDTH} {bottom + 78}" role="img" '
        f'aria-label="{escape(tip(described))}">{"".join(marks)}</svg></div>'
    )


def _labels(step: _Step, y: int, colour: str) -> list[str]:
    beside = f'x="{_LEFT - 12}" text-anchor="end"'
    if not step.value.en:
        texts = [drawn(f'class="name" {beside} y="{y + _ROW / 2 + 5:.0f}"', step.name)]
    else:
        texts = [
            drawn(f'class="name" {beside} y="{y + _ROW / 2 - 2:.0f}"', step.name),
            drawn(
                f'{beside} y="{y + _ROW / 2 + 14:.0f}"', Text(cut(step.value.en, _WIDEST), cut(step.value.zh, _WIDEST))
            ),
        ]
    value = f'class="figure" style="fill:{colour}" x="{_WIDTH - _RIGHT + 12}" y="{y + _ROW / 2 + 5:.0f}"'
    return [*texts, drawn(value, f"{step.weight:+.3f}")]


def _tick(value: float) -> str:
    return "0" if abs(value) < 1e-9 else f"{value:+.3g}"
