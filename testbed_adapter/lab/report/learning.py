"""Log loss by epoch of the models that tell it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Optional

from ...messages import Message
from ..compare.run import Run
from . import page
from .models import style
from .svg import Chart, Point
from .text import Said, html

_DASHES = {"train": "3 5", "validation": ""}


@dataclass(frozen=True)
class History:
    """A model's training."""

    key: str
    name: Said
    best_epoch: int
    epochs: list[dict[str, Any]]  # epoch, train_log_loss, validation_log_loss …
    dropout: float  # 0 where it has no hidden units to drop

    def curve(self, part: str) -> list[Point]:
        rows = [(row["epoch"], row.get(f"{part}_log_loss")) for row in self.epochs]
        return [(epoch, float(loss)) for epoch, loss in rows if isinstance(loss, (int, float)) and math.isfinite(loss)]


def histories(run: Run) -> list[History]:
    found = []
    for outcome in run.outcomes:
        info: Optional[dict[str, Any]] = getattr(getattr(outcome.model, "model", None), "info_", None)
        if info and info.get("history"):
            options = info["options"]
            dropout = 0.0 if options.get("part") == "wide" else float(options.get("dropout", 0))
            found.append(History(outcome.key, outcome.name, info["best_epoch"], info["history"], dropout))
    return found


def learning(run: Run) -> str:
    """A chart a model, all on one scale; nothing where none tells."""
    told = histories(run)
    losses = [loss for history in told for part in _DASHES for _, loss in history.curve(part)]
    if not losses:
        return ""
    margin = (max(losses) - min(losses)) * 0.06 or 0.01
    last, across = max(len(history.epochs) for history in told), (min(losses) - margin, max(losses) + margin)
    note = Message(
        "Solid: log loss on held-out validation rows; the best epoch (ring) is kept. Dotted: on the training rows. "
        "Where the two part, the model begins to learn by heart.",
        "实线为验证集损失，圆环为保留的最佳轮次；点线为训练集损失。两线分开处即开始过拟合。",
    )
    dropout = max(history.dropout for history in told)
    if dropout:
        note += Message(
            f" The training loss may lie above: it is measured while training drops {dropout:.0%} of the deep part's "
            "hidden units at random (dropout), in the course of the epoch; validation uses all units, and the weights' "
            "average, at its end.",
            f"训练损失可能反而更高：它在该轮训练过程中测得，此时深度部分随机丢弃 {dropout:.0%} 的隐藏单元（dropout）；"
            "验证则在该轮结束时使用全部单元和权重的平均值。",
        )
    parts = [f"<div>{_legend(history)}{_chart(history, last, across)}</div>" for history in told]
    return page.section(Message("Learning", "学习曲线"), note, f'<div class="maps">{"".join(parts)}</div>')


def _part(history: History, part: str) -> Message:
    if part == "validation":
        return Message("validation", "验证集")
    return (
        Message("training, with dropout", "训练集（含 dropout）") if history.dropout else Message("training", "训练集")
    )


def _legend(history: History) -> str:
    best, count = history.best_epoch, len(history.epochs)
    kept = Message(f"epoch {best} of {count} kept", f"保留第 {best} 轮（共 {count} 轮）")
    items = [f"{page.dot(style(history.key)[0])}{html(history.name)} <b>{html(kept)}</b>"]
    items += [
        page.mark(style(history.key)[0], 2.4, dash) + html(_part(history, part)) for part, dash in _DASHES.items()
    ]
    return page.listed(items)


def _chart(history: History, last: int, across: Point) -> str:
    chart = Chart(
        (0.5, last + 0.5),
        across,
        Message("epoch", "轮次"),
        Message("log loss", "对数损失"),
        height=270,
        width=350,
        x_ticks=[float(epoch) for epoch in range(1, last + 1, max(1, math.ceil(last / 8)))],
    )
    colour = style(history.key)[0]
    for part, dash in _DASHES.items():
        curve = history.curve(part)
        chart.line(curve, colour, 2.4, dash, history.name + Message(", ", "，") + _part(history, part))
        for epoch, loss in curve:
            kept = epoch == history.best_epoch and part == "validation"
            title = Message(f"epoch {epoch}: ", f"第 {epoch} 轮：") + _part(history, part)
            title += Message(f", log loss {loss:.4f}", f"，对数损失 {loss:.4f}")
            chart.dot(epoch, loss, colour, 6 if kept else 3, title, hollow=kept)
    return chart.render(Message("Learning curve: ", "学习曲线：") + history.name)
