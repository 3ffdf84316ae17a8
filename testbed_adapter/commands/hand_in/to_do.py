"""What is left to the student: three questions; and what lets another repeat the report."""

from __future__ import annotations

from html import escape

from ...lab.report.text import html, tip
from ...messages import hand_in_report as words
from .found import Found
from .pieces import code, facts, section


def questions() -> str:
    parts = []
    for place, question in enumerate(words.ASKED, start=1):
        text = question
        label = escape(tip(words.ANSWER))
        box = 'class="answer" contenteditable="true" role="textbox" aria-multiline="true"'
        parts.append(f'<h3>{place}. {html(text)}</h3><div {box} aria-label="{label}"></div>')
    return section(words.QUESTIONS, words.QUESTIONS_NOTE, "".join(parts))


def again(found: Found) -> str:
    entries = [(words.IN_FOLDER, found.folder), (words.SHA256, found.log.sha256), (words.SEED, str(found.seed))]
    return section(words.AGAIN, words.AGAIN_NOTE, code(found.command) + facts(entries))
