"""The comparison's bar: its clock moves while a stage says nothing."""

from __future__ import annotations

import io
import sys
import time

import pytest

from testbed_adapter.lab.compare.stages import Stages


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_clock_moves_while_a_stage_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Stages(2) as stages:
        stages.next("the LR")
        deadline = time.monotonic() + 10
        while "00:02" not in terminal.getvalue() and time.monotonic() < deadline:
            time.sleep(0.05)
    shown = terminal.getvalue()
    assert "the LR" in shown and "00:02" in shown
    time.sleep(1.2)
    assert terminal.getvalue() == shown
