"""The heaviest wide weights of queries, documents, words and numbers, as bars."""

from __future__ import annotations

from ...messages import Message
from . import page, weights
from .inside import Inside
from .text import html

_MOST = 12  # weights a group


def groups_of(inside: Inside) -> list[weights.Group]:
    columns = tuple(getattr(inside.model, "feature_names", ()))
    estimator = inside.model.model
    return weights.heaviest(estimator.info_, inside.tensors, inside.names, inside.model.scaler, columns, _MOST)


def heaviest(inside: Inside) -> str:
    groups = groups_of(inside)
    if not groups:
        return ""
    parts = []
    for group in groups:
        rows = [(one.label, one.weight, one.detail) for one in group.weights]
        parts.append(f"<div><h3>{html(group.title)}</h3>{page.bars(rows)}</div>")
    return page.section(
        Message("The other heavy weights", "其他较重的权重"),
        Message(
            "The wide part's weights of queries, documents and numbers by themselves, in log-odds: to the right more "
            "clicks, to the left fewer. The heaviest come first; a number's bins are in the number's order. Hover for "
            "the whole text.",
            "线性部分对单个查询、文档和数值的权重（对数几率）：向右增加点击，向左减少。按权重大小排列，"
            "数值分箱按数值顺序排列。悬停可见全文。",
        ),
        f'<div class="groups">{"".join(parts)}</div>',
    )
