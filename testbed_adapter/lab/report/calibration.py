"""Whether a predicted 20% is clicked 20% of the time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ...messages import Message
from ..compare.run import Run
from . import page
from .models import back_to_front, line, style
from .svg import Chart

Array = npt.NDArray[Any]
_BINS = 10  # of the expected calibration error; as many as the library's validation_calibration_error has


def expected_calibration_error(labels: Array, probabilities: Array) -> float:
    """The mean distance of prediction and click rate over ten bins of equal count (Naeini et al., 2015, whose bins are
    of equal width: click rates would leave most of those empty)."""
    order, count = np.argsort(probabilities, kind="stable"), len(labels)
    edges = [place * count // _BINS for place in range(_BINS + 1)]
    surplus = (probabilities - labels)[order]
    return float(sum(abs(surplus[low:high].sum()) for low, high in zip(edges, edges[1:])) / count)


class Bin(NamedTuple):
    predicted: float  # the mean
    click_rate: float
    impressions: int


def bins(run: Run) -> dict[str, list[Bin]]:
    """Of equal count, by model."""
    labels, binned = run.labels[run.test], {}
    for outcome in run.outcomes:
        order = np.argsort(outcome.probabilities, kind="stable")
        groups = np.array_split(order, min(15, max(2, len(order) // 40)))
        binned[outcome.key] = [
            Bin(float(outcome.probabilities[rows].mean()), float(labels[rows].mean()), len(rows)) for rows in groups
        ]
    return binned


def _top(binned: dict[str, list[Bin]]) -> float:
    return min(1.0, 1.06 * max(max(one.predicted, one.click_rate) for rows in binned.values() for one in rows))


def counts(run: Run) -> tuple[list[float], dict[str, list[int]]]:
    """The edges of bins of equal width, and how many of a model's predictions lie in each; above them in the last."""
    top = _top(bins(run))
    edges = np.linspace(0, top, 41)
    counted = {
        outcome.key: np.histogram(np.minimum(outcome.probabilities, top), bins=edges)[0].tolist()
        for outcome in run.outcomes
    }
    return edges.tolist(), counted


def calibration(run: Run) -> str:
    """Mean prediction against click rate in bins of equal count; below, how many predictions lie where."""
    labels, binned = run.labels[run.test], bins(run)
    top = _top(binned)
    chart = Chart((0, top), (0, top), Message("mean prediction", "平均预测"), Message("click rate", "实际点击率"))
    chart.line([(0, 0), (1, 1)], "var(--guess)", 1, title=Message("perfect calibration", "完全校准"))
    for outcome in back_to_front(run):
        rows = binned[outcome.key]
        line(chart, outcome.key, [(x, y) for x, y, _ in rows], outcome.name)
        for x, y, count in rows:
            title = outcome.name + Message(
                f": predicted {x:.3f}, clicked {y:.3f}, {count} impressions",
                f"：预测 {x:.3f}，实际 {y:.3f}，{count} 次展示",
            )
            chart.dot(x, y, style(outcome.key)[0], 2.6, title)
    legend: list[page.Entry] = []
    for one in run.outcomes:
        error = expected_calibration_error(labels, one.probabilities)
        figures = Message(f", error {error:.4f}", f"，误差 {error:.4f}")
        legend.append((one.key, one.name, f"{one.figures['calibration']:.3f}" + figures))
    return page.section(
        Message("Calibration", "校准"),
        Message(
            "Points on the diagonal mean that of impressions predicted at 20%, 20% are clicked. The LR is trained with "
            "balanced class weights, so its predictions are far too high. Below: how many predictions lie where. In "
            "the legend: mean prediction ÷ click rate, and the expected calibration error, which is how far prediction "
            f"and click rate are apart in the mean over {_BINS} bins of equal count. Chance alone keeps it above 0.",
            "落在对角线上表示“预测 20% 的展示确有 20% 被点击”。LR 用了平衡类权重，预测明显偏高。下图为预测值的分布。"
            f"图例为平均预测 ÷ 实际点击率，以及期望校准误差（ECE）：按预测值等量分为 {_BINS} 组，各组平均预测与点击率"
            "之差的平均；即使完全校准，抽样误差也使其大于 0。",
        ),
        page.legend(legend) + chart.render(Message("Calibration", "校准")) + _counts(run),
    )


def _counts(run: Run) -> str:
    edges, counted = counts(run)
    high = max(map(max, counted.values())) or 1
    chart = Chart(
        (0, edges[-1]), (0, high * 1.05), Message("prediction", "预测值"), Message("impressions", "展示数"), height=190
    )
    for outcome in back_to_front(run):
        rows = zip(edges, edges[1:], counted[outcome.key])
        points = [(x, float(y)) for left, right, y in rows for x in (left, right)]
        line(chart, outcome.key, points, outcome.name)
    return chart.render(Message("Number of predictions by value", "预测值的分布"))
