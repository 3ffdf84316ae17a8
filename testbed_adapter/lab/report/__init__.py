"""`report.html`: what the comparison found, in English and Chinese, as one file that opens without a network; and
`results.json`: the same in numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Optional

from ..compare.job import Comparison
from . import page
from .ablation import ablation
from .calibration import calibration
from .cold_start import cold_start
from .crosses import crosses
from .head import foot, head, title
from .heaviest import heaviest
from .inside import Inside, look_inside
from .learning import learning
from .maps import embedding_maps
from .neighbours import neighbours
from .numbers import numbers
from .online import online
from .positions import positions
from .roc import precision_recall, roc
from .total import total
from .why import why

__all__ = ["report_files"]

_LIST_OF_NUMBERS = re.compile(r'\[\n[^\[\]{}"]*\]')  # no text has a line break: JSON escapes them


def report_files(comparison: Comparison) -> Iterator[tuple[str, bytes]]:
    """results.json and report.html, each made when its turn comes."""
    inside = look_inside(comparison.run)
    # What UTF-8 cannot hold, half a surrogate pair in a file's name, say, becomes a question mark, as in the texts.
    for name, text_of in (("results.json", results), ("report.html", render)):
        yield name, text_of(comparison, inside).encode("utf-8", "replace")


def results(comparison: Comparison, inside: Optional[Inside], **more: Any) -> str:
    """results.json, with what another report has to tell; docs/results.md says what the keys are."""
    told = {**comparison.results(), **more, "pictures": numbers(comparison.run, inside)}
    text = json.dumps(told, ensure_ascii=False, indent=2)
    return _LIST_OF_NUMBERS.sub(lambda found: " ".join(found[0].split()), text) + "\n"


def render(comparison: Comparison, inside: Optional[Inside]) -> str:
    run = comparison.run
    parts = [
        head(comparison),
        total(comparison),
        ablation(comparison),
        online(comparison),
        page.pair(roc(run), precision_recall(run)),
        page.pair(calibration(run), positions(run)),
        cold_start(run),
        learning(run),
    ]
    if inside is not None:
        parts += [section(inside) for section in (why, crosses, heaviest, neighbours, embedding_maps)]
    return page.page(title(comparison), "\n".join([*parts, foot(comparison)]))
