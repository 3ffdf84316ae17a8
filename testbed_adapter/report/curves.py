"""The figures about predictions: ROC, precision-recall, calibration, learning and position, as (legend, SVG)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_curve

from ..compare.job import DEEP, LR, ORACLE, WIDE, WIDE_DEEP, Run
from ..compare.measure import Outcome
from .svg import Chart

Array = npt.NDArray[Any]
# Colour, width and dash of each model's lines, everywhere the same.
STYLES: dict[str, tuple[str, float, str]] = {
    LR: ("#8b8f97", 2.0, ""),
    WIDE_DEEP: ("#1d5fd1", 2.8, ""),
    WIDE: ("#0b8f73", 1.8, "7 3"),
    DEEP: ("#d9730d", 1.8, "2 4"),
    ORACLE: ("#1b1f24", 1.6, "1 5"),
}
Entry = tuple[str, str, str]  # style key, name, figure
Figure = tuple[list[Entry], str]


def _lines(chart: Chart, key: str, points: list[tuple[float, float]], title: str) -> None:
    colour, width, dash = STYLES[key]
    chart.line(points, colour, width, dash, title)


def _back_to_front(run: Run) -> list[Outcome]:
    """Wide & Deep's line last, above the others."""
    return sorted(run.outcomes, key=lambda outcome: outcome.key == WIDE_DEEP)


def _sampled(x: Array, y: Array, most: int = 240) -> list[tuple[float, float]]:
    keep = np.unique(np.linspace(0, len(x) - 1, most).round().astype(int))
    return list(zip(x[keep].tolist(), y[keep].tolist()))


def roc(run: Run) -> Figure:
    chart = Chart((0, 1), (0, 1), "false positive rate 假阳性率", "true positive rate 真阳性率")
    chart.line([(0, 0), (1, 1)], "#c9ccd1", 1)
    labels = run.labels[run.test]
    for outcome in _back_to_front(run):
        false, true, _ = roc_curve(labels, outcome.probabilities)
        _lines(chart, outcome.key, _sampled(false, true), f"{outcome.name}: AUC {outcome.figures['auc']:.4f}")
    legend = [(one.key, one.name, f"{one.figures['auc']:.4f}") for one in run.outcomes]
    return legend, chart.render("ROC curves")


def precision_recall(run: Run) -> Figure:
    labels = run.labels[run.test]
    curves = {}
    for outcome in run.outcomes:
        precision, recall, _ = precision_recall_curve(labels, outcome.probabilities)
        # The first few predictions decide the left end alone: it is noise.
        steady = recall >= 0.02
        curves[outcome.key] = recall[steady][::-1], precision[steady][::-1]
    top = min(1.0, max(float(precision.max()) for _, precision in curves.values()) * 1.08)
    chart = Chart((0, 1), (0, top), "recall 召回率", "precision 精确率")
    base = float(labels.mean())
    chart.line([(0, base), (1, base)], "#c9ccd1", 1, title=f"click rate {base:.3f}")
    legend = []
    for outcome in _back_to_front(run):
        average = average_precision_score(labels, outcome.probabilities)
        _lines(chart, outcome.key, _sampled(*curves[outcome.key]), f"{outcome.name}: average precision {average:.4f}")
    for outcome in run.outcomes:
        average = average_precision_score(labels, outcome.probabilities)
        legend.append((outcome.key, outcome.name, f"{average:.4f}"))
    return legend, chart.render("Precision-recall curves")


