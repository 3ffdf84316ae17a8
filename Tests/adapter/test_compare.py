"""The comparison: reading logs, the figures, the table, and the command's exit codes."""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import classification_report, f1_score, roc_auc_score

from testbed_adapter.commands.compare import add_arguments
from testbed_adapter.commands.compare.command import run, summary
from testbed_adapter.host.evaluation import split
from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.compare.logs import LogError, read_log
from testbed_adapter.lab.compare.lr import ColumnsLR, TestbedError, host_model
from testbed_adapter.lab.compare.measure import Contender, Rewriter, quality
from testbed_adapter.lab.compare.run import BASELINE, DEEP, LR, ORACLE, WIDE, WIDE_DEEP
from testbed_adapter.lab.compare.table import COLUMNS, decisions, explained, table
from testbed_adapter.messages import Message
from testbed_adapter.messages.figures import FIGURES
from testbed_adapter.messages.terminal import width
from Tests.adapter.lr_features import lr_features
from Tests.adapter.results_keys import ROWS
from Tests.adapter.small_comparison import small_comparison
from Tests.adapter.small_testbed import make_testbed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return generate(300, seed=2)[0]


# --- reading logs ---


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_json(tmp_path, records, wrapped, encoding):
    path = tmp_path / "log.json"
    path.write_text(json.dumps({"records": records, "total_records": 300} if wrapped else records), encoding=encoding)
    assert read_log(path) == records
    assert read_log(path, 7) == records[:7]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv(tmp_path, records, encoding):
    records = [dict(record) for record in records]
    records[3]["summary"] = 'a, "quoted" text\nof two lines\u2028or three'
    path = write_csv(tmp_path / "log.csv", records, encoding)
    assert read_log(path) == records


def test_csv_as_pandas_writes_it(tmp_path, records):
    """Whole numbers with a decimal point, booleans, empty cells."""
    rows = [{**record, "position": f"{record['position']}.0", "click_count": ""} for record in records]
    for row in rows:
        row["clicked"] = str(bool(row["clicked"]))
        row["doc_length"] = ""
    read = read_log(write_csv(tmp_path / "log.csv", rows))
    assert [record["clicked"] for record in read] == [record["clicked"] for record in records]
    assert [record["doc_length"] for record in read] == [len(record["summary"]) for record in records]
    assert all(type(record["position"]) is int and record["click_count"] is None for record in read)


def write_csv(path: Path, rows: list[dict[str, Any]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("query", None, "null is not text"),
        ("summary", 3, "3 is not text"),
        ("doc_id", True, "true is not text"),
        ("position", -1, "-1 is not a whole number"),
        ("position", 1.5, "1.5 is not a whole number"),
        ("position", "2", '"2" is not a whole number'),
        ("score", float("nan"), "NaN is not a finite number"),
        ("score", float("inf"), "Infinity is not a finite number"),
        ("score", 10**400, "is not a finite number"),
        ("clicked", 2, "2 is not 0 or 1"),
        ("clicked", None, "null is not 0 or 1"),
        ("doc_length", -4, "-4 is not a number"),
        ("timestamp", None, "null is not text or a number"),
    ],
)
def test_wrong_values_are_named(tmp_path, records, field, value, says):
    path = tmp_path / "log.json"
    path.write_text(json.dumps([*records[:4], {**records[4], field: value}]))
    with pytest.raises(LogError) as error:
        read_log(path)
    assert str(error.value).startswith(f"{path}, record 5, field {field}: ") and says in str(error.value)


def test_wrong_csv_cells_are_named(tmp_path, records):
    path = write_csv(tmp_path / "log.csv", [*records[:4], {**records[4], "score": "viel"}])
    with pytest.raises(LogError, match=r'log\.csv, line 6, field score: "viel" is not a finite number in plain digits'):
        read_log(path)
    text = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*text[:3], text[3] + ",1"]), encoding="utf-8")
    with pytest.raises(LogError, match="line 4: more cells"):
        read_log(path)
    path.write_text("\n".join([*text[:3], "a,b"]), encoding="utf-8")
    with pytest.raises(LogError, match="line 4: no cell for"):
        read_log(path)
    path.write_text("timestamp,query\n1,a\n", encoding="utf-8")
    with pytest.raises(LogError, match="no column doc_id, position, score, clicked, summary"):
        read_log(path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("log.json", b"", "is not JSON"),
        ("log.json", b"[1, 2", "is not JSON"),
        ("log.json", b"{}", "without `records`"),
        ("log.json", b'{"records": 3}', "not a list"),
        ("log.json", b"[]", "holds no records"),
        ("log.json", b"[3]", "record 1: 3 is no record"),
        ("log.json", b"[{}]", "record 1: there is no field timestamp"),
        ("log.json", b"[" * 100_000, ""),
        ("log.json", b"\xff\xfe", "is not UTF-8"),
        ("log.csv", b"", "is empty"),
        ("log.csv", "查询".encode("gbk"), "is not UTF-8"),
    ],
)
def test_files_that_are_no_log(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LogError) as error:
        read_log(path)
    assert str(path) in str(error.value) and says in str(error.value)


