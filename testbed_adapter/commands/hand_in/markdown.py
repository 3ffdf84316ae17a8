"""The page's sections as Markdown in one language, with the drawings as files beside it.

Made of the page itself, so that the two cannot tell different things. Plain CommonMark with tables, as course platforms
show it; text of the log is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from ...messages import hand_in_report as words
from .picture import Entry, standalone

Element = ElementTree.Element

_HEADINGS = {"h1": "# ", "h2": "## ", "h3": "### "}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LABEL = re.compile('aria-label="[^"]*"')
_LINE = "_" * 40  # to write on


class Markdown:
    """`text`, and `pictures` by their files' names."""

    def __init__(self, sections: str, language: str) -> None:
        self._language = language
        self._legend: list[Entry] = []
        self.pictures: dict[str, bytes] = {}
        text = _NO_XML.sub("\ufffd", sections.encode("utf-8", "replace").decode("utf-8"))
        # XML takes a line's end in an attribute for a space, and there the two languages' labels part.
        text = _LABEL.sub(lambda found: found[0].replace("\n", "&#10;"), text)
        root = ElementTree.fromstring(f"<main>{text}</main>")
        self.text = "\n\n".join(self._blocks(root)) + "\n"

    def _blocks(self, node: Element) -> Iterator[str]:
        for child in node:
            kind = child.get("class", "")
            if child.tag in _HEADINGS:
                yield _HEADINGS[child.tag] + self._inline(child)
            elif child.tag == "p":
                yield self._inline(child)
            elif child.tag == "dl":
                yield self._facts(child)
            elif child.tag == "table":
                yield self._table(child)
            elif child.tag == "pre":
                yield f"```sh\n{''.join(child.itertext())}\n```"
            elif child.tag == "ul":
                self._legend += [self._entry(item) for item in child]
            elif child.tag == "svg":
                yield self._picture(child)
            elif kind == "answer":
                answer = getattr(words.ANSWER, self._language)
                yield "\n\n".join([f"{answer}: {_LINE}", _LINE, _LINE])
            elif "scale" in kind.split():  # of the bars, which are not here
                continue
            elif child.tag == "span" or (child.text or "").strip():
                yield self._inline(child)
            else:
                yield from self._blocks(child)

    def _inline(self, node: Element) -> str:
        parts = [_escaped(node.text or "")]
        for child in node:
            if child.get("lang", self._language) == self._language:
                inner = self._inline(child)
                if child.tag == "b" and inner:
                    inner = f"**{inner}**"
                elif child.get("class") == "blank":
                    inner = _LINE
                parts.append(inner)
            parts.append(_escaped(child.tail or ""))
        return re.sub(r"\s+", " ", "".join(parts)).strip() if node.tag != "span" else "".join(parts)

    def _facts(self, node: Element) -> str:
        pairs = zip(node.findall("dt"), node.findall("dd"))
        return "\n".join(f"- **{self._inline(what)}**: {self._inline(value)}" for what, value in pairs)

    def _table(self, node: Element) -> str:
        kept = [[cell for cell in row if cell.get("class") != "track"] for row in node]  # a track holds a bar
        rows = [[self._cell(cell) for cell in row] for row in kept]
        to_left = [place == 0 or cell.get("class") == "long" for place, cell in enumerate(kept[-1])]
        rows.insert(1, [":--" if left else "--:" for left in to_left])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _cell(self, cell: Element) -> str:
        text = self._inline(cell)
        return f"**{text}**" if cell.get("class") == "best" else text

    def _entry(self, item: Element) -> Entry:
        mark = item.find("i")
        figure = item.find("b")
        plain = ["".join(self._said(part)).strip() for part in item if part.tag == "span"]
        name = " ".join([*plain, *(part.tail.strip() for part in item if part.tag == "i" and part.tail)])
        return Entry(
            "" if mark is None else mark.get("style", ""),
            " ".join(name.split()),
            "" if figure is None else "".join(self._said(figure)),
        )

    def _said(self, node: Element) -> Iterator[str]:
        """Texts in the language, as they are."""
        if node.get("lang", self._language) != self._language:
            return
        yield node.text or ""
        for child in node:
            yield from self._said(child)
            yield child.tail or ""

    def _picture(self, drawing: Element) -> str:
        labels = drawing.get("aria-label", "").split("\n")
        label = labels[0 if self._language == "en" else -1]
        slug = re.sub(r"[^a-z0-9]+", "-", labels[0].lower()).strip("-")[:48]
        name = f"{slug}.{self._language}.svg"
        self.pictures[name] = standalone(drawing, self._legend, self._language, label)
        self._legend = []
        return f"![{_escaped(label)}]({name})"


def _escaped(text: str) -> str:
    """As it stands: none of it is markup, of Markdown, HTML or formulas."""
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    # Within a word an underscore is none.
    return re.sub(r"[\\`*\[\]|~$]|(?<!\w)_|_(?!\w)", lambda found: "\\" + found[0], text)
