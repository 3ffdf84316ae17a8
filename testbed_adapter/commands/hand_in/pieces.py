"""What the report's sections are put together from, beside the pieces of the comparison's report."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ...lab.report import page
from ...lab.report.text import Said, html
from ...messages import Message

BLANK = '<span class="blank"></span>'


def section(title: Message, note: Message, body: str) -> str:
    return page.section(title, note, body)


def note(told: Message) -> str:
    return f'<p class="note">{html(told)}</p>'


def facts(entries: Sequence[tuple[Message, Said]]) -> str:
    """(what, value); an empty value is a line to fill in."""
    rows = [f"<dt>{html(what)}</dt><dd>{html(value) if value else BLANK}</dd>" for what, value in entries]
    return f'<dl class="facts">{"".join(rows)}</dl>'


def table(head: Sequence[Message], rows: Sequence[Sequence[Said]], texts: Sequence[int] = ()) -> str:
    """Rows of cells; the columns `texts` are words, which may be broken into lines."""
    kinds = [' class="long"' if place in texts else "" for place in range(len(head))]
    heads = "".join(f"<th{kind}>{html(title)}</th>" for kind, title in zip(kinds, head))
    body = []
    for row in rows:
        cells = "".join(f"<td{kind}>{html(cell)}</td>" for kind, cell in zip(kinds, row))
        body.append(f"<tr>{cells}</tr>")
    return page.scrolled(f'<table class="words"><tr>{heads}</tr>{"".join(body)}</table>')


def code(text: str) -> str:
    return f"<pre><code>{escape(text)}</code></pre>"
