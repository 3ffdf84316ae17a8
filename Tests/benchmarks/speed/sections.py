"""The sections there are, in the order of the report: a line each."""

from __future__ import annotations

from . import before, micro, models, prediction, scale, testbed, training
from .section import Section

SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        training.SECTION,
        models.SECTION,
        prediction.SECTION,
        micro.SECTION,
        scale.SECTION,
        testbed.SECTION,
        before.SECTION,
    )
}
