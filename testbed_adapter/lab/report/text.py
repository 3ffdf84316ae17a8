"""The page's words: each text in English and in Chinese, side by side where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Union

from ...messages import Message, figures


@dataclass(frozen=True)
class Text:
    en: str
    zh: str

    def __add__(self, other: Said) -> Text:
        more = both(other)
        return Text(self.en + more.en, self.zh + more.zh)

    def __radd__(self, other: str) -> Text:
        return both(other) + self


# A plain str is the same in both: a figure, or what the log holds.
Said = Union[str, Text]


def both(said: Said) -> Text:
    return Text(said, said) if isinstance(said, str) else said


def html(said: Said) -> str:
    """Escaped; the page's switch hides one of the two."""
    text = both(said)
    if text.en == text.zh:
        return escape(text.en)
    return f'<span lang="en">{escape(text.en)}</span><span lang="zh">{escape(text.zh)}</span>'


def drawn(attributes: str, said: Said) -> str:
    """A text of a drawing."""
    text = both(said)
    if text.en == text.zh:
        return f"<text {attributes}>{escape(text.en)}</text>"
    return f'<text lang="en" {attributes}>{escape(text.en)}</text><text lang="zh" {attributes}>{escape(text.zh)}</text>'


def tip(said: Said) -> str:
    """For where there can be but one text, as under the pointer: both, a line each; not escaped."""
    text = both(said)
    return text.en if text.en == text.zh else f"{text.en}\n{text.zh}"


def model(name: Union[str, Message]) -> Text:
    return of(name) if isinstance(name, Message) else Text(name, name)


def of(message: Message) -> Text:
    return Text(message.en, message.zh)


# The figures' names, by the key that they have in results.json.
FIGURES = {key: of(figure.title) for key, figure in figures.FIGURES.items()}

_FEATURES = {
    "position": Text("position", "位置"),
    "query_id": Text("query", "查询"),
    "doc_id": Text("document", "文档"),
    "query_terms": Text("query word", "查询词"),
    "summary_terms": Text("summary word", "摘要词"),
}


def feature_name(name: str) -> Text:
    """A feature of the model, or a cross of features, as a reader calls it."""
    found = Text("", "")
    for place, member in enumerate(name.split("×")):
        found += (" × " if place else "") + _FEATURES.get(member, Text(member, member))
    return found
