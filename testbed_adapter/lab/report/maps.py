"""Maps of what the deep part has learnt: documents, queries and words whose vectors are alike lie together."""

from __future__ import annotations

from ...messages import Message
from ..clicklog.vocabulary import TOPICS
from . import page
from .embeddings import few_left_out
from .inside import Inside
from .projection import Map, Point
from .svg import scatter
from .text import html

# Colours that stay apart, one a topic of the generated log.
_TOPIC_COLOURS = ("#1f6fd6", "#e8730c", "#2a9d4a", "#d43a3a", "#8552c2", "#12a3b4", "#c9a400", "#e05ba5")
_TOPIC_NAMES = {
    **{"体育": "sports", "科技": "technology", "健康": "health", "旅游": "travel"},
    **{"美食": "food", "教育": "education", "财经": "finance", "影视": "film"},
}
_UNKNOWN = "#969ca6"


def rate_colour(rate: float, low: float, high: float) -> str:
    """From orange to blue: both are seen on white and on black."""
    share = min(1.0, max(0.0, (rate - low) / ((high - low) or 1)))
    few, many = (230, 126, 34), (47, 115, 226)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(few, many))


def embedding_maps(inside: Inside) -> str:
    """The section; nothing where the model has no embeddings."""
    drawn = inside.maps
    if not drawn:
        return ""
    by_topic = inside.run.log.probabilities is not None
    note = Message(
        "What the deep part has learnt to treat alike lies together.", "深度部分认为相似的查询、文档和词会靠在一起。"
    )
    if by_topic:
        kinds = [(Message(_TOPIC_NAMES[words[0]], words[0]), colour) for words, colour in zip(TOPICS, _TOPIC_COLOURS)]
        if any(point.topic is None for one in drawn for point in one.points):
            kinds.append((Message("words of no topic", "不属于任何主题的词"), _UNKNOWN))
        key = page.dots(kinds)
        note += Message(
            " Colours are the generated log's topics, which the model was never told.",
            "颜色为生成日志的主题，模型从未被告知。",
        )
    else:
        low, high = Message("low click rate", "点击率低"), Message("high", "高")
        key = page.dots([(low, rate_colour(0, 0, 1)), (high, rate_colour(1, 0, 1))])
        note += Message(" Colours are click rates.", "颜色表示点击率。")
    if any(one.is_pooled for one in drawn):
        # Such a map shows topics even before any training.
        note += Message(
            " A mean of words lies near the others that share its words anyway; what was learnt shows in the words.",
            "以词均值表示的文档和查询只要用词相同就会靠近，真正学到的内容要看词的分布。",
        )
    note += few_left_out(inside.least) + Message(" Hover a point for its text.", "悬停可见全文。")
    parts = [f"<div><h3>{html(one.title)}</h3>{_drawing(one, by_topic)}</div>" for one in drawn]
    return page.section(
        Message("The embedding map", "嵌入地图"), note, f'{key}<div class="maps">{"".join(parts)}</div>'
    )


def _drawing(one: Map, by_topic: bool) -> str:
    rates = sorted(point.named.click_rate for point in one.points)
    low, high = rates[len(rates) // 20], rates[-1 - len(rates) // 20]
    colours = [_colour(point, low, high, by_topic) for point in one.points]
    titles = [
        f"{point.named.text}\n"
        + Message(
            f"click rate {point.named.click_rate:.3f}, {point.named.shown} impressions",
            f"点击率 {point.named.click_rate:.3f}，{point.named.shown} 次展示",
        )
        for point in one.points
    ]
    places = [(point.x, point.y) for point in one.points]
    return scatter(places, colours, titles, Message("Embedding map: ", "嵌入地图：") + one.title)


def _colour(point: Point, low: float, high: float, by_topic: bool) -> str:
    if not by_topic:
        return rate_colour(point.named.click_rate, low, high)
    return _UNKNOWN if point.topic is None else _TOPIC_COLOURS[point.topic]
