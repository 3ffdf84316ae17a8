"""The page around the figures, and the pieces that they are put together from."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from ...messages import Message
from .models import style as style_of
from .style import STYLE
from .text import Said, html, tip

Entry = tuple[str, Said, Said]  # of a legend: style key, name, figure

_DASHES = {"": "solid", "7 3": "dashed", "2 4": "dotted", "1 5": "dotted", "3 5": "dotted"}

# The switch itself is style alone. This picks the reader's language to begin with; #en and #zh ask for one.
_SCRIPT = """
const en = document.getElementById("in-en"), zh = document.getElementById("in-zh");
const say = () => { document.documentElement.lang = zh.checked ? "zh-CN" : "en"; };
const pick = () => {
  const asked = /^#(en|zh)$/.exec(location.hash);
  (/^zh/i.test(asked ? asked[1] : navigator.language || "") ? zh : en).checked = true;
  say();
};
en.onchange = zh.onchange = say;
window.onhashchange = pick;
pick();
"""


def page(title: Message, body: str) -> str:
    """Fetches nothing, and runs the script above alone: the policy names its hash."""
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title.en)} · {escape(title.zh)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        '<input type="radio" name="language" id="in-en" autocomplete="off" checked>'
        '<input type="radio" name="language" id="in-zh" autocomplete="off">\n'
        '<nav><label for="in-zh" lang="zh-CN">中文</label><label for="in-en" lang="en-GB">English</label></nav>\n'
        f"<main>\n{body}\n</main>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def section(title: Said, note: Message, body: str) -> str:
    """A figure with a sentence on what to look for."""
    return f'<section><h2>{html(title)}</h2><p class="note">{html(note)}</p>{body}</section>'


def pair(left: str, right: str) -> str:
    return f'<div class="pair"><div>{left}</div><div>{right}</div></div>'


def table(head: Sequence[Said], rows: Sequence[str], style: str = "") -> str:
    """`rows` are whole <tr>s."""
    cells = "".join(f"<th>{html(title)}</th>" for title in head)
    kind = f' class="{style}"' if style else ""
    return scrolled(f"<table{kind}><tr>{cells}</tr>{''.join(rows)}</table>")


def scrolled(wide: str) -> str:
    """What may be wider than the page; the keyboard scrolls it too."""
    return f'<div class="wide" tabindex="0">{wide}</div>'


def key(style: str) -> str:
    return mark(*style_of(style))


def mark(colour: str, width: float, dash: str) -> str:
    return f'<i class="key" style="border-top:{width}px {_DASHES[dash]} {colour}"></i>'


def dot(colour: str) -> str:
    return f'<i class="dot" style="background:{colour}"></i>'


def legend(entries: Sequence[Entry]) -> str:
    items = []
    for style, name, figure in entries:
        sign = dot("var(--ink)") if style == "observed" else key(style)
        items.append(f"{sign}{html(name)} <b>{html(figure)}</b>")
    return listed(items)


def listed(items: Sequence[str]) -> str:
    """A legend of entries that are HTML."""
    return f'<ul class="legend">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def dots(entries: Sequence[tuple[Said, str]]) -> str:
    return listed([f"{dot(colour)}{html(name)}" for name, colour in entries])


def tiles(entries: Sequence[tuple[str, Message]]) -> str:
    """(figure, what it is)."""
    parts = [f'<div class="tile"><b>{escape(figure)}</b><p>{html(what)}</p></div>' for figure, what in entries]
    return f'<div class="tiles">{"".join(parts)}</div>'


def bars(rows: Sequence[tuple[Said, float, Said]]) -> str:
    """Labelled bars to the left and right of 0: (label, value, hover text)."""
    most = max((abs(value) for _, value, _ in rows), default=0) or 1
    parts = []
    for label, value, detail in rows:
        share = abs(value) / most * 50
        side, kind = ("left", "up") if value > 0 else ("right", "down")
        parts.append(
            f'<div class="label" title="{escape(tip(detail))}">{html(label)}</div>'
            f'<div class="bar"><u class="{kind}" style="{side}:50%;width:{share:.1f}%"></u></div>'
            f"<em>{value:+.3f}</em>"
        )
    return f'<div class="bars">{"".join(parts)}</div>'
