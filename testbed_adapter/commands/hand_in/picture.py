"""A drawing of the page as a file of its own: in one language, with its legend, in the colours of day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from ...lab.report.style import STYLE

Element = ElementTree.Element

_LINE = 20  # a line of the legend
_DASHES = {"dashed": "7 3", "dotted": "2 4"}


@dataclass(frozen=True)
class Entry:
    """A line of the legend; `mark` is the style of its key on the page."""

    mark: str
    name: str
    figure: str


def standalone(drawing: Element, legend: Sequence[Entry], language: str, title: str) -> bytes:
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    above = _LINE * len(legend) + 10 * bool(legend)
    size = f"{width:g}", f"{height + above:g}"
    attributes = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {' '.join(size)}", "role": "img"}
    root = ElementTree.Element("svg", {**attributes, "width": size[0], "height": size[1]})
    ElementTree.SubElement(root, "title").text = title
    ElementTree.SubElement(root, "style").text = _style()
    # The page's, which a dark one would not be: many readers show pictures on black.
    ElementTree.SubElement(root, "rect", {"width": size[0], "height": size[1], "fill": "#fff"})
    for place, entry in enumerate(legend):
        _draw(root, entry, _LINE * (place + 1) - 4)
    moved = ElementTree.SubElement(root, "g", {"transform": f"translate(0 {above})"})
    moved.extend(_spoken(child, language) for child in drawing if _is_said(child, language))
    return _coloured(ElementTree.tostring(root, encoding="unicode")).encode("utf-8") + b"\n"


def _is_said(node: Element, language: str) -> bool:
    return node.get("lang", language) == language and node.tag != "title"  # a title is what the pointer would show


def _spoken(node: Element, language: str) -> Element:
    copied = ElementTree.Element(node.tag, {name: value for name, value in node.attrib.items() if name != "lang"})
    copied.text, copied.tail = node.text, node.tail
    copied.extend(_spoken(child, language) for child in node if _is_said(child, language))
    return copied


def _draw(root: Element, entry: Entry, y: int) -> None:
    line = re.search(r"border-top:([\d.]+)px (\w+) ([^;]+)", entry.mark)
    dot = re.search(r"background:([^;]+)", entry.mark)
    if line:
        place = {"x1": "12", "x2": "36", "y1": f"{y - 4}", "y2": f"{y - 4}"}
        dashes = {"stroke-dasharray": _DASHES[line[2]]} if line[2] in _DASHES else {}
        ElementTree.SubElement(root, "line", {**place, "stroke": line[3], "stroke-width": line[1], **dashes})
    elif dot:
        ElementTree.SubElement(root, "circle", {"cx": "24", "cy": f"{y - 4}", "r": "5", "fill": dot[1]})
    text = ElementTree.SubElement(root, "text", {"class": "name", "x": "46", "y": f"{y}"})
    text.text = f"{entry.name} "
    ElementTree.SubElement(text, "tspan", {"font-weight": "600"}).text = entry.figure


def _style() -> str:
    """The page's rules about drawings, but for those of narrow screens."""
    (fonts,) = re.findall(r"body \{[^}]*font: [\d./a-z]+ ([^;]+);", STYLE)
    rules = re.findall(r"svg [\w.][^{}]*\{[^}]*\}", STYLE.partition("@media (max-width")[0])
    return " ".join([f"svg {{ font-family: {fonts}; }}", *rules])


def _coloured(text: str) -> str:
    """Without the page's variables: what turns pictures into paper, Word or PDF knows none."""
    colours = dict(reversed(re.findall(r"--([\w-]+):\s*([^;}]+)", STYLE)))  # of day: they stand first
    return re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]].strip(), text)