def calibration(run: Run) -> Figure:
    """Mean prediction against click rate in bins of equal count; below, how many predictions lie where."""
    labels = run.labels[run.test]
    binned = {}
    for outcome in run.outcomes:
        order = np.argsort(outcome.probabilities, kind="stable")
        groups = np.array_split(order, min(15, max(2, len(order) // 40)))
        binned[outcome.key] = [
            (float(outcome.probabilities[rows].mean()), float(labels[rows].mean()), len(rows)) for rows in groups
        ]
    top = min(1.0, 1.06 * max(max(x, y) for rows in binned.values() for x, y, _ in rows))
    chart = Chart((0, top), (0, top), "mean prediction 平均预测", "click rate 实际点击率")
    chart.line([(0, 0), (1, 1)], "#c9ccd1", 1, title="perfect calibration")
    for outcome in _back_to_front(run):
        rows = binned[outcome.key]
        _lines(chart, outcome.key, [(x, y) for x, y, _ in rows], outcome.name)
        for x, y, count in rows:
            title = f"{outcome.name}: predicted {x:.3f}, clicked {y:.3f}, {count} impressions"
            chart.dot(x, y, STYLES[outcome.key][0], 2.6, title)
    legend = [(one.key, one.name, f"{one.figures['calibration']:.3f}") for one in run.outcomes]
    return legend, chart.render("Calibration") + _counts(run, top)


def _counts(run: Run, top: float) -> str:
    edges = np.linspace(0, top, 41)
    counts = {
        outcome.key: np.histogram(np.minimum(outcome.probabilities, top), bins=edges)[0] for outcome in run.outcomes
    }
    high = max(int(count.max()) for count in counts.values()) or 1
    chart = Chart((0, top), (0, high * 1.05), "prediction 预测值", "impressions 展示数", height=190)
    for outcome in _back_to_front(run):
        count = counts[outcome.key]
        points = [(float(x), float(y)) for left, right, y in zip(edges, edges[1:], count) for x in (left, right)]
        _lines(chart, outcome.key, points, outcome.name)
    return chart.render("Number of predictions by value")


def learning(run: Run) -> list[tuple[str, str, str, str]]:
    """Log loss by epoch, a chart a model that tells: (key, name, figure, SVG), all on one scale."""
    histories = []
    for outcome in run.outcomes:
        info = getattr(getattr(outcome.model, "model", None), "info_", None)
        if info and info.get("history"):
            histories.append((outcome, info["history"], info.get("best_epoch")))
    losses = [
        row[part]
        for _, history, _ in histories
        for row in history
        for part in ("train_log_loss", "validation_log_loss")
        if _is_number(row.get(part))
    ]
    if not losses:
        return []
    last = max(len(history) for _, history, _ in histories)
    margin = (max(losses) - min(losses)) * 0.06 or 0.01
    charts = []
    for outcome, history, best in histories:
        chart = Chart(
            (0.5, last + 0.5),
            (min(losses) - margin, max(losses) + margin),
            "epoch 轮次",
            "log loss 对数损失",
            height=380,
            x_ticks=[float(epoch) for epoch in range(1, last + 1, max(1, math.ceil(last / 12)))],
        )
        colour = STYLES[outcome.key][0]
        for part, dash in (("train", "3 5"), ("validation", "")):
            rows = [(row["epoch"], row.get(f"{part}_log_loss")) for row in history]
            told = [(epoch, float(loss)) for epoch, loss in rows if _is_number(loss)]
            chart.line(told, colour, 2.4, dash, f"{outcome.name}, {part}")
            for epoch, loss in told:
                kept = epoch == best and part == "validation"
                title = f"epoch {epoch}: {part} log loss {loss:.4f}"
                chart.dot(epoch, loss, colour, 6 if kept else 3, title, hollow=kept)
        figure = f"epoch {best} of {len(history)}"
        charts.append((outcome.key, outcome.name, figure, chart.render(f"Learning curve: {outcome.name}")))
    return charts


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def positions(run: Run, most: int = 20) -> Figure:
    """Click rate at each position, seen with its 95% interval and as each model has it."""
    shown = np.array([run.log.records[row]["position"] for row in run.test.tolist()])
    labels = run.labels[run.test]
    places = np.unique(shown)[:most]
    rows = [np.flatnonzero(shown == place) for place in places]
    observed = [float(labels[row].mean()) for row in rows]
    # Wilson's interval: stays within 0 and 1 and has a width where nobody clicked.
    bounds = []
    for rate, row in zip(observed, rows):
        n, z = len(row), 1.96
        middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
        bounds.append((middle - half, middle + half))
    predicted = {one.key: [float(one.probabilities[row].mean()) for row in rows] for one in run.outcomes}
    top = max(max(high for _, high in bounds), max(max(rates) for rates in predicted.values())) * 1.05
    low, high = float(places[0]), float(places[-1])
    chart = Chart(
        (low - 0.5, high + 0.5), (0, min(1.0, top)), "position 位置", "click rate 点击率",
        x_ticks=[float(place) for place in places] if len(places) <= 20 else None,
    )  # fmt: skip
    for outcome in _back_to_front(run):
        line = list(zip(places.tolist(), predicted[outcome.key]))
        _lines(chart, outcome.key, line, outcome.name)
    for place, rate, (lower, upper), row in zip(places.tolist(), observed, bounds, rows):
        chart.upright(place, lower, upper, "#1b1f24")
        chart.dot(place, rate, "#1b1f24", 4, f"position {place}: clicked {rate:.3f} of {len(row)} impressions")
    legend = [("observed", "observed 实际", "95%")]
    legend += [(one.key, one.name, "") for one in run.outcomes]
    return legend, chart.render("Click rate by position")
