"""The page around the figures, and the pieces that they are put together from."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from .models import STYLES
from .style import STYLE
from .text import Said, Text, html, tip

Entry = tuple[str, Said, Said]  # of a legend: style key, name, figure

_DASHES = {"": "solid", "7 3": "dashed", "2 4": "dotted", "1 5": "dotted"}

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


def page(title: Text, body: str) -> str:
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


def section(title: Said, note: Text, body: str) -> str:
    """A figure with a sentence on what to look for."""
    return f'<section><h2>{html(title)}</h2><p class="note">{html(note)}</p>{body}</section>'


def pair(left: str, right: str) -> str:
    return f'<div class="pair"><div>{left}</div><div>{right}</div></div>'


def table(head: Sequence[Said], rows: Sequence[str], style: str = "") -> str:
    """`rows` are whole <tr>s."""
    cells = "".join(f"<th>{html(title)}</th>" for title in head)
    kind = f' class="{style}"' if style else ""
    return f'<div class="wide"><table{kind}><tr>{cells}</tr>{"".join(rows)}</table></div>'


def key(style: str) -> str:
    colour, width, dash = STYLES[style]
    return f'<i class="key" style="border-top:{width}px {_DASHES[dash]} {colour}"></i>'


def legend(entries: Sequence[Entry]) -> str:
    items = []
    for style, name, figure in entries:
        mark = key(style) if style in STYLES else '<i class="dot" style="background:#1b1f24"></i>'
        items.append(f"<li>{mark}{html(name)} <b>{html(figure)}</b></li>")
    return f'<ul class="legend">{"".join(items)}</ul>'


def dots(entries: Sequence[tuple[Said, str]]) -> str:
    items = [f'<li><i class="dot" style="background:{colour}"></i>{html(name)}</li>' for name, colour in entries]
    return f'<ul class="legend">{"".join(items)}</ul>'


def tiles(entries: Sequence[tuple[str, Text]]) -> str:
    """(figure, what it is)."""
    parts = [f'<div class="tile"><b>{escape(figure)}</b><p>{html(what)}</p></div>' for figure, what in entries]
    return f'<div class="tiles">{"".join(parts)}</div>'


def bars(rows: Sequence[tuple[Said, float, Said]]) -> str:
    """Labelled bars to the left and right of 0: (label, value, hover text)."""
    most = max((abs(value) for _, value, _ in rows), default=0) or 1
    parts = []
    for label, value, detail in rows:
        share = abs(value) / most * 50
        side, colour = ("left", "#1d5fd1") if value > 0 else ("right", "#d9730d")
        parts.append(
            f'<div class="label" title="{escape(tip(detail))}">{html(label)}</div>'
            f'<div class="bar"><u style="{side}:50%;width:{share:.1f}%;background:{colour}"></u></div>'
            f"<em>{value:+.3f}</em>"
        )
    return f'<div class="bars">{"".join(parts)}</div>'
