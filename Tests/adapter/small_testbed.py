"""A folder that is taken for a checkout of the testbed, with an LR of a third of a second."""

from __future__ import annotations

import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_MODEL = """
import os, sys, time
import numpy as np
sys.path.insert(0, {root!r})
from .ctr_config import MIN_SAMPLES
from testbed_adapter.compare.lr import ColumnsLR
from Tests.adapter.lr_features import lr_features

class CTRModel(ColumnsLR):
    def __init__(self):
        super().__init__(lambda log: (lr_features(log), np.array([one["clicked"] for one in log])))
    def train(self, records):
        if len(records) < MIN_SAMPLES:
            return {{"error": "too few", "auc": 0.0}}
        time.sleep(0.3)
        os.makedirs("models")
        open("models/ctr_model.pkl", "w").close()
        print("saved")
        return super().train(records)
"""


def make_testbed(path: Path) -> Path:
    """In a package that cannot be imported."""
    folder = path / "src" / "search_engine" / "training_tab"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise ImportError('the user interface')")
    (folder / "ctr_config.py").write_text("MIN_SAMPLES = 10")
    (folder / "ctr_model.py").write_text(textwrap.dedent(_MODEL).format(root=str(ROOT)))
    return path
