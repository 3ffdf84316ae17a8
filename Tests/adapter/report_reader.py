"""Reads a report's page back: its sections, its tables, and either language of a text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree


def section(page: str, title: str) -> str:
    """The section whose title begins so, in English."""
    for part in re.findall("<section>.*?</section>", page, re.S):
        heading = re.search("<h2>(.*?)</h2>", part, re.S)
        if heading is not None and said(ElementTree.fromstring(f"<b>{heading[1]}</b>")).startswith(title):
            return str(part)
    raise AssertionError(f"no section {title!r}")


def said(node: ElementTree.Element, language: str = "en") -> str:
    """A node's text in one language, as the page shows it."""
    if node.get("lang", language) != language:
        return ""
    parts = [node.text or "", *(said(child, language) + (child.tail or "") for child in node)]
    return "".join(parts)


def tables(part: str, language: str = "en") -> list[list[list[str]]]:
    """Each table's rows of cells' texts."""
    found = [ElementTree.fromstring(text) for text in re.findall("<table.*?</table>", part, re.S)]
    return [[[said(cell, language) for cell in row] for row in table] for table in found]


def drawings(part: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(text) for text in re.findall("<svg.*?</svg>", part, re.S)]
