"""The wheel holds the library, is for any Python 3 of this platform, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from Tests.packaging.sources import LIBRARY, ROOT, copy_sources

PIP = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]

TINY_FIT = """
import importlib.metadata, pathlib, sys
import numpy as np
import testbed_adapter
from testbed_adapter.native import library as _library
from testbed_adapter.estimator.wide_deep import WideDeepClassifier

site = pathlib.Path(sys.argv[1])
assert pathlib.Path(testbed_adapter.__file__).parent == site / "testbed_adapter", testbed_adapter.__file__
assert pathlib.Path(_library.library()._name) == site / "testbed_adapter" / "libctr_models.so"
assert importlib.metadata.version("ctr-models") == testbed_adapter.__version__
X = np.random.default_rng(1).normal(size=(200, 3))
p = WideDeepClassifier(epochs=2, hidden_units=(4,)).fit(X, X[:, 0] > 0).predict_proba(X)
assert p.shape == (200, 2) and np.all((p > 0) & (p < 1))
print("fitted")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what pip needs, so that the checkout stays clean; the library is `make library`'s."""
    if not LIBRARY.is_file():
        pytest.fail(f"{LIBRARY} is not there: run make library")
    source = tmp_path_factory.mktemp("source")
    copy_sources(source)
    subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", source / "dist", source],
        env={**os.environ, "CTR_MODELS_LIBRARY": str(LIBRARY)},
        check=True,
    )
    (built,) = (source / "dist").iterdir()
    return built


@pytest.mark.slow
def test_wheel_holds_the_library_and_names_its_platform(wheel: Path) -> None:
    assert wheel.name.startswith("ctr_models-") and "-py3-none-linux_" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert archive.read("testbed_adapter/libctr_models.so") == LIBRARY.read_bytes()
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "testbed_adapter").rglob("*.py")}
    assert {*modules, "testbed_adapter/py.typed"} <= set(names)
    assert not [name for name in names if name.startswith(("Tests/", "build/"))]


@pytest.mark.slow
def test_installed_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    subprocess.run([*PIP, "install", "--no-deps", "--target", site, wheel], check=True)
    environment = {key: value for key, value in os.environ.items() if key != "CTR_MODELS_LIBRARY"}
    done = subprocess.run(
        [sys.executable, "-c", TINY_FIT, site],
        cwd="/",
        env={**environment, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, "fitted\n"), done.stderr
