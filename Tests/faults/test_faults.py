"""Each row of the table of faults: "old or new, whole" or "clear error, process alive". `make faults` tries more."""

from __future__ import annotations

import importlib
from typing import Any, Callable

import pytest

from Tests.faults.table import LONG, ROWS
from Tests.faults.zygote import MODULES

for name in MODULES:
    importlib.import_module(f"Tests.faults.{name}")


@pytest.mark.parametrize("name", list(ROWS))
def test_row(name: str, run: Callable[[str, float], Any], tabulate: Callable[[str, str], None]) -> None:
    told = run(name, 1800 if LONG else 60)
    width = max(len(row.fault) for row in ROWS.values())
    fault = f"{ROWS[name].fault:<{width}} "
    kind, text = told["outcome"]
    if told["ended"] or kind == "failed":
        tabulate("faults", f"{fault} FAILED: {told['ended'] or 'see above'}")
        pytest.fail(f"{told['ended']}\n{text}", pytrace=False)
    tabulate("faults", f"{fault} not tried: {text}" if kind == "skipped" else f"{fault} {text}")
    if kind == "skipped":
        pytest.skip(text)
