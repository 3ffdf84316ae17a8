"""The terms of a logit, added up step by step. A table, not a drawing: a narrow page puts each name above its bar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from ...estimator.explanation import Explanation
from ...messages import Message
from .svg import ticks
from .text import feature_name, html, tip


@dataclass(frozen=True)
class _Step:
    name: Message
    value: Message
    weight: float
    start: float  # the sum before it
    is_sum: bool = False

    @property
    def end(self) -> float:
        return self.start + self.weight


class _Scale:
    """From a sum to its place across the page, in percent."""

    def __init__(self, reached: list[float]) -> None:
        margin = (max(reached) - min(reached)) * 0.06 or 1.0
        self.low, self.high = min(reached) - margin, max(reached) + margin

    def __call__(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low) * 100


def waterfall(told: Explanation, chinese: Explanation) -> str:
    """A row a summand, each beginning where the one above ends; the last is their sum. Both explain the same, the
    second in Chinese."""
    steps: list[_Step] = []
    nothing = Message("", "")
    summands = [(Message("bias", "偏置"), nothing, told.bias)]
    for term, other in zip(told.terms, chinese.terms):
        summands.append((feature_name(term.feature), Message(term.value, other.value), term.weight))
    summands.append((Message("deep part", "深度部分"), nothing, told.deep))
    for name, value, weight in summands:
        steps.append(_Step(name, value, weight, steps[-1].end if steps else 0.0))
    steps.append(_Step(Message("sum: the logit", "合计：logit"), nothing, told.logit, 0.0, is_sum=True))
    across = _Scale([0.0, *(step.end for step in steps)])
    result = Message(
        f"logit {told.logit:+.3f} → click probability {told.probability:.1%}",
        f"logit {told.logit:+.3f} → 点击概率 {told.probability:.1%}",
    )
    head = (
        f'<tr class="step"><th class="name">{html(Message("term", "项"))}</th><th class="track"></th>'
        f'<th class="figure">{html(Message("log-odds", "对数几率"))}</th></tr>'
    )
    table = f'<table class="steps">{head}{"".join(_row(step, across) for step in steps)}</table>'
    return f'<div class="fall">{table}{_axis(across)}<p class="result">{html(result)}</p></div>'


def _row(step: _Step, across: _Scale) -> str:
    kind = "sum" if step.is_sum else "up" if step.weight > 0 else "down"
    left, right = sorted((across(step.start), across(step.end)))
    hover = step.name + (": " + step.value if step.value.en else "") + f"\n{step.weight:+.4f}"
    value = f" <small>{html(step.value)}</small>" if step.value.en else ""
    # Down to where the next begins; for the last, where the sum ends.
    further = "" if step.is_sum else f'<s style="left:{across(step.end):.2f}%"></s>'
    return (
        f'<tr class="step"><td class="name">{html(step.name)}{value}</td>'
        f'<td class="track" title="{escape(tip(hover))}"><i style="left:{across(0):.2f}%"></i>{further}'
        f'<u class="{kind}" style="left:{left:.2f}%;width:{right - left:.2f}%"></u></td>'
        f'<td class="figure {kind}">{step.weight:+.3f}</td></tr>'
    )


def _axis(across: _Scale) -> str:
    marks = [
        f'<span style="left:{across(tick):.2f}%">{_tick(tick)}<br/>{1 / (1 + math.exp(-tick)):.0%}</span>'
        for tick in ticks(across.low, across.high)
    ]
    name = html(Message("logit, and below it the click probability", "logit，其下为点击概率"))
    return f'<div class="step scale"><div class="name">{name}</div><div class="track">{"".join(marks)}</div></div>'


def _tick(value: float) -> str:
    return "0" if abs(value) < 1e-9 else f"{value:+.3g}"
