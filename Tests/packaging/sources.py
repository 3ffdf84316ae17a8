"""What pip needs of the checkout, copied, so that the checkout stays clean."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / ".build" / "library" / "libctr_models.so"


def copy_sources(target: Path) -> None:
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, target)
    ignored = shutil.ignore_patterns("__pycache__", "*.so")
    shutil.copytree(ROOT / "testbed_adapter", target / "testbed_adapter", ignore=ignored)
