"""A package that is built anew holds what the checkout holds, and leaves nothing beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from Tests.packaging.sources import LIBRARY, copy_sources


def test_a_second_build_forgets_the_first(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    copy_sources(source)
    there = {*os.listdir(source), ".build"}
    gone, stays = source / "testbed_adapter" / "gone.py", "testbed_adapter/estimator"
    for content in ("of old", None):
        if content:
            gone.write_text(f"# {content}\n")
        else:
            gone.unlink()
        subprocess.run(
            [sys.executable, "-m", "pip", "-q", "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, source],
            env={**os.environ, "CTR_MODELS_LIBRARY": str(LIBRARY), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            check=True,
        )
        (wheel,) = tmp_path.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        assert ("testbed_adapter/gone.py" in names) == bool(content)
        assert any(name.startswith(stays) for name in names) and "testbed_adapter/libctr_models.so" in names
        assert set(os.listdir(source)) <= there
