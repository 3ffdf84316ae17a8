"""The process that runs the rows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / ".build" / "library" / "libctr_models.so"


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, float], Any]]:
    """Runs a row by name in a process of its own: how that ended ("" for well), and the outcome."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("clang")
    assert compiler, "no C compiler: make setup installs one"
    shim = tmp_path_factory.mktemp("shim") / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", source, "-o", shim, "-ldl"], check=True)
    environment = {
        "CTR_MODELS_LIBRARY": str(LIBRARY),
        **os.environ,
        "LD_PRELOAD": str(shim),
        "OPENBLAS_NUM_THREADS": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "Tests.faults.zygote"], cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip

    def ask(name: str, seconds: float) -> Any:
        assert process.stdin is not None and process.stdout is not None
        folder = tmp_path_factory.mktemp(name.partition(".")[2])
        process.stdin.write(json.dumps({"row": name, "folder": str(folder), "seconds": seconds}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, "the process that starts the rows has ended"
        return json.loads(line)

    yield ask
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=30) == 0