# --- figures ---


def test_quality_is_as_the_testbed_computes_it():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 500)
    probabilities = np.clip(rng.random(500) * 0.7 + labels * 0.2, 0, 1)
    figures = quality(labels, probabilities)
    weighted = classification_report(labels, probabilities > 0.5, output_dict=True)["weighted avg"]
    assert figures["precision"] == pytest.approx(weighted["precision"])
    assert figures["recall"] == pytest.approx(weighted["recall"]) == pytest.approx(figures["accuracy"])
    assert figures["f1"] == pytest.approx(weighted["f1-score"])
    assert figures["auc"] == pytest.approx(roc_auc_score(labels, probabilities))
    assert figures["calibration"] == pytest.approx(probabilities.mean() / labels.mean())
    assert figures["threshold"] == 0.5
    shares = [np.mean((probabilities > 0.5)[labels == kind] == kind) for kind in (0, 1)]
    assert figures["balanced_accuracy"] == pytest.approx(np.mean(shares))
    assert figures["log_loss"] == pytest.approx(
        -np.mean(labels * np.log(probabilities) + (1 - labels) * np.log(1 - probabilities))
    )


def test_the_stand_in_for_the_lr_is_the_lr(records):
    """On the testbed's columns, as an independent implementation has them."""
    labels = np.array([record["clicked"] for record in records])
    columns = np.hstack([lr_features(records), np.ones((300, 24))])
    model = ColumnsLR(lambda given: (columns, labels))
    assert model.train(records) == {"success": True}
    assert model.scaler.n_features_in_ == 12
    assert model.model.get_params()["class_weight"] == "balanced" and model.model.C == 10.0
    record = records[0]
    answer = model.predict_ctr(*(record[name] for name in ("query", "doc_id", "position", "score", "summary")))
    assert 0 < answer < 1


def test_rewritten_texts_are_new_and_of_the_same_words(records):
    import jieba

    rewriter = Rewriter(records, seed=0)
    texts = {record["query"] for record in records} | {record["summary"] for record in records}
    for record in records[:100]:
        given = (record["query"], record["doc_id"], record["position"], record["score"], record["summary"])
        query, doc_id, position, score, text = rewriter.anew(given)
        assert (doc_id, position, score) == given[1:4]
        assert sorted(text) == sorted(record["summary"]) or len(jieba.lcut(record["summary"])) < 3
        assert query not in texts and text not in texts
        texts |= {query, text}
    assert rewriter.anew(("", "d", 1, 0.5, ""))[0]


# --- the whole ---


def test_comparison_of_the_real_models():
    comparison = small_comparison()
    assert list(comparison.names) == [*ROWS, BASELINE] and comparison.seeds == [0, 1]
    for key in comparison.names:
        figures, errors = comparison.mean(key), comparison.standard_error(key)
        assert set(figures) == set(errors)
        times = {"train_seconds", "predict_new_us", "predict_seen_us"}
        # Of the stand-in for the LR the columns come from our library: its training time is nobody's.
        absent = times if key in (ORACLE, BASELINE) else {"train_seconds"} if key == LR else set()
        assert {column.key for column in COLUMNS} - set(figures) == absent
        assert all(np.isfinite(value) for value in figures.values())
    assert (
        comparison.mean(ORACLE)["auc"] > max(comparison.mean(key)["auc"] for key in (LR, WIDE_DEEP, WIDE, DEEP)) - 0.02
    )
    assert comparison.mean(LR)["calibration"] > 1.5
    gains, ours = comparison.gains(WIDE_DEEP), comparison.mean(WIDE_DEEP)
    assert gains["auc"] == pytest.approx(ours["auc"] - comparison.mean(LR)["auc"])
    assert "train_seconds_ratio" not in gains
    assert "of the way to the oracle" in summary(comparison)
    results = json.loads(json.dumps(comparison.results()))
    assert results["log"]["records"] == 1500 and results["log"]["test_records"] == 450
    assert [model["key"] for model in results["models"]] == [*ROWS, BASELINE]
    assert results["environment"]["cores"] >= 1 and results["environment"]["packages"]["numpy"] == np.__version__


