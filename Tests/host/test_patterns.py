"""The call patterns of Tests/host/patterns as tests: in the miniature, and in a real checkout where TESTBED names one.

`make patterns` runs the same checks at their full size and prints the figures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Callable, Optional

import pytest

from testbed_adapter.switch import BESIDE_LR, HOST_ITSELF, WIDE_DEEP
from Tests.host.patterns.checks import BOTH, SLOTS, Check, all_checks
from Tests.host.patterns.process import RECORDS, TEST_LOAD, HostProcess, Result
from Tests.host.patterns.table import HOST_FAILS, last_line, outcome, problem

HOSTS = [None, *filter(None, [os.environ.get("TESTBED")])]
# What differs where ours stands beside the LR.
BESIDE = ("instances", "switch", "triggers", "clicks", "REST")
CASES = [
    pytest.param(testbed, model, check, slot, id=f"{'testbed' if testbed else 'miniature'}-{model}-{check.key}-{slot}")
    for testbed in HOSTS
    for check in all_checks(not testbed)
    for model, slots in ((WIDE_DEEP, SLOTS), (BESIDE_LR, SLOTS[1:]))
    for slot in check.slots
    if slot in (*slots, BOTH) and (model == WIDE_DEEP or check.key in BESIDE)
]
Run = Callable[[Optional[str], str, Check, str, bool], Result]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs a check with our models or the LR's; an answer that was asked for before is kept."""
    processes: dict[Any, HostProcess] = {}
    known: dict[Any, Result] = {}

    def answer(testbed: Optional[str], model: str, check: Check, slot: str, ours: bool) -> Result:
        key = (testbed, model, ours)
        if key not in processes:
            folder = tmp_path_factory.mktemp(f"{model}-{'ours' if ours else 'lr'}")
            processes[key] = HostProcess(testbed, model, ours, folder, RECORDS, full=False, load=TEST_LOAD)
        if (key, check.key, slot) not in known:
            known[key, check.key, slot] = processes[key].run(check, slot)
        return known[key, check.key, slot]

    yield answer
    for process in processes.values():
        process.close()


@pytest.mark.parametrize(("testbed", "model", "check", "slot"), CASES)
def test_call_pattern(testbed: Optional[str], model: str, check: Check, slot: str, run: Run) -> None:
    ours, lr = run(testbed, model, check, slot, True), Result()
    if check.must_beat or (check.may_fail and ours.error):
        lr = run(testbed, HOST_ITSELF, check, check.slots[0], False)
    if outcome(check, ours, lr) == HOST_FAILS:
        pytest.skip(f"the host's own model fails too: {last_line(lr.error)}")
    wrong = problem(check, ours, lr)
    assert wrong is None, wrong
