"""What the wide part knows of single queries with single documents, in their texts."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ...host.impressions import DOCUMENT, QUERY
from ...messages import Message
from . import page
from .inside import Inside
from .names import Named
from .text import Said, html
from .weights import pair_weights

MOST = 8  # of either sign


@dataclass(frozen=True)
class Cross:
    query: Named
    document: Named
    weight: float
    shown: int  # in training
    clicks: int


def heaviest_crosses(inside: Inside, most: int) -> tuple[list[Cross], list[Cross]]:
    """The largest positive weights, and the largest negative ones, largest first."""
    fared: dict[tuple[str, str], list[int]] = {}
    ids = inside.features[inside.trained][:, [QUERY, DOCUMENT]].astype(int).tolist()
    for (query, document), click in zip(ids, inside.run.labels[inside.trained].tolist()):
        counts = fared.setdefault((str(query), str(document)), [0, 0])
        counts[0] += 1
        counts[1] += click
    ordered = sorted(pair_weights(inside.tensors).items(), key=lambda one: -one[1])

    def cross(pair: tuple[str, str], weight: float) -> Cross:
        return Cross(inside.names.queries[pair[0]], inside.names.documents[pair[1]], weight, *fared[pair])

    return (
        [cross(*one) for one in ordered[:most] if one[1] > 0],
        [cross(*one) for one in ordered[: -most - 1 : -1] if one[1] < 0],
    )


def crosses(inside: Inside) -> str:
    up, down = heaviest_crosses(inside, MOST)
    parts = []
    for title, found in (
        (Message("Largest positive: more clicks than the two alone", "最大正权重：点击多于两者各自所示"), up),
        (Message("Largest negative: fewer clicks", "最大负权重：点击更少"), down),
    ):
        if found:
            parts.append(f"<div><h3>{html(title)}</h3>{_table(found)}</div>")
    if not parts:
        return ""
    return page.section(
        Message("What the wide part knows by heart: query × document", "线性部分记住的内容：查询 × 文档"),
        Message(
            "Weights of the cross, in log-odds: +0.7 doubles the odds of a click, −0.7 halves them, on top of what the "
            "query, the document, the position and the deep part say. Seen: how often training showed the pair, and "
            "its click rate there.",
            "交叉特征的权重（对数几率）：在查询、文档、位置和深度部分的判断之上，+0.7 使点击几率加倍，−0.7 使其减半。"
            "右侧为该组合在训练中的展示次数与点击率。",
        ),
        "".join(parts),
    )


def _table(found: list[Cross]) -> str:
    head: list[Said] = [
        Message("query", "查询"),
        Message("document", "文档"),
        Message("weight", "权重"),
        Message("seen", "展示"),
        Message("click rate", "点击率"),
    ]
    rows = [
        f'<tr><td>{escape(one.query.text)}</td><td class="long">{escape(one.document.text)}</td>'
        f'<td class="{"up" if one.weight > 0 else "down"}">{one.weight:+.3f}</td>'
        f"<td>{one.shown}×</td><td>{one.clicks / one.shown:.2f}</td></tr>"
        for one in found
    ]
    return page.table(head, rows, "texts")
