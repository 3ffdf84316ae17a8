"""What tests measured or saw, printed at the end of the run: the processes that share the tests have no terminal."""

from __future__ import annotations

from typing import Any, Callable

import pytest

_TABLE = "table"


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
