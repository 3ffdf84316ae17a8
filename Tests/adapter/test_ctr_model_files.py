"""Bad logs and bad files: the testbed's error dict, False, or its exception; and nothing lost."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest
from safetensors.numpy import load_file

from testbed_adapter import WideDeepClassifier
from testbed_adapter.host import model_files
from testbed_adapter.host.ctr_model import CTRModel, WideAndDeepCTRModel
from testbed_adapter.native.model import ModelFileError
from Tests.adapter.support import Record, click_log, impression

LR_EMPTY = {
    **{"auc": 0.0, "precision": 0.0, "recall": 0.0, "f1": 0.0, "train_samples": 0, "test_samples": 0},
    **{"train_score": 0.0, "test_score": 0.0, "feature_weights": {}, "data_quality": {}},
}


def changed(**fields: Any) -> Callable[[list[Record]], list[Record]]:
    return lambda log: [{**record, **fields} for record in log]


def spoilt(field: str, value: Any) -> Callable[[list[Record]], list[Record]]:
    return lambda log: [{**record, field: value} if index == 4 else record for index, record in enumerate(log)]


def clicks(count: int) -> Callable[[list[Record]], list[Record]]:
    return lambda log: [{**record, "clicked": int(index < count)} for index, record in enumerate(log)]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda log: [], "没有CTR数据用于训练"),
        (lambda log: None, "没有CTR数据用于训练"),
        (lambda log: log[:9], "数据量不足，需要至少10条记录，当前只有9条"),
        (clicks(0), "点击数据不足，需要至少2次点击，当前只有0次点击"),
        (clicks(1), "点击数据不足，需要至少2次点击，当前只有1次点击"),
        (clicks(30), "未点击数据不足，需要至少2次未点击，当前只有0次未点击"),
        (changed(query="同一个"), "查询多样性不足，需要至少3个不同查询，当前只有1个"),
        (changed(doc_id="同一个"), "文档多样性不足，需要至少3个不同文档，当前只有1个"),
        (changed(position=1), "位置多样性不足，需要至少3个不同位置，当前只有1个"),
        (changed(query="同", doc_id="同", position=1), "查询多样性不足，需要至少3个不同查询，当前只有1个"),
        (lambda log: clicks(0)(log[:5]), "数据量不足，需要至少10条记录，当前只有5条"),
        (
            lambda log: [{**log[0], "clicked": 2}, *log[1:]],
            "训练失败: 第 1 条记录的字段 'clicked' 应为0 或 1，实际是 2（int）",
        ),
        (spoilt("query", None), "训练失败: 第 5 条记录的字段 'query' 应为字符串，实际是 None（NoneType）"),
        (spoilt("summary", None), "训练失败: 第 5 条记录的字段 'summary' 应为字符串，实际是 None（NoneType）"),
        (spoilt("position", -1), "训练失败: 第 5 条记录的字段 'position' 应为不小于 0 的整数，实际是 -1（int）"),
        (spoilt("score", float("nan")), "训练失败: 第 5 条记录的字段 'score' 应为有限的数值，实际是 nan（float）"),
        (spoilt("score", float("inf")), "训练失败: 第 5 条记录的字段 'score' 应为有限的数值，实际是 inf（float）"),
        (
            lambda log: [*log, {"query": "q", "doc": 1}],  # as another version of the testbed may name them
            "训练失败: 第 31 条记录缺少字段 'clicked'（现有: query, doc）；请在日志中改名，或重新记录",
        ),
        (lambda log: [*log, "x"], "训练失败: 第 31 条记录应为字典，实际是 'x'（str）"),
    ],
)
def test_bad_logs(spoil: Any, message: str, trained: Any, workdir: Path) -> None:
    records = spoil(click_log(30))
    assert CTRModel().train(records) == {"error": message, **LR_EMPTY}
    second = WideAndDeepCTRModel().train(records)
    assert second["error"] == message and second["feature_importance"] == {} and second["model_type"] == "wide_deep"

    trained.save_model("before")
    model = CTRModel()
    model.load_model("before")
    answer = model.predict_ctr("机器学习", "doc1", 1, 0.5, "摘要")
    assert "error" in model.train(records)
    assert model.is_trained and model.predict_ctr("机器学习", "doc1", 1, 0.5, "摘要") == answer
    assert not os.path.exists("models")


def test_ten_records_are_enough(workdir: Path) -> None:
    log = click_log(10)
    for index, record in enumerate(log):
        record.update(clicked=int(index in (2, 5)), query=f"查询{index % 4}")
    result = CTRModel().train(log)
    assert result.get("success"), result


# --- files that are no models ---


class _Bomb:
    """Unpickled, it makes a file."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("exploded",)


