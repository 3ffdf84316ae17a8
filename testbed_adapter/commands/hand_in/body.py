"""The report's sections in their order. The page shows them as they are; the Markdown is made of them too."""

from __future__ import annotations

from ...lab.report import page
from ...lab.report.calibration import calibration
from ...lab.report.learning import learning
from ...lab.report.roc import roc
from ...messages import hand_in_report as words
from .before_after import before_after, chance
from .found import Found
from .head import head
from .in_testbed import switch, trained_there
from .inside_model import example, weights
from .to_do import again, questions


def body(found: Found) -> str:
    run = found.comparison.run
    parts = [
        head(found),
        before_after(found),
        chance(found),
        page.pair(roc(run), calibration(run)),
        learning(run),
        switch(found),
        trained_there(found),
        example(found),
        weights(found),
        questions(),
        again(found),
    ]
    return "\n".join(parts)


def page_of(sections: str) -> str:
    return page.page(words.TITLE, sections)
