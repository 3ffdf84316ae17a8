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
from testbed_adapter.lab.compare.lr import ColumnsLR
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

# What its page is made of, as small as can be; image_service fails as the testbed's does without torch.
_PAGE = {
    "gradio.py": """
        class Blocks:
            def __init__(self, title): print("title", title)
            def __enter__(self): return self
            def __exit__(self, *error): pass
            def launch(self, server_name, server_port, **options):
                print("launched", server_name, server_port, flush=True)
                return None, f"http://{server_name}:{server_port}/", None
            def block_thread(self):
                import os, time
                time.sleep(float(os.environ.get("OPEN_FOR", 0)))
    """,
    "search_engine/__init__.py": "",
    "search_engine/image_service.py": "import torch_that_nobody_has\n",
    "search_engine/service_manager.py": """
        from .image_service import ImageService
        class service_manager: model_service, data_service = "models", "data"
    """,
    "search_engine/training_tab/training_tab.py": "",
    "search_engine/training_tab/__init__.py": """
        import os
        def build_training_tab(models, data): print("built of", models, data, "in", os.getcwd())
    """,
}


def make_testbed(path: Path) -> Path:
    """In a package that cannot be imported."""
    folder = path / "src" / "search_engine" / "training_tab"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise ImportError('the user interface')")
    (folder / "ctr_config.py").write_text("MIN_SAMPLES = 10")
    (folder / "ctr_model.py").write_text(textwrap.dedent(_MODEL).format(root=str(ROOT)))
    return path


def make_page(path: Path) -> Path:
    """With a page that can be opened, for as many seconds as OPEN_FOR says."""
    for name, text in _PAGE.items():
        file = path / "src" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), "utf-8")
    return path