def lr_pickle(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = pickle.dumps({"model": _Bomb(), "vectorizer": None, "scaler": None, "is_trained": True})
    path.write_bytes(data)
    return data


@pytest.mark.parametrize("kind", [CTRModel, WideAndDeepCTRModel])
def test_a_pickle_is_never_unpickled_nor_lost(
    kind: Any, log: list[Record], workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = kind()
    path = workdir / model._default_path
    bomb = lr_pickle(path)
    assert model.load_model() is False
    printed = capsys.readouterr().out
    assert "加载" in printed and "失败" in printed and "pickle" in printed
    assert path.read_bytes() == bomb and not model.is_trained

    assert model.train(log[:200])["success"]
    assert "已备份到" in capsys.readouterr().out
    assert Path(f"{path}.bak").read_bytes() == bomb
    assert model_files.is_ours(path)
    model.save_model(str(path))
    assert not os.path.exists(f"{path}.bak.1")  # our own file needs no backup

    other = pickle.dumps("another")
    path.write_bytes(other)
    model.save_model(str(path))
    assert Path(f"{path}.bak").read_bytes() == bomb and Path(f"{path}.bak.1").read_bytes() == other
    assert not os.path.exists("exploded")


def spoil_nothing(data: bytes) -> bytes:
    return data


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"\x00" * 8,
        lambda data: b"not a model at all",
        lambda data: data[:5],
        lambda data: data[:200],
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: data[:-100] + bytes(byte ^ 1 for byte in data[-100:-99]) + data[-99:],
        lambda data: data.replace(b'\\"format\\":2', b'\\"format\\":9', 1).replace(b'"format":2', b'"format":9', 1),
        lambda data: b"\xff" * 8 + data[8:],
    ],
)
def test_damaged_and_foreign_files(
    spoil: Any, trained: Any, log: list[Record], workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained.save_model("good")
    good = Path("good").read_bytes()
    bad = spoil(good)
    assert bad != good
    Path("bad").write_bytes(bad)
    model = CTRModel()
    assert model.load_model("good")
    answer = model.predict_ctr(*impression(log[0]))
    capsys.readouterr()
    assert model.load_model("bad") is False
    assert capsys.readouterr().out.startswith("加载CTR模型失败: bad ")
    assert Path("bad").read_bytes() == bad
    assert model.is_trained and model.predict_ctr(*impression(log[0])) == answer
    with pytest.raises(ModelFileError):
        WideDeepClassifier.load("bad")


def test_missing_files_and_folders(workdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert CTRModel().load_model() is False and WideAndDeepCTRModel().load_model() is False
    assert CTRModel().load_model("nowhere") is False
    assert capsys.readouterr().out == ""
    os.mkdir("folder")
    assert CTRModel().load_model("folder") is False
    with pytest.raises(OSError):
        WideDeepClassifier.load("nowhere")


def test_a_classifiers_file_is_no_click_model(workdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    X = np.random.default_rng(0).normal(size=(50, 2))
    WideDeepClassifier(random_state=0, epochs=1).fit(X, X[:, 0] > 0).save("plain")
    assert CTRModel().load_model("plain") is False
    assert "点击日志" in capsys.readouterr().out


def test_the_path_is_the_file(trained: Any, workdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("here", "a/b/model.pkl", workdir / "c" / "模型.h5", str(workdir / "d.h5")):
        trained.save_model(path)
        assert os.path.isfile(path)
        assert f"CTR模型已保存到 {path}" in capsys.readouterr().out
        assert len(load_file(path)) > 10
        assert CTRModel().load_model(path)
    assert sorted(os.listdir(workdir)) == ["a", "c", "d.h5", "here"]


def test_paths_that_cannot_be_written(
    trained: Any, log: list[Record], workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkdir("folder")
    Path("file").write_text("text")
    second = WideAndDeepCTRModel()
    trained.save_model("good")
    second.load_model("good")
    for path in ("folder", "file/below", "/proc/none/model", "x" * 300, "nul\0byte"):
        with pytest.raises(OSError, match="无法保存模型到"):
            trained.save_model(path)
        capsys.readouterr()
        assert second.save_model(path) is False
        assert capsys.readouterr().out.startswith("保存Wide & Deep模型失败: ")
    assert Path("file").read_text() == "text"
    assert sorted(os.listdir(workdir)) == ["file", "folder", "good"]


@pytest.mark.parametrize("kind", [CTRModel, WideAndDeepCTRModel])
def test_a_trained_model_that_cannot_be_saved_is_kept_in_memory(
    kind: Any, log: list[Record], workdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("models").write_text("in the way")
    model = kind()
    result = model.train(log[:200])
    assert result["success"] and "error" not in result and 0 < result["auc"] < 1
    assert f"无法保存模型到 {model._default_path}" in result["warning"] and result["warning"] in capsys.readouterr().out
    assert model.is_trained and 0 < model.predict_ctr(*impression(log[0])) < 1
    model.save_model("elsewhere")
    assert kind().load_model("elsewhere")


def test_errors_of_files_are_those_of_python(trained: Any, workdir: Path) -> None:
    Path("text").write_text("no model")
    os.mkdir("folder")
    with pytest.raises(IsADirectoryError) as folder:
        trained.save_model("folder")
    assert folder.value.filename == "folder" and "无法保存模型到 folder" in str(folder.value)
    with pytest.raises(ModelFileError, match="text") as text:
        WideDeepClassifier.load("text")
    assert text.value.filename == "text"


def test_a_failed_save_leaves_no_backup(trained: Any, workdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("foreign").write_text("text")

    def fail(path: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(type(trained._trained.native), "save", lambda self, path: fail(path))
    with pytest.raises(OSError, match="disk full"):
        trained.save_model("foreign")
    assert os.listdir() == ["foreign"] and Path("foreign").read_text() == "text"


def test_what_a_link_leads_to_is_backed_up(trained: Any, workdir: Path) -> None:
    Path("far").write_text("text")
    os.symlink("far", "near")
    trained.save_model("near")
    assert os.readlink("near") == "far" and model_files.is_ours("far")
    assert Path("near.bak").read_text() == "text" and not os.path.islink("near.bak")


def test_one_backup_where_a_save_was_killed_after_it(trained: Any, workdir: Path) -> None:
    Path("foreign").write_text("text")
    os.link("foreign", "foreign.bak")
    trained.save_model("foreign")
    assert sorted(os.listdir()) == ["foreign", "foreign.bak"] and Path("foreign.bak").read_text() == "text"


def test_backups_without_hard_links(trained: Any, workdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: Any) -> None:
        raise OSError("not supported")

    monkeypatch.setattr(os, "link", no_links)
    for text in ("one", "two"):
        Path("model").write_text(text)
        trained.save_model("model")
    assert Path("model.bak").read_text() == "one" and Path("model.bak.1").read_text() == "two"


def test_the_file_is_plain_safetensors(trained: Any, workdir: Path) -> None:
    trained.save_model("model")
    with open("model", "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    assert "ctr_models" in header["__metadata__"]
    shutil.copy("model", "copy")
    assert CTRModel().load_model("copy")


def test_without_the_library_there_is_a_message(workdir: Path, fresh: Any) -> None:
    Path("model").write_text("text")
    said = fresh(
        "from testbed_adapter.host.ctr_model import CTRModel; from Tests.adapter.support import click_log\n"
        "print(CTRModel().train(click_log(30))['error']); print(CTRModel().load_model('model'))",
        cwd=workdir,
        CTR_MODELS_LIBRARY="/nowhere.so",
    )
    assert said.startswith("训练失败: 无法加载 libctr_models.so") and "/nowhere.so" in said
    assert said.endswith("False\n")


def test_untrained_saves_nothing(workdir: Path) -> None:
    CTRModel().save_model()
    assert WideAndDeepCTRModel().save_model() is False
    assert os.listdir() == []
