"""Sixteen threads train, predict, save, load and reload for some seconds; `make soak` does so for longer."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Callable

import pytest

from Tests.abi.raw import LIBRARY
from Tests.abi.test_c_program import compile

SECONDS = 6


@pytest.mark.usefixtures("library")
def test_soak(tmp_path: Path, tabulate: Callable[[str, str], None]) -> None:
    program = tmp_path / "soak"
    compile("-std=c11", "-O1", Path(__file__).with_name("soak.c"), LIBRARY, "-lm", "-lpthread", "-o", program)
    environment = {"LD_LIBRARY_PATH": str(LIBRARY.parent), "PATH": os.environ["PATH"]}
    command = [program, str(SECONDS), tmp_path]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    tabulate("soak", done.stdout)
    assert done.returncode == 0, done.stderr
