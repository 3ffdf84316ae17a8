"""Log loss by epoch of the models that tell it."""

from __future__ import annotations

import math
from typing import Any

from ..compare.job import Run
from . import page
from .models import STYLES
from .svg import Chart
from .text import Text, model

_PARTS = {"train": Text("training", "训练集"), "validation": Text("validation", "验证集")}


def learning(run: Run) -> str:
    """A chart a model, all on one scale; nothing where none tells."""
    histories = []
    for outcome in run.outcomes:
        info = getattr(getattr(outcome.model, "model", None), "info_", None)
        if info and info.get("history"):
            histories.append((outcome, info["history"], info.get("best_epoch")))
    losses = [
        row[f"{part}_log_loss"]
        for _, history, _ in histories
        for row in history
        for part in _PARTS
        if _is_number(row.get(f"{part}_log_loss"))
    ]
    if not losses:
        return ""
    last = max(len(history) for _, history, _ in histories)
    margin = (max(losses) - min(losses)) * 0.06 or 0.01
    parts = []
    for outcome, history, best in histories:
        chart = Chart(
            (0.5, last + 0.5),
            (min(losses) - margin, max(losses) + margin),
            Text("epoch", "轮次"),
            Text("log loss", "对数损失"),
            height=270,
            width=350,
            x_ticks=[float(epoch) for epoch in range(1, last + 1, max(1, math.ceil(last / 8)))],
        )
        colour, name = STYLES[outcome.key][0], model(outcome.name)
        for part, dash in (("train", "3 5"), ("validation", "")):
            rows = [(row["epoch"], row.get(f"{part}_log_loss")) for row in history]
            told = [(epoch, float(loss)) for epoch, loss in rows if _is_number(loss)]
            chart.line(told, colour, 2.4, dash, name + Text(", ", "，") + _PARTS[part])
            for epoch, loss in told:
                kept = epoch == best and part == "validation"
                title = Text(f"epoch {epoch}: ", f"第 {epoch} 轮：") + _PARTS[part]
                title += Text(f" log loss {loss:.4f}", f"对数损失 {loss:.4f}")
                chart.dot(epoch, loss, colour, 6 if kept else 3, title, hollow=kept)
        figure = Text(f"epoch {best} of {len(history)}", f"第 {best} 轮（共 {len(history)} 轮）")
        drawing = chart.render(Text("Learning curve: ", "学习曲线：") + name)
        parts.append(f"<div>{page.legend([(outcome.key, name, figure)])}{drawing}</div>")
    return page.section(
        Text("Learning", "学习曲线"),
        Text(
            "Solid: log loss on held-out validation rows; the best epoch (ring) is kept. Dotted: on the training rows. "
            "Where the two part, the model begins to learn by heart.",
            "实线为验证集损失，圆环为保留的最佳轮次；点线为训练集损失。两线分开处即开始过拟合。",
        ),
        f'<div class="maps">{"".join(parts)}</div>',
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)
