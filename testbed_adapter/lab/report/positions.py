"""Calibration by position: the click rate seen, and what the models predict there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...messages import Message
from ..compare.run import LR, Run
from . import page
from .models import back_to_front, line
from .svg import Chart
from .text import Said

_MOST = 20  # positions, from the top


@dataclass(frozen=True)
class Place:
    """One position's test impressions."""

    position: int
    shown: int
    click_rate: float
    low: float  # of the click rate's 95% interval
    high: float
    predicted: dict[str, float]  # mean prediction by model


def wilson(rate: float, count: int) -> tuple[float, float]:
    """The 95% interval of a share: stays within 0 and 1 and has a width where nobody clicked."""
    z = 1.959964
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    return middle - half, middle + half


def places(run: Run) -> list[Place]:
    at = np.array([run.log.records[row]["position"] for row in run.test.tolist()])
    labels = run.labels[run.test]
    found = []
    for position in np.unique(at)[:_MOST].tolist():
        rows = at == position
        rate, count = float(labels[rows].mean()), int(rows.sum())
        predicted = {one.key: float(one.probabilities[rows].mean()) for one in run.outcomes}
        found.append(Place(position, count, rate, *wilson(rate, count), predicted))
    return found


def positions(run: Run) -> str:
    found = places(run)
    legend: list[page.Entry] = [
        ("observed", Message("clicked", "实际点击率"), Message("with 95% interval", "及 95% 区间"))
    ]
    legend += [(one.key, one.name, "") for one in run.outcomes]
    return page.section(
        Message("Calibration by position", "各位置的校准"),
        Message(
            "Dots: clicks seen, with their 95% interval (Wilson). A good model follows them down the page. In the "
            "table: mean predictions of the two models; blue ones lie within the interval.",
            "圆点为实际点击率及 95% 置信区间（Wilson）；好的模型应随位置同样下降。"
            "表中为两个模型的平均预测，落在区间内的为蓝色。",
        ),
        page.legend(legend) + _chart(run, found) + _table(run, found),
    )


def _chart(run: Run, found: list[Place]) -> str:
    top = max(max(place.high, *place.predicted.values()) for place in found) * 1.05
    chart = Chart(
        (found[0].position - 0.5, found[-1].position + 0.5), (0, min(1.0, top)),
        Message("position", "位置"), Message("click rate", "点击率"),
        x_ticks=[float(place.position) for place in found],
    )  # fmt: skip
    for outcome in back_to_front(run):
        points = [(float(place.position), place.predicted[outcome.key]) for place in found]
        line(chart, outcome.key, points, outcome.name)
    for place in found:
        chart.upright(place.position, place.low, place.high, "var(--ink)")
        title = Message(
            f"position {place.position}: clicked {place.click_rate:.3f} of {place.shown} impressions",
            f"位置 {place.position}：{place.shown} 次展示，点击率 {place.click_rate:.3f}",
        )
        chart.dot(place.position, place.click_rate, "var(--ink)", 4, title)
    return chart.render(Message("Click rate by position", "各位置的点击率"))


def _table(run: Run, found: list[Place]) -> str:
    models = [one for one in run.outcomes if one.key in (LR, run.main)]
    head: list[Said] = [
        Message("position", "位置"),
        Message("impressions", "展示数"),
        Message("click rate", "点击率"),
        Message("95% interval", "95% 区间"),
        *("LR" if one.key == LR else one.name for one in models),
    ]
    rows = []
    for place in found:
        cells = [f"{place.position}", f"{place.shown:,}", f"{place.click_rate:.3f}"]
        told = "".join(f"<td>{cell}</td>" for cell in cells)
        told += f"<td>{place.low:.3f}–{place.high:.3f}</td>"
        for one in models:
            predicted = place.predicted[one.key]
            within = ' class="best"' if place.low <= predicted <= place.high else ""
            told += f"<td{within}>{predicted:.3f}</td>"
        rows.append(f"<tr>{told}</tr>")
    return page.table(head, rows, "close")
