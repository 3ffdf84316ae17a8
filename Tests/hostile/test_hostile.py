"""Made-up inputs through each public door: none ends the process, each refusal names what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

from Tests.abi.raw import ROOT

INPUTS = 10_000
# Python's doors take about as long in each of two processes, side by side.
SHARES = {"abi": ("",), "python": ("fit,partial_fit,ctr_predict", "predict_proba,load,ctr_train,ctr_load")}


@pytest.mark.parametrize("doors", SHARES)
def test_hostile_inputs(doors: str, tmp_path: Path, tabulate: Callable[[str, str], None]) -> None:
    running = []
    for number, share in enumerate(SHARES[doors]):
        at, said = (tmp_path / f"{name}{number}" for name in ("at", "errors"))
        at.touch()
        command = [sys.executable, "-X", "faulthandler", "-m", "Tests.hostile", doors, str(INPUTS), share]
        environment = {**os.environ, "HOSTILE_AT": str(at)}
        with said.open("wb") as errors:
            started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors)
        running.append((started, at, said))
    try:
        for process, at, said in running:
            table, _ = process.communicate(timeout=900)
            tabulate("hostile inputs", table.decode())
            status, errors_said = process.returncode, said.read_text(errors="replace")[-10_000:]
            assert status == 0, f"at {at.read_text().strip()}: status {status}\n{errors_said}"
    finally:
        for process, _, _ in running:
            process.kill()
            process.wait()
