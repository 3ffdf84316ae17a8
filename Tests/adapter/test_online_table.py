"""compare --online: what is trained on and measured, the figures, the table and the command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from testbed_adapter.commands.compare.command import run
from testbed_adapter.host.ctr_model import CTRModel
from testbed_adapter.host.online import is_online
from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.compare import online as subject
from testbed_adapter.lab.compare.measure import TrainingError
from testbed_adapter.lab.compare.online import ROWS, OnlineLearning, Row
from testbed_adapter.lab.compare.online_table import HEAD, text
from testbed_adapter.lab.compare.run import contenders
from testbed_adapter.lab.report import render
from testbed_adapter.lab.report.online import COLUMNS
from testbed_adapter.lab.report.online import online as section
from Tests.adapter import results_keys
from Tests.adapter.small_comparison import small_comparison
from Tests.adapter.test_compare import arguments

RECORDS, SEED = 400, 5
SMALL = (Row(5, 1), Row(5, 20))


def nothing(stage: str) -> None:
    pass


def without_times(measured: OnlineLearning) -> Any:
    rows = [
        {row: {name: value for name, value in figures.items() if not name.endswith("_seconds")} for row, figures in one}
        for one in (figures.items() for figures in measured.figures)
    ]
    return rows, measured.anew


class Trained:
    """What CTRModel.train was called with, in turn; the real ones are trained."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[list[Any], bool, bool]] = []  # records, in online training, from nothing
        train = CTRModel.train

        def kept(model: CTRModel, records: Any) -> dict[str, Any]:
            before = model.is_trained
            self.calls.append((records, is_online(), not before))
            return train(model, records)

        monkeypatch.setattr(CTRModel, "train", kept)


@pytest.fixture(scope="module")
def seen() -> tuple[OnlineLearning, Trained, list[str], list[Any]]:
    """One measured seed, with what was trained, the stages, and the models that were measured."""
    models: list[Any] = []
    measure = subject._measured

    def kept(model: Any, features: Any, labels: Any) -> Any:
        models.append((model, features, labels))
        return measure(model, features, labels)

    with pytest.MonkeyPatch.context() as patch:
        trained = Trained(patch)
        patch.setattr(subject, "_measured", kept)
        measured, stages = OnlineLearning(RECORDS), []
        measured.measure(SEED, stages.append)
    return measured, trained, stages, models


# --- what is trained on and measured ---


def test_rows_need_ten_new_records_a_trigger():
    assert OnlineLearning(20_000).rows == list(ROWS)
    assert OnlineLearning(9_990).rows == [row for row in ROWS if row.triggers < 500]
    assert OnlineLearning(1_200).rows == [Row(5, 1), Row(5, 5), Row(5, 20), Row(1, 100)]
    assert OnlineLearning(RECORDS).rows == [Row(5, 1), Row(5, 5), Row(5, 20)]
    assert OnlineLearning(subject.FEWEST).rows == [Row(5, 1), Row(5, 5)]


def test_models_are_trained_on_beginnings_of_the_log_alone(seen):
    """Each tenth from nothing; then each row's triggers, of equal size up to the log's end, in online training."""
    measured, trained, _, _ = seen
    log = generate(RECORDS + measured.further, SEED)[0][:RECORDS]
    assert all(records == log[: len(records)] for records, _, _ in trained.calls)
    anew = [len(records) for records, inside, first in trained.calls if first and not inside]
    further = [len(records) for records, inside, first in trained.calls if inside and not first]
    assert anew == [200, 240, 280, 320, 360, 400]
    assert further == [400, *range(240, 401, 40), *range(210, 401, 10)]
    assert len(trained.calls) == len(anew) + len(further) and not is_online()


def test_what_is_measured_is_predict_ctr_on_the_records_after_the_logs_end(seen):
    measured, _, _, models = seen
    assert measured.further == 120 and len(models) == 4
    further = generate(RECORDS + 120, SEED)[0][RECORDS:]
    for model, features, labels in models:
        assert labels.tolist() == [record["clicked"] for record in further]
        found = model.model.predict_proba(model.scaler.transform(features))[:, 1]
        asked = [
            model.predict_ctr(*(record[name] for name in ("query", "doc_id", "position", "score", "summary")))
            for record in further
        ]
        assert np.allclose(found, asked, rtol=0, atol=1e-12)