def test_baseline_predicts_the_click_rate_and_never_a_click():
    run = small_comparison().run
    labels, figures = run.labels[run.test], run.baseline()
    rate = np.delete(run.labels, run.test).mean()
    base = np.where(labels == 1, rate, 1 - rate)
    assert figures["auc"] == figures["balanced_accuracy"] == 0.5
    assert figures["log_loss"] == pytest.approx(-np.log(base).mean())
    assert figures["accuracy"] == figures["recall"] == pytest.approx(1 - labels.mean())
    assert figures["f1"] == pytest.approx(f1_score(labels, np.zeros(len(labels)), average="weighted"))
    assert small_comparison().names[BASELINE] == Message("always no click", "总是不点击")
    clicked = replace(run, labels=1 - run.labels)
    assert clicked.majority.en == "always click" and clicked.baseline()["accuracy"] == pytest.approx(1 - labels.mean())


def test_rows_tell_the_threshold_of_their_decisions():
    comparison = small_comparison()
    assert comparison.mean(LR)["threshold"] == comparison.mean(BASELINE)["threshold"] == 0.5
    run = comparison.run
    for key in (WIDE_DEEP, WIDE, DEEP):
        outcome = run.outcome(key)
        threshold = outcome.figures["threshold"]
        assert threshold == pytest.approx(np.delete(run.labels, run.test).mean())
        right = (outcome.probabilities > threshold) == run.labels[run.test]
        assert outcome.figures["accuracy"] == pytest.approx(right.mean())


@pytest.mark.parametrize(("language", "tongue"), [("en_GB.UTF-8", "en"), ("zh_CN.UTF-8", "zh")])
def test_columns_are_explained(monkeypatch, language, tongue):
    monkeypatch.setenv("LANGUAGE", language)
    lines = explained().splitlines()
    for column in COLUMNS:
        title, says = (getattr(said, tongue) for said in FIGURES[column.key])
        (line,) = [line for line in lines if line.startswith(title + "  ")]
        assert line.removeprefix(title).strip() in says
    assert max(map(len, lines)) <= 110 and len(lines) < 14
    told = " ".join(map(str, decisions(small_comparison())))
    accuracy = f"{small_comparison().mean(BASELINE)['accuracy']:.3f}"
    assert accuracy in told and {"en": "always no click", "zh": "总是不点击"}[tongue] in told


def test_probabilities_are_those_that_training_reported():
    """The comparison finds the test part again, and the model's answer on it."""
    run = small_comparison().run
    for key, part in ((WIDE_DEEP, "wide_deep"), (WIDE, "wide"), (DEEP, "deep")):
        outcome = run.outcome(key)
        assert outcome.model.part == part
        for name in ("auc", "accuracy", "precision", "recall", "f1"):
            assert getattr(outcome.model, name) == pytest.approx(outcome.figures[name], abs=6e-5)


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_table_lines_up(tongue, monkeypatch):
    monkeypatch.setenv("LANG", tongue)
    comparison = small_comparison()
    rows = [(str(name), comparison.mean(key)) for key, name in comparison.names.items()]
    lines = table(rows).splitlines()
    assert len(lines) == 8 and any(width(line) > len(line) for line in lines) is (tongue == "zh")
    assert len({width(line) for line in lines}) == 1
    ends = [
        width(line[: line.index(cell) + len(cell)])
        for line, cell in ((lines[0], "AUC"), (lines[2], lines[2].split()[-10]))
    ]
    assert ends[0] == ends[1]


def test_width():
    assert [width(text) for text in ("", "abc", "查询", "全角，", "e\u0301", "×")] == [0, 3, 4, 6, 1, 1]


# --- the testbed's own LR ---


@pytest.fixture
def testbed(tmp_path) -> Path:
    return make_testbed(tmp_path / "testbed")


