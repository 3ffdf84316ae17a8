"""What tests measured or saw, printed at the end of the run: the processes that share the tests have no terminal. And
none of them may leave anything in the checkout's own folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_TABLE = "table"
# What pytest and its like keep there for themselves.
_KEPT = {".build", ".hypothesis", ".pytest_cache", "__pycache__"}


@pytest.fixture(autouse=True)
def nothing_new_in_the_checkout() -> Iterator[None]:
    """Models, logs and reports belong below a test's own folder."""
    before = set(os.listdir(_ROOT))
    yield
    new = set(os.listdir(_ROOT)) - before - _KEPT
    assert not new, f"{', '.join(sorted(new))} came into {_ROOT} by this test, or by one that ran beside it"


@pytest.fixture
def tabulate(record_property: Callable[[str, object], None]) -> Callable[[str, str], None]:
    """Adds a line, or several, to the table of that title."""
    return lambda title, text: record_property(_TABLE, (title, text))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    tables: dict[str, list[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == _TABLE and getattr(report, "when", "") == "call":
                    tables.setdefault(value[0], []).append(value[1])
    for title, texts in sorted(tables.items()):
        terminalreporter.section(title)
        for text in texts:
            terminalreporter.write_line(text.strip("\n"))
