"""Package, library, wheel and changelog have one version: `testbed_adapter.__version__`, which stands in one module."""

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


def test_the_changelog_has_the_version() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert next(heading.split(",")[0] for heading in headings if heading != "Unreleased") == __version__


@pytest.mark.parametrize("version", [__version__, "9.8.7"])
def test_no_library_of_another_version_is_packed(version: str, tmp_path: Path) -> None:
    copy_sources(tmp_path)
    here = f'__version__ = "{__version__}"'
    (module,) = [path for path in tmp_path.rglob("*.py") if here in path.read_text("utf-8")]
    module.write_text(module.read_text("utf-8").replace(here, f'__version__ = "{version}"'), "utf-8")
    done = subprocess.run(
        [sys.executable, "setup.py", "-q", "build_py"],
        cwd=tmp_path,
        env={**os.environ, "CTR_MODELS_LIBRARY": str(LIBRARY)},
        capture_output=True,
        text=True,
    )
    packed = list(tmp_path.rglob("libctr_models.so"))
    if version == __version__:
        assert done.returncode == 0 and len(packed) == 1, done.stderr
    else:
        assert done.returncode != 0 and not packed
        assert f"{LIBRARY} is CTRModels {__version__}, " in done.stderr
        assert "the package is version 9.8.7: run `make library` in this checkout" in done.stderr
