"""What `make models` says: its candidates are the library's models; its tables, run and filled pages."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pandas as pd
import pytest

import testbed_adapter
from Tests.benchmarks.models import __main__ as command
from Tests.benchmarks.models import pages, run, table
from Tests.benchmarks.models.candidates import ABLATIONS, DEEP, Candidate, candidates
from Tests.benchmarks.models.words import CHINESE, ENGLISH
from Tests.benchmarks.quality.datasets import DATA_SETS, DataSet
from Tests.benchmarks.quality.protocol import Outcome
from Tests.benchmarks.quality.task import Missing, Task

ROOT = Path(__file__).resolve().parents[2]
FM, LR = Candidate("fm", "FM", {"model": "fm"}, ("lr",)), Candidate("lr", "LR", {"model": "lr"})


def task(rows: int = 800) -> Task:
    """A click where two categories are the same, which a linear model cannot know."""
    random = np.random.default_rng(0)
    columns = pd.DataFrame({name: random.integers(0, 4, rows).astype(str).astype(object) for name in ("one", "other")})
    columns["number"] = random.normal(size=rows)
    labels = (columns["one"] == columns["other"]).to_numpy().astype(int)
    return Task(columns, labels, np.arange(rows // 2), np.arange(rows // 2, rows))


def cells(*figures: tuple[float, float]) -> list[dict[str, Any]]:
    return [
        {"seed": seed, "auc": auc, "log_loss": loss, "processor_seconds": 2.0, "parameters": 1234}
        for seed, (auc, loss) in enumerate(figures)
    ]


def outcome(**models: list[dict[str, Any]]) -> Outcome:
    return Outcome("adult", "a set", rows=(8000, 2000), cells=models)


def test_every_model_of_the_library_has_its_ablations_named() -> None:
    models = [one["model"] for one in testbed_adapter.models()]
    assert list(ABLATIONS) == models
    assert [one.key for one in candidates()] == [*models, "wide", DEEP]
    assert {other for others in ABLATIONS.values() for other in others} <= {one.key for one in candidates()}


def test_who_asks_for_some_gets_their_ablations_too() -> None:
    found = {one.key: one for one in candidates(["dcn_v2"])}
    assert list(found) == ["dcn", "dcn_v2", DEEP]
    assert found["dcn_v2"].ablations == (DEEP, "dcn") and found["dcn"].ablations == ()  # who else is beside it
    assert found[DEEP].arguments == {"model": "wide_deep", "part": "deep"}


def test_a_model_is_measured_on_rows_that_it_has_not_seen() -> None:
    made = task()
    fm, lr = (run.measured(one, made, 0) for one in (FM, LR))
    assert fm["auc"] > lr["auc"] + 0.2 and fm["log_loss"] < lr["log_loss"]
    assert fm["parameters"] > lr["parameters"] > 10 and fm["processor_seconds"] > 0 and "notes" not in fm
    made.labels[made.test] = 1 - made.labels[made.test]
    assert run.measured(FM, made, 0)["auc"] == pytest.approx(1 - fm["auc"])


@pytest.mark.parametrize("key", ["wide_deep", DEEP, "fm"])
def test_of_a_click_log_a_model_and_its_ablations_read_the_same(key: str) -> None:
    log = DATA_SETS["click-log-3000"].load(Path(), 0, 300)
    (candidate,) = (one for one in candidates() if one.key == key)
    assert 0 < run.measured(candidate, log, 0)["auc"] < 1
    assert log.impressions is not None
    small = run.on_impressions(candidate)(**candidate.arguments, members=1, epochs=1)
    info = small.fit(log.impressions.features[log.train], log.labels[log.train]).info_
    parts = {feature["name"]: feature["part"] for feature in info["options"]["features"]}
    assert {parts["query_id"], parts["doc_id"]} == ({"wide"} if key == "wide_deep" else {"both"})
    assert len(info["crosses"]) == (key == "wide_deep")


def test_the_run_measures_every_seed_and_leaves_out_what_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(folder: Path, seed: int, rows: Optional[int]) -> Task:
        if folder.name == "nothing":
            raise Missing("there is no file")
        return task()

    def measured(candidate: Candidate, made: Task, seed: int) -> dict[str, Any]:
        if seed == 2:
            raise KeyboardInterrupt
        return {name: value + seed for name, value in cells((0.7, 0.5))[0].items() if name != "seed"}

    monkeypatch.setattr(run, "measured", measured)
    data_set, outcomes = DataSet("adult", "a set", load), []
    run.run([data_set], [FM, LR], range(2), Path("nothing"), False, outcomes)
    assert outcomes[0].skipped == "there is no file" and not outcomes[0].cells
    with pytest.raises(KeyboardInterrupt):
        run.run([data_set], [FM, LR], range(3), Path("here"), False, outcomes)
    assert outcomes[1].rows == (400, 400)
    assert {key: [cell["seed"] for cell in made] for key, made in outcomes[1].cells.items()} == {
        "fm": [0, 1],
        "lr": [0, 1],
    }
    assert "adult, seed 1, lr: AUC 1.7000, log loss 1.5000, 3.0 s" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ((0.49, 0.48, 0.485), "−150.0 [−274.2, −25.8] better"),
        ((0.51, 0.52, 0.515), "+150.0 [+25.8, +274.2] worse"),
        ((0.51, 0.48, 0.50), "−33.3 [−412.8, +346.1] no difference told"),
        ((0.5, 0.5, 0.5), "0.0 [0.0, 0.0] no difference told"),
        ((0.49,), "−100.0"),
    ],
)
def test_a_difference_has_its_interval_and_what_it_means(losses: tuple[float, ...], said: str) -> None:
    made = outcome(fm=cells(*[(0.7, loss) for loss in losses]), lr=cells(*[(0.7, 0.5)] * len(losses)))
    assert f"| FM | LR | {'0.0' if len(losses) == 1 else '0.0 [0.0, 0.0] no difference told'} | {said} |" in (
        table.family([made], [LR, FM], ENGLISH)
    )


def test_more_auc_is_better() -> None:
    made = outcome(fm=cells((0.72, 0.5), (0.73, 0.5)), lr=cells((0.71, 0.5), (0.72, 0.5)))
    text = table.page(FM, [made], [LR, FM], ENGLISH)
    assert "| **FM** | 0.7250 | 0.5000 | 2.0 s | 1,234 |  |  |" in text
    assert "| LR | 0.7150 | 0.5000 | 2.0 s | 1,234 | +100.0 [+100.0, +100.0] better | 0.0" in text
    assert "**adult**: 8,000 rows to train on, 2,000 to test on, 2 seeds." in text


def test_a_data_set_that_was_not_measured_is_told_of() -> None:
    skipped = Outcome("bank", "a set", skipped="there is no file")
    for words in (ENGLISH, CHINESE):
        assert "there is no file" in table.family([skipped, Outcome("adult", "stopped before a seed")], [LR, FM], words)


# --- the pages ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for words in (ENGLISH, CHINESE):
        for name in ("README", "lr", "fm"):
            (tmp_path / f"{name}{words.suffix}").write_text(
                f"# {name}\n\n{pages.BEGIN}\nthe old figures\n{pages.END}\nend\n"
            )
    return tmp_path


def test_the_pages_figures_are_replaced_and_nothing_else(folder: Path) -> None:
    deep = Candidate(DEEP, "deep only", {"model": "wide_deep", "part": "deep"})
    made = outcome(**{key: cells((0.7, 0.5), (0.8, 0.4)) for key in ("lr", "fm", DEEP)})
    assert len(pages.fill(folder, [made], [LR, FM, deep])) == 6
    once = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert pages.fill(folder, [made], [LR, FM, deep])
    assert once == {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    for name, text in once.items():
        assert text.startswith(f"# {name.split('.')[0]}\n") and text.endswith(f"{pages.END}\nend\n")
        assert "the old figures" not in text and "0.7500" in text
    assert "no difference told" in once["fm.md"] and "分不出" in once["fm.zh-CN.md"]
    assert "仅深部" in once["README.zh-CN.md"] and "deep only" in once["README.md"]


def test_a_page_without_the_marks_stops_before_any_is_written(folder: Path) -> None:
    (folder / "fm.zh-CN.md").write_text(f"{pages.BEGIN}\n")
    with pytest.raises(ValueError, match=r"fm\.zh-CN\.md has no <!-- figures"):
        pages.fill(folder, [outcome(lr=cells((0.7, 0.5)), fm=cells((0.7, 0.5)))], [LR, FM])
    assert "the old figures" in (folder / "README.md").read_text()


# --- the command ---


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "measured", lambda candidate, made, seed: cells((0.7 + seed / 10, 0.5))[0])
    for name in command.SHOWN:
        monkeypatch.setitem(DATA_SETS, name, DataSet(name, "a set", lambda folder, seed, rows: task()))


@pytest.mark.usefixtures("quickly")
def test_the_command_prints_writes_and_fills(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "there" / "table.md"
    assert command.main(["--models", "fm", "--quick", "--out", str(out)]) == 0
    assert capsys.readouterr().out == out.read_text("utf-8") and "A smoke run" in out.read_text("utf-8")
    results = json.loads((tmp_path / "there" / "table-results.json").read_text("utf-8"))
    assert [one["name"] for one in results] == list(command.SHOWN) and set(results[0]["cells"]) == {"lr", "fm"}
    with pytest.raises(SystemExit):
        command.main(["--pages", str(folder), "--quick"])
    monkeypatch.setattr(command, "candidates", lambda models: [LR, FM])
    assert command.main(["--pages", str(folder), "--out", str(out)]) == 0
    assert "5 seeds" in (folder / "README.md").read_text("utf-8")


@pytest.mark.usefixtures("quickly")
def test_what_was_measured_before_ctrl_c_is_printed(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(candidate: Candidate, made: Task, seed: int) -> dict[str, Any]:
        if seed == 1:
            raise KeyboardInterrupt
        return cells((0.7, 0.5))[0]

    monkeypatch.setattr(run, "measured", measured)
    assert command.main(["--out", str(tmp_path / "table.md"), "--pages", str(folder)]) == 130
    said = capsys.readouterr()
    assert "| DeepFM | 0.7000 |" in said.out and "Stopped" in said.err
    assert "the old figures" in (folder / "README.md").read_text()


@pytest.mark.usefixtures("quickly")
def test_pages_are_filled_by_a_whole_run_alone(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(where: Path, seed: int, rows: Optional[int]) -> Task:
        raise Missing("there is no file")

    monkeypatch.setitem(DATA_SETS, "adult", DataSet("adult", "a set", load))
    assert command.main(["--out", str(tmp_path / "table.md"), "--pages", str(folder)]) == 1
    assert "The pages stay as they were: adult was not measured" in capsys.readouterr().err
    assert "the old figures" in (folder / "README.md").read_text()


def test_make_passes_on_what_it_is_asked_for() -> None:
    asked = ["make", "-n", "models", "QUICK=1", "SEEDS=3", "MODELS=fm dcn", "DATASETS=adult", "DATA=here", "PAGES=1"]
    shown = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.replace("\\\n", "")
    words = "--quick --seeds 3 --datasets adult --models fm dcn --data here --pages docs/models"
    assert words in " ".join(shown.replace('"', "").split())
