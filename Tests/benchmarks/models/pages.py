"""The figures in docs/models: of each page what stands between two marks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..quality.protocol import Outcome
from . import table
from .candidates import Candidate
from .words import CHINESE, ENGLISH

BEGIN, END = "<!-- figures: `make models PAGES=1` writes them -->", "<!-- end of the figures -->"


def fill(folder: Path, outcomes: Sequence[Outcome], candidates: Sequence[Candidate]) -> list[Path]:
    """Writes them into the family's page and each model's, in both languages; ValueError for a page without the marks,
    and FileNotFoundError where there is none, before any is written."""
    texts = {}
    for words in (ENGLISH, CHINESE):
        path = folder / f"README{words.suffix}"
        texts[path] = _filled(path, table.family(outcomes, candidates, words))
        for model in candidates:
            if "part" not in model.arguments:
                path = folder / f"{model.key}{words.suffix}"
                texts[path] = _filled(path, table.page(model, outcomes, candidates, words))
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _filled(path: Path, figures: str) -> str:
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no {BEGIN} … {END}; put both where its figures belong")
    return f"{before}{BEGIN}\n\n{figures}\n{END}{after}"
