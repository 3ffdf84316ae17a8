"""A checkout at another commit: which one it is, and which changes of the switch find their target in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.commands import cli, patch_targets
from testbed_adapter.switch.patches import CHANGES
from Tests.adapter.small_testbed import make_testbed

TESTBED = os.environ.get("TESTBED", "")
MINIATURE = Path(__file__).resolve().parents[1] / "host" / "search_engine"


@pytest.fixture
def bed(tmp_path: Path) -> Path:
    shutil.copytree(MINIATURE, tmp_path / "bed" / "src" / "search_engine")
    return tmp_path / "bed"


def lines(bed: Path) -> list[str]:
    return [line.en for line in patch_targets.missing(bed)]


def test_a_target_that_is_missing_is_named(bed: Path) -> None:
    before = lines(bed)
    tab = bed / "src" / "search_engine" / "training_tab"
    model = bed / "src" / "search_engine" / "model_service.py"
    model.write_text(model.read_text("utf-8").replace("def train_model", "def fit_model"), "utf-8")
    config = tab / "ctr_config.py"
    config.write_text(config.read_text("utf-8").replace("SUPPORTED_MODELS", "MODELS"), "utf-8")
    (tab / "model_fairness.py").write_text("def (", "utf-8")  # none of the table
    (tab / "ctr_wide_deep_model.py").unlink()
    found = [line for line in lines(bed) if line not in before]
    assert len(found) == 3 and not [line for line in before if "train_model" in line]
    folder = Path("src", "search_engine")
    assert f"{folder / 'model_service.py'} has no ModelService.train_model: the switch leaves that one alone" in found
    assert any("CTRModelConfig.SUPPORTED_MODELS" in line for line in found)
    assert any("ctr_wide_deep_model.py cannot be read (No such file or directory)" in line for line in found)


def test_another_commit_is_named_and_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    bed = make_testbed(tmp_path / "bed")
    assert patch_targets.other_commit(bed) is None  # no repository
    (bed / "script.py").write_text("print('goes on')")
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "other"]):
        subprocess.run(["git", "-C", str(bed), *command], check=True)
    commit = subprocess.check_output(["git", "-C", str(bed), "rev-parse", "HEAD"], text=True).strip()
    other = patch_targets.other_commit(bed)
    assert (
        other is not None and f"at commit {commit}; this package was checked with {patch_targets.CHECKED}" in other.en
    )
    assert f"git -C {bed} checkout {patch_targets.CHECKED}" in other.zh
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr("testbed_adapter.commands.run.run_script", lambda *given: 0)
    assert cli.main(["run", "--testbed", str(bed), "script.py"]) == 0
    said = capfd.readouterr().err
    assert f"testbed_adapter: {other.en}" in said and "model_service.py cannot be read" in said
    monkeypatch.setattr(patch_targets, "CHECKED", commit)
    assert cli.main(["run", "--testbed", str(bed), "script.py"]) == 0 and capfd.readouterr().err == ""


@pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")
def test_the_real_checkout_has_all(capfd: Any) -> None:
    assert lines(Path(TESTBED)) == [] and CHANGES
