"""The sections there are, in the order of the report: a line each."""

from __future__ import annotations

from . import micro, prediction, testbed, training
from .section import Section

SECTIONS: dict[str, Section] = {
    section.name: section for section in (training.SECTION, prediction.SECTION, micro.SECTION, testbed.SECTION)
}
