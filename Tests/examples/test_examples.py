"""`examples/`: each is built and run as its README says, and what it prints is right."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
NOTEBOOK = EXAMPLES / "notebook" / "click_model.ipynb"


def run(*command: object, **more: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600, **more)  # type: ignore
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


@pytest.mark.slow
def test_swift(tmp_path: Path) -> None:
    swift = shutil.which(os.environ.get("SWIFT", "swift"))
    if swift is None:
        pytest.skip("no Swift toolchain on PATH")
    # In the folder of `make test`'s build, where the library is compiled already.
    run(swift, "build", "--package-path", EXAMPLES / "swift", "--scratch-path", ROOT / ".build")
    said = run(ROOT / ".build" / "debug" / "ClickModel", tmp_path / "click.model")
    laptop, phone, watch = (numbers(line)[0] for line in re.findall("money on a .*", said))
    assert laptop > 0.25 > phone and phone < watch < laptop
    mean, rate = numbers(re.search("mean prediction .*", said)[0])  # type: ignore[index]
    assert abs(mean / rate - 1) < 0.15
    assert "click.model: the loaded model answers the same" in said and (tmp_path / "click.model").stat().st_size > 1000
    logit, *summands = numbers(said.split("why the first")[1].split("an error")[0])
    assert sum(summands) == pytest.approx(logit, abs=0.003)
    assert "no column 'device'" in said


def test_c(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "c", tmp_path / "c", ignore=shutil.ignore_patterns("click_model", "*.model"))
    said = run("make", "run", f"ROOT={ROOT}", "CFLAGS=-O1 -Wall -Wextra -Wpedantic -Werror", cwd=folder)
    assert "status 1: unknown option 'hidden_unit'" in said
    laptop, phone, watch = numbers(re.search("money at nine: .*", said)[0])  # type: ignore[index]
    assert laptop > 0.25 > phone and phone < watch < laptop
    assert "click.model: the loaded model answers the same" in said
    told = json.loads(next(line for line in said.splitlines() if line.startswith("[")))
    assert [round(one["probability"], 3) for one in told] == [laptop, phone, watch]
    run("make", "clean", cwd=folder)
    assert sorted(path.name for path in folder.iterdir()) == ["Makefile", "click_model.c"]


def test_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib").use("agg")
    monkeypatch.chdir(tmp_path)
    seen: dict[str, object] = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}, {cell['id']}", "exec"), seen)
    auc, told = seen["scores"]["AUC"], seen["explanation"]  # type: ignore[index]
    assert auc["deep"] < auc["wide_deep"] < auc["oracle"] and auc["wide"] < auc["wide_deep"]
    assert [line.get_label() for line in seen["axes"].get_lines()] == ["wide_deep", "oracle", "perfect"]  # type: ignore
    assert told.bias + told.deep + sum(one.weight for one in told.terms) == pytest.approx(told.logit, abs=1e-4)  # type: ignore
    said = capsys.readouterr().out
    assert str(told) in said and "the loaded model answers the same: True" in said
