"""What the pages for people point at is there: files of links, headings within pages, paths in the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from Tests.packaging.sources import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
FOLDERS = "Sources|Tests|bridge|testbed_adapter|docs|examples|tools"


def anchors(page: Path) -> set[str]:
    """The headings' names in links, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", page.read_text("utf-8")):
        file, _, anchor = target.partition("#")
        found = page.parent / file if file else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_in_the_text_is_there(page: Path) -> None:
    for path in re.findall(rf"`((?:{FOLDERS})/[\w./+-]*)`", page.read_text("utf-8")):
        assert (ROOT / path).exists(), path
