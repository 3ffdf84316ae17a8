"""The tables' words in the pages' two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .candidates import DEEP, WIDE


@dataclass(frozen=True)
class Words:
    suffix: str  # of a page's file name
    model: str
    log_loss: str
    training: str
    parameters: str
    less: str
    less_this: str  # of {title}
    better: str
    worse: str
    alike: str
    size: str
    skipped: str
    parts: Mapping[str, str]
    remarks: str


ENGLISH = Words(
    suffix=".md",
    model="model",
    log_loss="log loss",
    training="training",
    parameters="parameters",
    less="less",
    less_this="{figure}: {title} less this",
    better="better",
    worse="worse",
    alike="no difference told",
    size="**{name}**: {train:,} rows to train on, {test:,} to test on, {seeds} seeds.",
    skipped="**{name}** was skipped: {reason}.",
    parts={WIDE: "wide only", DEEP: "deep only"},
    remarks="Means over the seeds. Differences × 10⁻⁴ are paired by seed, with their 95% interval (Student's t); where "
    "it holds 0, the seeds tell no difference. *wide only* and *deep only* are Wide & Deep's parts. Training is "
    "processor time on one thread, of all models that answer together; parameters are one model's.",
)
CHINESE = Words(
    suffix=".zh-CN.md",
    model="模型",
    log_loss="对数损失",
    training="训练",
    parameters="参数个数",
    less="减去",
    less_this="{figure}：{title} 减去本行",
    better="更好",
    worse="更差",
    alike="分不出",
    size="**{name}**：训练 {train:,} 行，测试 {test:,} 行，{seeds} 个种子。",
    skipped="**{name}** 略过：{reason}。",
    parts={WIDE: "仅宽部", DEEP: "仅深部"},
    remarks="各种子的平均。差 × 10⁻⁴，按种子配对，方括号里是 95% 区间（学生 t）；区间包含 0 时，这些种子分不出高下。"
    "**仅宽部**和**仅深部**是 Wide & Deep 的两部分。训练是单线程的处理器时间，包括一起回答的所有模型；"
    "参数个数是一个模型的。",
)
