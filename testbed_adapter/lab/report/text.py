"""The page's words: each text in English and in Chinese, side by side where it is written."""

from __future__ import annotations

from html import escape
from typing import Union

from ...messages import Message, figures

# A plain str is the same in both: a figure, or what the log holds.
Said = Union[str, Message]


def html(said: Said) -> str:
    """Escaped; the page's switch hides one of the two."""
    text = Message.of(said)
    if text.en == text.zh:
        return escape(text.en)
    return f'<span lang="en">{escape(text.en)}</span><span lang="zh">{escape(text.zh)}</span>'


def drawn(attributes: str, said: Said) -> str:
    """A text of a drawing."""
    text = Message.of(said)
    if text.en == text.zh:
        return f"<text {attributes}>{escape(text.en)}</text>"
    return f'<text lang="en" {attributes}>{escape(text.en)}</text><text lang="zh" {attributes}>{escape(text.zh)}</text>'


def tip(said: Said) -> str:
    """For where there can be but one text, as under the pointer: both, a line each; not escaped."""
    text = Message.of(said)
    return text.en if text.en == text.zh else f"{text.en}\n{text.zh}"


# The figures' names, by the key that they have in results.json.
FIGURES = {key: figure.title for key, figure in figures.FIGURES.items()}

_FEATURES = {
    "position": Message("position", "位置"),
    "query_id": Message("query", "查询"),
    "doc_id": Message("document", "文档"),
    "query_terms": Message("query word", "查询词"),
    "summary_terms": Message("summary word", "摘要词"),
}


def feature_name(name: str) -> Message:
    """A feature of the model, or a cross of features, as a reader calls it."""
    found = Message("", "")
    for place, member in enumerate(name.split("×")):
        found += (" × " if place else "") + _FEATURES.get(member, Message(member, member))
    return found
