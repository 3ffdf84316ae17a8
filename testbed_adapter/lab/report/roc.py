"""How well clicks are ranked: the ROC curves, and precision against recall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_curve

from ...messages import Message
from ..compare.run import Run
from . import page
from .models import back_to_front, line
from .svg import Chart, Point

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Curve:
    """A model's, and the area below it."""

    points: list[Point]
    area: float


def _sampled(x: Array, y: Array, most: int = 240) -> list[Point]:
    keep = np.unique(np.linspace(0, len(x) - 1, most).round().astype(int))
    return list(zip(x[keep].tolist(), y[keep].tolist()))


def roc_curves(run: Run) -> dict[str, Curve]:
    """True positive rates over false positive rates, by model."""
    labels, curves = run.labels[run.test], {}
    for outcome in run.outcomes:
        false, true, _ = roc_curve(labels, outcome.probabilities)
        curves[outcome.key] = Curve(_sampled(false, true), outcome.figures["auc"])
    return curves


def precision_recall_curves(run: Run) -> dict[str, Curve]:
    """Precision over recall, by model, and the average precision."""
    labels, curves = run.labels[run.test], {}
    for outcome in run.outcomes:
        precision, recall, _ = precision_recall_curve(labels, outcome.probabilities)
        # The first few predictions decide the left end alone: it is noise.
        steady = recall >= 0.02
        average = float(average_precision_score(labels, outcome.probabilities))
        curves[outcome.key] = Curve(_sampled(recall[steady][::-1], precision[steady][::-1]), average)
    return curves


def roc(run: Run) -> str:
    chart = Chart((0, 1), (0, 1), Message("false positive rate", "假阳性率"), Message("true positive rate", "真阳性率"))
    chart.line([(0, 0), (1, 1)], "var(--guess)", 1)
    curves = roc_curves(run)
    for outcome in back_to_front(run):
        curve = curves[outcome.key]
        line(chart, outcome.key, curve.points, outcome.name + f": AUC {curve.area:.4f}")
    legend: list[page.Entry] = [(one.key, one.name, f"{curves[one.key].area:.4f}") for one in run.outcomes]
    return page.section(
        Message("ROC", "ROC 曲线"),
        Message(
            "The farther a curve bows to the top left, the better the ranking; the area under it is the AUC.",
            "曲线越靠左上角，排序越好；曲线下面积即 AUC。",
        ),
        page.legend(legend) + chart.render(Message("ROC curves", "ROC 曲线")),
    )


def precision_recall(run: Run) -> str:
    curves = precision_recall_curves(run)
    top = min(1.0, max(precision for curve in curves.values() for _, precision in curve.points) * 1.08)
    chart = Chart((0, 1), (0, top), Message("recall", "召回率"), Message("precision", "精确率"))
    base = float(run.labels[run.test].mean())
    chart.line([(0, base), (1, base)], "var(--guess)", 1, title=Message(f"click rate {base:.3f}", f"点击率 {base:.3f}"))
    for outcome in back_to_front(run):
        curve = curves[outcome.key]
        title = outcome.name + Message(f": average precision {curve.area:.4f}", f"：平均精确率 {curve.area:.4f}")
        line(chart, outcome.key, curve.points, title)
    legend: list[page.Entry] = [(one.key, one.name, f"{curves[one.key].area:.4f}") for one in run.outcomes]
    return page.section(
        Message("Precision and recall", "精确率与召回率"),
        Message(
            "How pure the top of the ranking is: at the left, the impressions each model is surest of. The grey line "
            "is the click rate, what guessing gives. In the legend: average precision.",
            "排名靠前的展示中有多少真的被点击：最左为各模型最有把握的展示；灰线是点击率，即随机猜测的水平。"
            "图例为平均精确率。",
        ),
        page.legend(legend) + chart.render(Message("Precision-recall curves", "精确率-召回率曲线")),
    )
