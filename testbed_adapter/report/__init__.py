"""`report.html`: what the comparison found, as one file that opens without a network."""

from __future__ import annotations

import datetime
import os
import tempfile
from html import escape
from pathlib import Path

from ..compare.job import ORACLE, WIDE_DEEP, Comparison, Run, describe
from ..compare.table import COLUMNS, Column, shown
from . import curves, page
from .inside import inside

__all__ = ["write_report"]


def write_report(comparison: Comparison, path: Path) -> Path:
    """Writes the page; a failure leaves the one that was there."""
    text = render(comparison)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path


def render(comparison: Comparison) -> str:
    run = comparison.run
    parts = [_head(comparison), _table(comparison)]
    parts.append(_pair(_roc(run), _precision_recall(run)))
    parts.append(_pair(_calibration(run), _positions(run)))
    parts += [_learning(run), inside(run), _foot(comparison)]
    return page.page("Wide & Deep and the LR", "\n".join(parts))


def _pair(left: str, right: str) -> str:
    return f'<div class="pair"><div>{left}</div><div>{right}</div></div>'


def _head(comparison: Comparison) -> str:
    run, gains = comparison.run, comparison.gains()
    facts = describe(run.log.records)
    log = (
        f"{facts['records']:,} impressions ({escape(run.log.source)}), click rate {facts['click_rate']:.3f}, "
        f"{facts['queries']:,} queries, {facts['documents']:,} documents, {facts['positions']} positions. "
        f"Tested on {len(run.test):,} held-out impressions, the testbed's own split."
    )
    if len(comparison.seeds) > 1:
        log += (
            f" The figures here and in the table are means over {len(comparison.seeds)} such logs, with their standard "
            "errors; the plots are of the first."
        )
    entries = [(f"{gains['auc']:+.3f}", "AUC against the LR", "AUC 相对 LR 的提升")]
    if "share_of_gap" in gains:
        entries.append((f"{gains['share_of_gap']:.0%}", "of the way from LR to oracle", "走完 LR 到上限的比例"))
    entries += [
        (f"{comparison.mean(WIDE_DEEP)['calibration']:.3f}", "mean prediction ÷ click rate", "平均预测 ÷ 实际点击率"),
        (_times(gains["predict_new_us_ratio"]), "as fast on new text", "新文本预测速度倍数"),
        (_times(gains["predict_seen_us_ratio"]), "as fast on text seen before", "旧文本预测速度倍数"),
    ]
    if "train_seconds_ratio" in gains:
        entries.insert(-2, (_times(gains["train_seconds_ratio"]), "as fast in training", "训练速度倍数"))
    return (
        f'<h1>Wide &amp; Deep and the LR <span lang="zh">点击率模型对比</span></h1><p class="lead">{log}</p>'
        + page.tiles(entries)
    )


def _times(ratio: float) -> str:
    return f"{ratio:.0f}×" if ratio >= 10 else f"{ratio:.1f}×"


def _table(comparison: Comparison) -> str:
    means = {name: comparison.mean(name) for name in comparison.names}
    head = "".join(f"<th>{escape(column.title)}</th>" for column in COLUMNS)
    rows = []
    for name, title in comparison.names.items():
        errors = comparison.standard_error(name)
        cells = []
        for column in COLUMNS:
            best = name in _best(column, means)
            error = f"<small>± {shown(column, errors)}</small>" if column.key in errors else ""
            cells.append(f"<td{' class=best' if best else ''}>{shown(column, means[name])}{error}</td>")
        ceiling = ' class="ceiling"' if name == ORACLE else ""
        rows.append(f"<tr{ceiling}><td>{page.key(name)}{escape(title)}</td>{''.join(cells)}</tr>")
    body = f'<div class="wide"><table><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'
    ceiling = " The oracle knows the true click probabilities: nothing can beat it." if ORACLE in means else ""
    chinese = "真实概率已知，所以 oracle 一行是任何模型的上限。" if ORACLE in means else ""
    return page.section(
        "The table 总表",
        "All rows are of the same held-out impressions; the best of each column is blue. AUC: how well clicks "
        "are ranked. Log loss: how good the probabilities are. Calibration: 1 is right." + ceiling,
        "所有行使用同一批留出的展示记录，每列最佳值为蓝色。"
        "AUC 看排序，log loss 看概率，calibration 越接近 1 越好。" + chinese,
        body,
    )


def _best(column: Column, means: dict[str, dict[str, float]]) -> set[str]:
    """The keys of the models with the column's best figure, as shown; the oracle does not take part."""
    values = {key: figures[column.key] for key, figures in means.items() if key != ORACLE and column.key in figures}
    if not values or not column.better:
        return set()

    def flaw(key: str) -> float:
        return {"high": -values[key], "low": values[key], "one": abs(values[key] - 1)}[column.better]

    first = min(values, key=flaw)
    return {key for key in values if shown(column, means[key]) == shown(column, means[first])}


def _figure(title: str, english: str, chinese: str, figure: curves.Figure) -> str:
    entries, svg = figure
    return page.section(title, english, chinese, page.legend(entries) + svg)


def _roc(run: Run) -> str:
    return _figure(
        "ROC",
        "The farther a curve bows to the top left, the better the ranking; the area under it is the AUC.",
        "曲线越靠左上角，排序越好；曲线下面积即 AUC。",
        curves.roc(run),
    )


def _precision_recall(run: Run) -> str:
    return _figure(
        "Precision and recall 精确率与召回率",
        "How pure the top of the ranking is: at the left, the impressions each model is surest of. The grey line is "
        "the click rate, what guessing gives. In the legend: average precision.",
        "排名靠前的展示中有多少真的被点击；灰线是随机猜测（点击率）。图例为平均精确率。",
        curves.precision_recall(run),
    )


def _calibration(run: Run) -> str:
    return _figure(
        "Calibration 校准",
        "Points on the diagonal mean that of impressions predicted at 20%, 20% are clicked. The LR is trained with "
        "balanced class weights, so its predictions are far too high. Below: how many predictions lie where.",
        "落在对角线上表示“预测 20% 的展示确有 20% 被点击”。LR 用了平衡类权重，预测明显偏高。下图为预测值的分布。",
        curves.calibration(run),
    )


def _learning(run: Run) -> str:
    charts = curves.learning(run)
    if not charts:
        return ""
    parts = [f"<div>{page.legend([(key, name, figure)])}{svg}</div>" for key, name, figure, svg in charts]
    return page.section(
        "Learning 学习曲线",
        "Solid: log loss on held-out validation rows; the best epoch (ring) is kept. Dotted: on the training rows. "
        "Where the two part, the model begins to learn by heart.",
        "实线为验证集损失，圆环为保留的最佳轮次；点线为训练集损失。两线分开处即开始过拟合。",
        f'<div class="maps">{"".join(parts)}</div>',
    )


def _positions(run: Run) -> str:
    return _figure(
        "Click rate by position 各位置的点击率",
        "Black: clicks seen, with their 95% interval. A good model follows them down the page.",
        "黑点为实际点击率及 95% 区间；好的模型应随位置同样下降。",
        curves.positions(run),
    )


def _foot(comparison: Comparison) -> str:
    facts = comparison.environment
    packages = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    now = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    return (
        f"<footer>{escape(now)} · {escape(str(facts['cores']))} cores, {escape(str(facts['processor']))} · "
        f"Python {escape(facts['python'])}, {escape(packages)}<br>Library: {escape(facts['library'])}<br>"
        "Training times run from the records to the saved model, features included; predict_ctr times are medians of "
        "single calls.</footer>"
    )
