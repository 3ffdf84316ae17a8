"""Made-up inputs through each public door: none ends the process, each refusal names what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from Tests.abi.raw import ROOT

# A call of the adapter's takes milliseconds; `python -m Tests.hostile python 10000` tries as many there.
INPUTS = {"abi": 10_000, "python": 400}


@pytest.mark.parametrize("doors", INPUTS)
def test_hostile_inputs(doors: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = tmp_path / "at"
    at.touch()
    command = [sys.executable, "-X", "faulthandler", "-m", "Tests.hostile", doors, str(INPUTS[doors])]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "HOSTILE_AT": str(at)}, capture_output=True, text=True, timeout=600
    )
    with capsys.disabled():
        print(f"\n{done.stdout}")
    assert done.returncode == 0, f"at {at.read_text().strip()}: status {done.returncode}\n{done.stderr[-10_000:]}"
