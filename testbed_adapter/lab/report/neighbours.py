"""Which queries and documents lie nearest to each other in the deep part's embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from ...messages import Message
from . import page
from .embeddings import embeddings, few_left_out, pooled
from .inside import Inside
from .names import Named
from .text import html

Array = npt.NDArray[Any]
_CHOSEN, _NEAREST = 3, 5


@dataclass(frozen=True)
class Neighbour:
    named: Named
    cosine: float
    shared: int  # words that it has in common with the one whose neighbour it is


def nearest(
    found: Mapping[str, Array], named: Mapping[str, Named], chosen: int, most: int
) -> list[tuple[Named, list[Neighbour]]]:
    """For each of the `chosen` most shown ones the `most` nearest others, by the cosine of their vectors."""
    entries = [entry for entry in found if entry in named and np.linalg.norm(found[entry]) > 0]
    if len(entries) < 2:
        return []
    units = np.array([found[entry] / np.linalg.norm(found[entry]) for entry in entries], dtype=np.float64)
    shown = [named[entry].shown for entry in entries]
    answer = []
    for at in np.argsort([-count for count in shown], kind="stable")[:chosen].tolist():
        cosines = units @ units[at]
        order = [other for other in np.argsort(-cosines, kind="stable").tolist() if other != at][:most]
        one = named[entries[at]]
        answer.append(
            (
                one,
                [
                    Neighbour(
                        named[entries[other]],
                        float(cosines[other]),
                        len(set(one.words) & set(named[entries[other]].words)),
                    )
                    for other in order
                ],
            )
        )
    return answer


_TITLES = {
    "queries": Message("queries", "查询"),
    "documents": Message("documents", "文档"),
    "words": Message("words of summaries", "摘要词"),
}


def all_nearest(inside: Inside) -> dict[str, list[tuple[Named, list[Neighbour]]]]:
    """Of queries, documents and words; empty lists where the model has no embeddings for them."""
    tensors, names, least = inside.tensors, inside.names, inside.least
    long_words = {entry: word for entry, word in names.words.items() if len(word.name) > 1}
    found: dict[str, tuple[Mapping[str, Array], Mapping[str, Named]]] = {
        "queries": (pooled(tensors, names.queries, "query_terms", least), names.queries),
        "documents": (pooled(tensors, names.documents, "summary_terms", least), names.documents),
        "words": (embeddings(tensors, "summary_terms", least), long_words),
    }
    return {key: nearest(*one, _CHOSEN, _NEAREST) for key, one in found.items()}


def neighbours(inside: Inside) -> str:
    """The section; nothing where the model has no words' embeddings."""
    parts = []
    for key, found in all_nearest(inside).items():
        if found:
            cards = "".join(_card(*one) for one in found)
            parts.append(f'<h3>{html(_TITLES[key])}</h3><div class="cards">{cards}</div>')
    if not parts:
        return ""
    dimensions = max(map(len, embeddings(inside.tensors, "summary_terms", inside.least).values()))
    return page.section(
        Message("Nearest neighbours", "最近邻"),
        Message(
            f"The {_CHOSEN} most shown queries, documents and words of the log, and the {_NEAREST} that lie nearest to "
            "each. A query's or document's vector is what the deep part makes of it: the mean of its words' learnt "
            "embeddings. The number is the cosine, 1 for the same direction; in brackets, how many words the two "
            f"share, which alone brings them near. In {dimensions} dimensions some are near by chance, too. Words of "
            "one character are left out.",
            f"日志中展示最多的 {_CHOSEN} 个查询、文档和词，以及各自最近的 {_NEAREST} 个。"
            "查询或文档的向量即深度部分所用的：其各词嵌入的均值。"
            "数字为余弦相似度，1 表示方向相同；括号内为共有词数，有共有词自然会靠近。"
            f"在 {dimensions} 维中，有些靠近只是偶然。单字词不列出。",
        )
        + few_left_out(inside.least),
        "".join(parts),
    )


def _card(one: Named, near: list[Neighbour]) -> str:
    rows = []
    for other in near:
        shared = f" <small>({other.shared})</small>" if other.named.words else ""
        rows.append(
            f'<li><span title="{escape(other.named.text)}">{escape(other.named.text)}</span>'
            f"<b>{other.cosine:.2f}{shared}</b></li>"
        )
    shown = Message(f"shown {one.shown:,} times", f"展示 {one.shown:,} 次")
    return (
        f'<div class="card"><div class="of" title="{escape(one.text)}">{escape(one.text)}</div>'
        f"<small>{html(shown)}</small><ol>{''.join(rows)}</ol></div>"
    )
