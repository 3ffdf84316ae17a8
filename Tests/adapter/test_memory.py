"""A prediction that finds no memory says so, and answers when it is asked again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from testbed_adapter import WideDeepClassifier

PROGRAM = """
import resource
import sys

import numpy as np
import pytest
from testbed_adapter import WideDeepClassifier

model = WideDeepClassifier.load(sys.argv[1])
rows, expected = np.load(sys.argv[2])
model.predict_proba(rows[:1, None])
with open("/proc/self/statm") as sizes:
    used = int(sizes.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (32 << 20), resource.RLIM_INFINITY))
with pytest.raises(MemoryError, match="rows; end what else takes memory"):
    model.predict_proba(rows[:, None])
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert (model.predict_proba(rows[:, None])[:, 1] == expected).all()
"""


def test_no_memory_for_a_block(tmp_path: Path) -> None:
    rows = np.linspace(0, 1, 200)
    # Few weights, but 131,000 activations a row: 64 MiB and more for a block of 128 rows.
    model = WideDeepClassifier(
        hidden_units=(65_536,),
        numeric_bins=1,
        part="deep",
        members=1,
        epochs=1,
        early_stopping=False,
        n_jobs=1,
        deep_learning_rate=1e-4,
    ).fit(rows[:, None], np.arange(200) % 2)
    model.save(tmp_path / "ctr.model")
    np.save(tmp_path / "rows.npy", [rows, model.predict_proba(rows[:, None])[:, 1]])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "ctr.model", tmp_path / "rows.npy"],
        cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