def test_stages_are_as_many_as_told(seen):
    measured, _, stages, _ = seen
    assert len(stages) == measured.stages == 6 + 3
    assert stages[0] == "from nothing: 200 records" and stages[-1] == "online: trigger 1 of 20"
    assert OnlineLearning(20_000).stages == 10 + 1 + 1 + 1 + 2 + 10 + 2


def test_a_row_does_not_depend_on_the_rows_before_it_and_runs_are_alike(seen, monkeypatch):
    monkeypatch.setattr(subject, "ROWS", SMALL[1:])
    alone = OnlineLearning(RECORDS)
    alone.measure(SEED, nothing)
    (figures,), anew = without_times(alone)
    (all_rows,), all_anew = without_times(seen[0])
    assert figures == {SMALL[1]: all_rows[SMALL[1]]} and anew == all_anew


def test_times_are_of_as_many_trainings_on_the_same_records(monkeypatch):
    """A training that takes a second for a hundred records, in triggers a tenth of it."""
    train = subject._train

    def timed(model: Any, records: Any) -> float:
        train(model, records)
        return len(records) / (1000 if is_online() else 100)

    monkeypatch.setattr(subject, "_train", timed)
    monkeypatch.setattr(subject, "ROWS", SMALL)
    measured = OnlineLearning(RECORDS)
    measured.measure(SEED, nothing)
    assert measured.training_seconds() == 4
    for row, ends in zip(SMALL, ([400], range(210, 401, 10))):
        assert measured.mean(row, "trainings_seconds") == pytest.approx(sum(ends) / 100)
        assert measured.share_of_time(row) == pytest.approx(0.1)


def test_a_trigger_that_trained_from_nothing_is_an_error(monkeypatch):
    monkeypatch.setattr(CTRModel, "_growth", lambda model, log: None)
    with pytest.raises(TrainingError, match="400 records: the model was trained from nothing"):
        OnlineLearning(RECORDS).measure(SEED, nothing)


def test_there_is_no_bar_for_each_training():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    records = generate(RECORDS, SEED)[0]
    with contextlib.redirect_stderr(terminal), subject.working_folder():
        CTRModel().train(records[:200])
        assert "epochs" in terminal.getvalue()
        terminal.seek(0)
        terminal.truncate()
        subject._train(CTRModel(), records[:200])
        print("a warning", file=subject._NoTerminal(terminal))
    assert terminal.getvalue() == "a warning\n"


# --- figures ---


def made(aucs: list[float], share: float = 0.2) -> OnlineLearning:
    """Of training from nothing at an AUC of 0.7, and these after the triggers."""
    measured = OnlineLearning(1_000)
    for auc in aucs:
        figures = {"auc": auc, "log_loss": 0.5, "calibration": 1.0}
        times = {"triggers_seconds": share * 10, "trainings_seconds": 10.0}
        measured.figures.append({row: {**figures, **times} for row in measured.rows})
        measured.anew.append({"auc": 0.7, "log_loss": 0.4, "calibration": 1.0})
        measured.seconds.append(dict.fromkeys(range(5, 11), 2.0))
    return measured


def test_differences_are_paired_with_their_standard_error():
    measured = made([0.70, 0.71, 0.72])
    auc = measured.difference(SMALL[0], "auc")
    assert measured.differences(SMALL[0], "auc") == pytest.approx([0, 0.01, 0.02])
    assert auc.mean == pytest.approx(0.01) and auc.standard_error == pytest.approx(0.01 / 3**0.5)
    assert measured.difference(SMALL[0], "log_loss").mean == pytest.approx(0.1)
    assert made([0.71]).difference(SMALL[0], "auc").standard_error is None


