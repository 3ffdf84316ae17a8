"""The page around the figures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .curves import STYLES, Entry
from .style import STYLE

DASHES = {"": "solid", "7 3": "dashed", "2 4": "dotted", "1 5": "dotted"}


def page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def section(title: str, english: str, chinese: str, body: str) -> str:
    """A figure with a sentence on what to look for, in both languages."""
    return (
        f"<section><h2>{escape(title)}</h2>"
        f'<p class="note">{escape(english)}<br><span lang="zh">{escape(chinese)}</span></p>'
        f"{body}</section>"
    )


def key(style: str) -> str:
    colour, width, dash = STYLES[style]
    return f'<i class="key" style="border-top:{width}px {DASHES[dash]} {colour}"></i>'


def legend(entries: Sequence[Entry]) -> str:
    items = []
    for style, name, figure in entries:
        mark = key(style) if style in STYLES else '<i class="dot" style="background:#1b1f24"></i>'
        items.append(f"<li>{mark}{escape(name)} <b>{escape(figure)}</b></li>")
    return f'<ul class="legend">{"".join(items)}</ul>'


def dots(entries: Sequence[tuple[str, str]]) -> str:
    items = [f'<li><i class="dot" style="background:{colour}"></i>{escape(name)}</li>' for name, colour in entries]
    return f'<ul class="legend">{"".join(items)}</ul>'


def tiles(entries: Sequence[tuple[str, str, str]]) -> str:
    """(figure, what it is, the same in Chinese)."""
    parts = [
        f"<div class='tile'><b>{escape(figure)}</b><span>{escape(english)}</span>"
        f"<span lang='zh'>{escape(chinese)}</span></div>"
        for figure, english, chinese in entries
    ]
    return f'<div class="tiles">{"".join(parts)}</div>'


def bars(rows: Sequence[tuple[str, float, str]]) -> str:
    """Labelled bars to the left and right of 0: (label, value, hover text)."""
    most = max((abs(value) for _, value, _ in rows), default=0) or 1
    parts = []
    for label, value, detail in rows:
        share = abs(value) / most * 50
        side, colour = ("left", "#1d5fd1") if value > 0 else ("right", "#d9730d")
        parts.append(
            f'<span title="{escape(detail)}">{escape(label)}</span>'
            f'<div class="bar"><u style="{side}:50%;width:{share:.1f}%;background:{colour}"></u></div>'
            f"<em>{value:+.3f}</em>"
        )
    return f'<div class="bars">{"".join(parts)}</div>'
