"""The sections about what Wide & Deep has learnt: its heaviest wide weights, and the map of its embeddings."""

from __future__ import annotations

from html import escape
from typing import Any

from ..compare.job import WIDE_DEEP, Run
from ..compare.measure import Outcome
from . import embeddings, page, weights
from .names import Names, name_ids

_HEAVIEST = 12  # weights a group


def inside(run: Run) -> str:
    """What Wide & Deep has learnt: nothing where the model cannot tell."""
    outcome = run.outcome(WIDE_DEEP)
    estimator: Any = getattr(outcome.model, "model", None) if outcome is not None else None
    if outcome is None or outcome.features is None or not hasattr(estimator, "tensors_"):
        return ""
    names = name_ids(run.log.records, outcome.features)
    tensors = estimator.tensors_()
    return _weights(estimator, tensors, names, outcome) + _maps(tensors, names, run.log.probabilities is not None)


def _weights(estimator: Any, tensors: dict[str, Any], names: Names, outcome: Outcome) -> str:
    columns = tuple(getattr(outcome.model, "feature_names", ()))
    groups = weights.heaviest(estimator.info_, tensors, names, outcome.model.scaler, columns, _HEAVIEST)
    if not groups:
        return ""
    parts = []
    for group in groups:
        rows = [(one.label, one.weight, one.detail) for one in group.weights]
        parts.append(f"<div><h3>{escape(group.title)}</h3>{page.bars(rows)}</div>")
    return page.section(
        "The heaviest wide weights 线性部分最重的权重",
        "What the wide part knows by heart, in log-odds: to the right more clicks, to the left fewer. Crosses show as "
        "query × how the document's summary begins; hover for the whole text.",
        "线性部分“记住”的内容（对数几率）：向右增加点击，向左减少。交叉特征显示为“查询 × 摘要开头”，悬停可见全文。",
        f'<div class="groups">{"".join(parts)}</div>',
    )


def _maps(tensors: dict[str, Any], names: Names, by_topic: bool) -> str:
    drawn = embeddings.maps(tensors, names, by_topic)
    if not drawn:
        return ""
    parts = [f"<div><h3>{escape(title)}</h3>{svg}</div>" for title, svg in drawn]
    if by_topic:
        key = page.dots(embeddings.topic_legend())
        english = "Colours are the generated log's topics, which the model was never told."
        chinese = "颜色为生成日志的主题，模型从未被告知。"
    else:
        key = page.dots(
            [("low click rate 点击率低", embeddings.rate_colour(0, 0, 1)), ("high 高", embeddings.rate_colour(1, 0, 1))]
        )
        english = "Colours are click rates."
        chinese = "颜色表示点击率。"
    if any("mean of words" in title for title, _ in drawn):
        # Such a map shows topics even before any training.
        english += (
            " A mean of words lies near the others that share its words anyway; what was learnt shows in the words."
        )
        chinese += "以词均值表示的文档和查询只要用词相同就会靠近，真正学到的内容要看词的分布。"
    return page.section(
        "The embedding map 嵌入地图",
        "What the deep part has learnt to treat alike lies together. " + english + " Hover a point for its text.",
        "深度部分认为相似的查询、文档和词会靠在一起。" + chinese,
        f'{key}<div class="maps">{"".join(parts)}</div>',
    )
