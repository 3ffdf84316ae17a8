"""The page's head and foot: the log, the main figures, and what measured them."""

from __future__ import annotations

import datetime
from html import escape

from ...messages import Message
from ..compare.job import Comparison, describe
from ..compare.run import WIDE_DEEP
from . import page
from .text import html

_TITLE = Message("Wide & Deep and the LR", "Wide & Deep 与逻辑回归：点击率模型对比")
_TITLE_OF_MODELS = Message("Click models and the LR", "各点击率模型与逻辑回归对比")


def title(comparison: Comparison) -> Message:
    return _TITLE if comparison.told == [WIDE_DEEP] else _TITLE_OF_MODELS


def head(comparison: Comparison) -> str:
    run = comparison.run
    facts = describe(run.log.records)
    generated = run.log.source.replace("generated, seed", "生成的日志，种子")
    log = Message(
        f"{facts['records']:,} impressions ({run.log.source}), click rate {facts['click_rate']:.3f}, "
        f"{facts['queries']:,} queries, {facts['documents']:,} documents, {facts['positions']} positions. "
        f"Tested on {len(run.test):,} held-out impressions, the testbed's own split.",
        f"{facts['records']:,} 次展示（{generated}），点击率 {facts['click_rate']:.3f}，"
        f"{facts['queries']:,} 个查询，{facts['documents']:,} 篇文档，{facts['positions']} 个位置。"
        f"在留出的 {len(run.test):,} 次展示上测试，划分方式与 testbed 相同。",
    )
    if len(comparison.seeds) > 1:
        log += Message(
            f" The figures here and in the table are means over {len(comparison.seeds)} such logs, with their standard "
            "errors; the plots are of the first.",
            f"此处与总表的数字为 {len(comparison.seeds)} 份这样的日志的均值，附标准误；各图取第一份。",
        )
    return f'<h1>{html(title(comparison))}</h1><p class="lead">{html(log)}</p>' + page.tiles(_tiles(comparison))


def _tiles(comparison: Comparison) -> list[tuple[str, Message]]:
    main = comparison.run.main
    gains, name = comparison.gains(main), comparison.names[main]
    against = Message("AUC against the LR", "AUC 相对 LR 的提升")
    entries = [(f"{gains['auc']:+.3f}", against if comparison.told == [WIDE_DEEP] else name + ": " + against)]
    if "share_of_gap" in gains:
        entries.append(
            (f"{gains['share_of_gap']:.0%}", Message("of the way from LR to oracle", "走完 LR 到上限的比例"))
        )
    calibration = f"{comparison.mean(main)['calibration']:.3f}"
    entries.append((calibration, Message("mean prediction ÷ click rate", "平均预测 ÷ 实际点击率")))
    if "train_seconds_ratio" in gains:
        entries.append((_times(gains["train_seconds_ratio"]), Message("as fast in training", "训练速度倍数")))
    entries += [
        (_times(gains["predict_new_us_ratio"]), Message("as fast on new text", "新文本预测速度倍数")),
        (_times(gains["predict_seen_us_ratio"]), Message("as fast on text seen before", "旧文本预测速度倍数")),
    ]
    return entries


def _times(ratio: float) -> str:
    return f"{ratio:.0f}×" if ratio >= 10 else f"{ratio:.1f}×"


def foot(comparison: Comparison) -> str:
    facts = comparison.environment
    packages = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    now = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    machine = Message(f"{facts['cores']} cores, {facts['processor']}", f"{facts['cores']} 核，{facts['processor']}")
    library = Message(f"Library: {facts['library']}", f"模型库：{facts['library']}")
    times = Message(
        "Training times run from the records to the saved model, features included; predict_ctr times are medians of "
        "single calls.",
        "训练时间从记录到保存模型，含特征提取；predict_ctr 时间为单次调用的中位数。",
    )
    return (
        f"<footer>{escape(now)} · {html(machine)} · Python {escape(facts['python'])}, {escape(packages)}<br>"
        f"{html(library)}<br>{html(times)}</footer>"
    )