@pytest.mark.parametrize(
    ("aucs", "share", "faults"),
    [
        ([0.698, 0.697], 0.2, []),
        ([0.72, 0.73], 0.99, []),
        ([0.696, 0.695], 0.2, ["AUC"]),
        ([0.698, 0.694], 0.2, ["AUC?"]),
        ([0.696], 0.2, ["AUC"]),
        ([0.7, 0.7], 1.2, ["time"]),
        ([0.6, 0.6], 1.2, ["AUC", "time"]),
    ],
)
def test_what_does_not_hold_is_named(aucs, share, faults):
    measured = made(aucs, share)
    assert measured.faults(SMALL[0]) == faults
    line = text(measured).splitlines()[3]
    assert line.endswith("  yes" if not faults else "no: " + ", ".join(faults))
    assert f"{share:.0%}" in line


def test_table():
    lines = text(made([0.70, 0.71])).splitlines()
    assert lines[0].split("  ")[0] == HEAD[0] and lines[2].startswith("1,000 from nothing  0.7000")
    assert [line.split("  ")[0] for line in lines[3:6]] == ["500 + 1 × 500", "500 + 5 × 100", "500 + 20 × 25"]
    assert "+0.0050 ± 0.0050" in lines[3] and "over 2 seeds" in "\n".join(lines)
    single = text(made([0.70]))
    assert "±" not in single and "+0.0000" in single


# --- the command ---


def small(*more: Any) -> list[Any]:
    return ["--online", "--records", RECORDS, "--seeds", 1, "--seed", SEED, *more]


def test_command(tmp_path, monkeypatch, capsys, seen):
    monkeypatch.setattr(subject, "ROWS", SMALL)
    before = os.getcwd()
    assert run(arguments(*small("--out", tmp_path))) == 0
    printed, progress = capsys.readouterr()
    assert "200 + 20 × 10" in printed and "在线学习" not in printed and os.getcwd() == before
    assert "[1/16]" in progress and "[16/16] the report" in progress
    online = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["online"]
    results_keys.check(online, "online")
    assert online["records"] == RECORDS and online["further_records"] == 120
    assert list(online["from_nothing"]["seconds"]) == ["200", "240", "280", "320", "360", "400"]
    assert [(row["base_records"], row["triggers"]) for row in online["rows"]] == [(200, 1), (200, 20)]
    measured = seen[0]
    assert online["from_nothing"]["auc"] == measured.mean_anew("auc")
    for row, found in zip(SMALL, online["rows"]):
        assert found["auc"] == measured.mean(row, "auc")
        assert found["differences"]["log_loss"]["by_seed"] == measured.differences(row, "log_loss")


def test_section_of_the_report(seen):
    comparison = replace(small_comparison(), online=seen[0])
    part = section(comparison)
    assert part in render(comparison, None)
    table = ElementTree.fromstring(part[part.index("<table") : part.index("</table>") + 8])
    # The English of a cell is its first text, whether or not there is Chinese beside it.
    rows = [[next(cell.itertext(), "") for cell in row] for row in table]
    assert rows[0] == [HEAD[place] for place in COLUMNS] and [len(row) for row in rows] == [len(COLUMNS)] * 5
    assert rows[1][0] == "400 from nothing" and rows[4][0] == "200 + 20 × 10"
    assert rows[4][1] == f"{seen[0].mean(Row(5, 20), 'auc'):.4f}"


def test_without_it_there_is_none():
    comparison = small_comparison()
    assert section(comparison) == "" and "online" not in comparison.results()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--online", "--ablation"], "leave one out"),
        (["--online", "--data", "x.json"], "leave --data out"),
        (["--online", "--records", 199], "--records 199: --online needs at least 200"),
        (["--online", "--requests", 500], "add --ablation"),
    ],
)
def test_wrong_usage_is_exit_code_2(tmp_path, capsys, given, says):
    assert run(arguments(*given, "--out", tmp_path / "out")) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_ctrl_c_during_a_trigger_is_exit_code_130(tmp_path, capsys, monkeypatch):
    def interrupted(*given: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("testbed_adapter.host.incremental.continue_training", interrupted)
    before = os.getcwd()
    assert run(arguments(*small("--out", tmp_path)), contenders(None)[3:]) == 130
    assert "nothing was written" in capsys.readouterr().err and not os.listdir(tmp_path)
    assert os.getcwd() == before and not is_online()
