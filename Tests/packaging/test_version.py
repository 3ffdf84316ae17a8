"""Package, library and wheel are of one version, which stands in testbed_adapter/__init__.py."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from testbed_adapter import __version__
from Tests.packaging.sources import LIBRARY, ROOT, copy_sources


def test_swift_has_the_version_of_the_package() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "Sources" / "CTRModels").rglob("*.swift"))
    assert re.findall(r'static let version = "(.*?)"', sources) == [__version__]


@pytest.mark.parametrize("version", [__version__, "9.8.7"])
def test_no_library_of_another_version_is_packed(version: str, tmp_path: Path) -> None:
    copy_sources(tmp_path)
    package = tmp_path / "testbed_adapter" / "__init__.py"
    package.write_text(package.read_text("utf-8").replace(f'"{__version__}"', f'"{version}"'), "utf-8")
    done = subprocess.run(
        [sys.executable, "setup.py", "-q", "build_py"],
        cwd=tmp_path,
        env={**os.environ, "CTR_MODELS_LIBRARY": str(LIBRARY)},
        capture_output=True,
        text=True,
    )
    packed = list(tmp_path.glob("build/lib*/testbed_adapter/libctr_models.so"))
    if version == __version__:
        assert done.returncode == 0 and len(packed) == 1, done.stderr
    else:
        assert done.returncode != 0 and not packed
        assert f"{LIBRARY} is CTRModels {__version__}, " in done.stderr
        assert "the package is version 9.8.7: run `make library` in this checkout" in done.stderr
