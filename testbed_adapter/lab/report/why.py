"""Why one impression has its score."""

from __future__ import annotations

import math
from typing import Any, Optional

import numpy as np

from ...estimator.explanation import Explanation
from ...host.impressions import DOCUMENT, QUERY
from ...messages import Message, spoken
from ..compare.run import WIDE_DEEP
from . import page
from .inside import Inside
from .text import Said, html
from .waterfall import waterfall
from .weights import pair_weights


def chosen(inside: Inside) -> Optional[int]:
    """The record of the rule below: the first of the test part's, where several are alike."""
    run, weights = inside.run, pair_weights(inside.tensors)
    outcome = run.outcome(WIDE_DEEP)
    if outcome is None:
        return None
    best, most = None, -math.inf
    above = outcome.probabilities > run.labels[inside.trained].mean()
    for row in run.test[above & (run.labels[run.test] == 1)].tolist():
        query, document = inside.features[row, [QUERY, DOCUMENT]].astype(np.int64).tolist()
        weight = weights.get((str(query), str(document)))
        if weight is not None and weight > most:
            best, most = row, weight
    return best


def explained(inside: Inside) -> Optional[tuple[int, Explanation, Explanation]]:
    """The chosen record, and what makes its score, in English and in Chinese; None where none is of the rule, or the
    model explains nothing."""
    row = chosen(inside)
    if row is None or not hasattr(inside.model, "explain"):
        return None
    return (row, *explanations(inside, row))


def explanations(inside: Inside, row: int) -> tuple[Explanation, Explanation]:
    """What makes a record's score, in English and in Chinese."""
    record = inside.run.log.records[row]

    def tell() -> Explanation:
        score = float(record["score"])
        told: Explanation = inside.model.explain(
            record["query"], record["doc_id"], record["position"], score, record["summary"]
        )
        return told

    return spoken("en", tell), spoken("zh", tell)


def why(inside: Inside) -> str:
    """The section; nothing where there is nothing to explain."""
    found = explained(inside)
    if found is None:
        return ""
    row, told, chinese = found
    record = inside.run.log.records[row]
    return page.section(
        Message("Why this score", "为什么是这个分数"),
        Message(
            "One held-out impression: of those that were clicked, and that Wide & Deep put above the click rate, the "
            "one whose query × document cross has the largest weight. The terms add up to the logit; the logistic "
            "function makes it the probability that predict_ctr answers. The scale below has both.",
            "一次留出的展示：在被点击且 Wide & Deep 预测高于点击率的展示中，取“查询 × 文档”交叉权重最大的一次。"
            "各项相加得到 logit，经 logistic 函数即为 predict_ctr 返回的概率；下方刻度同时标出两者。",
        ),
        _facts(inside, row, record, told) + waterfall(told, chinese),
    )


def _facts(inside: Inside, row: int, record: dict[str, Any], told: Explanation) -> str:
    facts: list[tuple[Said, Said]] = [
        (Message("query", "查询"), record["query"]),
        (Message("document", "文档"), f"{record['doc_id']} {record['summary']}"),
        (Message("position, text score", "位置、文本分数"), f"{record['position']}, {record['score']:.3f}"),
        (Message("predicted", "预测"), f"{told.probability:.4f}"),
    ]
    if inside.run.log.probabilities is not None:
        truth = f"{inside.run.log.probabilities[row]:.4f}"
        facts.append((Message("true click probability", "真实点击概率"), truth))
    return '<dl class="facts">' + "".join(f"<dt>{html(a)}</dt><dd>{html(b)}</dd>" for a, b in facts) + "</dl>"
