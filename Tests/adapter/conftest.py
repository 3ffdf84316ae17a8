"""Fixtures of the adapter's tests; Tests/adapter/support.py holds the plain functions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

# English, whatever the developer's locale: in the processes that tests start, too.
for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"

from Tests.adapter.support import Record, click_log, python  # noqa: E402


@pytest.fixture(scope="session")
def log() -> list[Record]:
    return click_log(1200)


@pytest.fixture
def workdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder: the model classes write below it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def trained(log: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A CTRModel trained on `log`. Tests that change it train their own."""
    from testbed_adapter.host.ctr_model import CTRModel

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("trained"))
        model = CTRModel()
        result = model.train(log)
        assert result.get("success"), result
    yield model


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[..., str]:
    """Runs code in a fresh process, in an empty folder, and returns what it printed; a failure there fails the test."""

    def run(code: str, *arguments: str, **options: Any) -> str:
        done = python(code, *arguments, **{"cwd": tmp_path, **options})
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