def test_host_model(testbed):
    model = host_model(testbed)
    assert not list(testbed.rglob("__pycache__"))
    assert model.__name__ == "CTRModel" and model.__module__.endswith("ctr_model")
    assert "search_engine" not in {name.split(".")[0] for name in sys.modules}
    with pytest.raises(TestbedError, match="no checkout of the testbed"):
        host_model(testbed / "src")
    (testbed / "src/search_engine/training_tab/ctr_config.py").write_text("import not_installed_anywhere")
    with pytest.raises(TestbedError, match="not_installed_anywhere"):
        host_model(testbed)


def arguments(*given: Any) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(list(map(str, given)))


def test_command_with_a_testbed(testbed, tmp_path, monkeypatch, capsys):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    path = tmp_path / "log.json"
    path.write_text(json.dumps({"records": generate(600, seed=3)[0]}))
    assert run(arguments("--testbed", os.path.relpath(testbed), "--data", "../log.json", "--out", "out")) == 0
    printed, progress = capsys.readouterr()
    assert "600 records" in printed and "LR (testbed)" in printed and "oracle" not in printed
    assert "saved" not in printed.split() and "always no click" in printed and "threshold" in printed
    assert f"Report: {here / 'out' / 'report.html'}" in printed
    assert "[1/8]" in progress and "[8/8]" in progress
    assert sorted(os.listdir(here)) == ["out"] and os.getcwd() == str(here)
    assert sorted(os.listdir("out")) == ["report.html", "results.json"]
    results = json.loads((here / "out" / "results.json").read_text(encoding="utf-8"))
    assert results["wide_deep_against_lr"]["train_seconds_ratio"] > 0
    assert next(model for model in results["models"] if model["key"] == LR)["mean"]["train_seconds"] > 0.3


class Refusing:
    """A model that cannot be trained, in the testbed's manner, or that is interrupted."""

    raises: Any = None

    def extract_features(self, records: Any) -> Any:
        raise AssertionError

    def train(self, records: Any) -> dict[str, Any]:
        if self.raises is not None:
            raise self.raises
        return {"error": "数据量不足", "auc": 0.0}


def test_a_training_that_fails_is_exit_code_1(tmp_path, capsys):
    before = os.getcwd()
    assert run(arguments("--records", 50, "--out", tmp_path), [Contender(LR, "the LR", Refusing)]) == 1
    assert "compare: the LR: 数据量不足" in capsys.readouterr().err
    assert os.getcwd() == before and not os.listdir(tmp_path)


def test_ctrl_c_is_exit_code_130(tmp_path, capsys):
    before = os.getcwd()
    model = type("Interrupted", (Refusing,), {"raises": KeyboardInterrupt()})
    assert run(arguments("--records", 50, "--out", tmp_path), [Contender(LR, "the LR", model)]) == 130
    assert "stopped" in capsys.readouterr().err
    assert os.getcwd() == before and not os.listdir(tmp_path)


def test_too_small_a_log_is_exit_code_1(tmp_path, capsys):
    assert run(arguments("--records", 8, "--out", tmp_path)) == 1
    assert "数据量不足，需要至少10条记录，当前只有8条" in capsys.readouterr().err


def test_problems_with_files_are_exit_code_1(tmp_path, capsys):
    assert run(arguments("--data", tmp_path / "none.json", "--out", tmp_path)) == 1
    assert "none.json cannot be read: No such file" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert run(arguments("--out", tmp_path / "file" / "report")) == 1
    assert "the report cannot be written to" in capsys.readouterr().err


def test_wrong_usage_is_exit_code_2(tmp_path, capsys):
    assert run(arguments("--testbed", tmp_path, "--out", tmp_path / "out")) == 2
    assert "no checkout of the testbed" in capsys.readouterr().err
    assert run(arguments("--data", "x.json", "--seeds", 2)) == 2
    for given in (["--records", "0"], ["--records", "x"], ["--seed", "-1"], ["--seeds", "0"], ["--nothing"]):
        with pytest.raises(SystemExit) as stop:
            arguments(*given)
        assert stop.value.code == 2
    assert not (tmp_path / "out").exists()


def test_help_needs_neither_the_library_nor_scikit_learn():
    code = "import sys, testbed_adapter.commands.compare\nassert not {'sklearn', 'ctypes', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_split_is_the_testbeds():
    train, test = split(np.array([0, 1] * 50))
    assert len(train) == 70 and len(test) == 30 and not set(train) & set(test)
