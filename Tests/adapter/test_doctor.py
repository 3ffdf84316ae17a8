"""`doctor`, on a miniature of the testbed with files of every kind."""

from __future__ import annotations

import importlib.metadata
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sklearn.linear_model import LogisticRegression

from testbed_adapter.commands import cli, packages, ports, pth_file
from testbed_adapter.commands.doctor import entries, environment, examination, files, switch
from testbed_adapter.commands.doctor.finding import Finding
from testbed_adapter.commands.doctor.processes import Probe
from Tests.adapter.support import ROOT, click_log

TESTBED = os.environ.get("TESTBED", "")
Answer = dict[str, Any]

SOURCES = {
    "__init__.py": "",
    "model_service.py": "from .training_tab.ctr_model import CTRModel\nclass ModelService: pass\n",
    "training_tab/__init__.py": "print('打印到标准输出')",
    "training_tab/ctr_model.py": "class CTRModel:\n    def predict_ctr(self): pass\n",
    "training_tab/ctr_wide_deep_model.py": "class WideAndDeepCTRModel: pass\n",
}


@pytest.fixture
def bed(tmp_path: Path) -> Path:
    testbed = tmp_path / "bed"
    for name, text in SOURCES.items():
        path = testbed / "src" / "search_engine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (testbed / "requirements.txt").write_text("# the testbed's\nNumPy>=1.22\npyarrow >= 1 # old\nlime\n")
    return testbed


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this environment lacks of the testbed's is no part of these tests."""
    monkeypatch.setattr(packages, "HOSTS", ())
    monkeypatch.setattr(entries, "ENTRIES", ())  # test_entries.py
    monkeypatch.setattr(ports, "taken", lambda program: [])  # test_surroundings.py
    monkeypatch.setattr(pth_file, "find", lambda: [])
    monkeypatch.delenv("CTR_MODEL", raising=False)


def snapshot(folder: Path) -> dict[str, Any]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in sorted(folder.rglob("*"))
    }


def examine(capsys: Any, *arguments: str) -> tuple[int, Answer]:
    """The exit code, and the findings by section."""
    code = cli.main(["doctor", "--json", *arguments])
    answer = json.loads(capsys.readouterr().out)
    assert answer["ready"] is (code == 0)
    sections: Answer = {}
    for finding in answer["findings"]:
        sections.setdefault(finding.pop("section"), []).append(finding)
    return code, sections


def one(findings: list[Answer], words: str) -> Answer:
    (found,) = [finding for finding in findings if words in finding["chinese"]]
    return found


def test_a_testbed_that_is_ready(bed: Path, capsys: Any) -> None:
    before = snapshot(bed)
    code, sections = examine(capsys, "--testbed", str(bed))
    assert code == 0, sections
    assert list(sections) == ["python", "packages", "library", "switch", "slots", "models", "log"]
    assert one(sections["slots"], "logistic_regression")["chinese"].endswith("testbed_adapter.host.ctr_model.CTRModel")
    assert one(sections["slots"], "wide_and_deep")["chinese"].endswith("ctr_model.WideAndDeepCTRModel")
    assert "ABI 1" in one(sections["library"], "Swift")["chinese"]
    assert one(sections["library"], "可预测")["status"] == "ok"
    assert "没有 models/ctr_data.json" in sections["log"][0]["chinese"]
    assert snapshot(bed) == before


def test_text(bed: Path, capsys: Any) -> None:
    assert cli.main(["doctor", "--testbed", str(bed)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Python\n  ✓ testbed_adapter") and said.endswith("\nready\n")
    assert "打印到标准输出" not in said
    (bed / "src" / "search_engine" / "model_service.py").unlink()
    assert cli.main(["doctor", "--testbed", str(bed)]) == 1
    said = capsys.readouterr().out
    assert "  ✗ the testbed cannot be imported: " in said and "ready" not in said


def test_without_a_testbed_the_rest_is_looked_at(capsys: Any) -> None:
    code, sections = examine(capsys)
    assert code == 0 and list(sections) == ["python", "packages", "library", "switch"]


def test_a_folder_that_is_no_testbed(tmp_path: Path, capsys: Any) -> None:
    code, sections = examine(capsys, "--testbed", str(tmp_path / "none"))
    assert code == 1 and "不是测试床" in sections["slots"][0]["chinese"]


def test_whose_the_model_files_are(bed: Path, capsys: Any, trained: Any) -> None:
    for folder in ("offline", "online"):
        (bed / "models" / folder).mkdir(parents=True)
    trained.save_model(str(bed / "models" / "ctr_model.pkl"))
    ours = (bed / "models" / "ctr_model.pkl").read_bytes()
    capsys.readouterr()
    lr = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    contents = {
        "models/offline/ctr_model.pkl": pickle.dumps({"model": lr}),
        "models/offline/ctr_model.pkl.bak": pickle.dumps({"model": lr}),
        "models/offline/ctr_model_info.json": b'{"is_trained": true}',
        "models/online/ctr_model_ckpt_3.pkl": ours[:-100],
        "models/online/ctr_model_ckpt_4.pkl": b"",
        "models/online/wide_deep_ctr_model_ckpt_1.h5": b"\x89HDF\r\n\x1a\n" + b"\0" * 100,
        "models/wide_deep_ctr_model": b"what is this",
        "models/ctr_model_unpickled.pkl": b"\x80\x04" + pickle.dumps(Trap())[2:],
        "models/index_data.json": b"{}",
        "ctr_lr_model.pkl": pickle.dumps({"model": lr}),
    }
    for name, content in contents.items():
        (bed / name).write_bytes(content)
    (bed / "models" / "wide_deep_ctr_model_tf").mkdir()
    (bed / "models" / "wide_deep_ctr_model_tf" / "saved_model.pb").touch()
    before = snapshot(bed)
    code, sections = examine(capsys, "--testbed", str(bed))
    assert snapshot(bed) == before and not Path(Trap.EVIDENCE).exists()
    found = {finding["chinese"].split("：")[0]: finding for finding in sections["models"]}
    assert set(found) == {*contents, "models/ctr_model.pkl", "models/wide_deep_ctr_model_tf"} - {
        "models/index_data.json"
    }
    expected = {
        "models/ctr_model.pkl": ("ok", "840 行训练"),
        "models/offline/ctr_model.pkl": ("note", "逻辑回归的 pickle"),
        "models/offline/ctr_model.pkl.bak": ("ok", "备份"),
        "models/offline/ctr_model_info.json": ("ok", "JSON"),
        "models/online/ctr_model_ckpt_3.pkl": ("bad", "无法读取"),
        "models/online/ctr_model_ckpt_4.pkl": ("note", "空文件"),
        "models/online/wide_deep_ctr_model_ckpt_1.h5": ("note", "TensorFlow"),
        "models/wide_deep_ctr_model": ("note", "未知格式"),
        "models/wide_deep_ctr_model_tf": ("note", "TensorFlow"),
        "models/ctr_model_unpickled.pkl": ("note", "pickle"),
        "ctr_lr_model.pkl": ("ok", "独立脚本"),
    }
    for name, (status, words) in expected.items():
        assert found[name]["status"] == status and words in found[name]["chinese"], found[name]
    assert "train again" in found["models/online/ctr_model_ckpt_3.pkl"]["todo"]
    assert code == 1


class Trap:
    """Leaves a file where it is unpickled."""

    EVIDENCE = "/tmp/testbed_adapter_was_unpickled"

    def __reduce__(self) -> Any:
        return os.mkdir, (self.EVIDENCE,)


def test_the_click_logs(bed: Path, capsys: Any) -> None:
    (bed / "models").mkdir()
    log, older = bed / "models" / "ctr_data.json", bed / "src" / "search_engine" / "data" / "ctr_data.json"
    older.parent.mkdir()
    records = click_log(60)
    log.write_text(json.dumps(records, ensure_ascii=False))
    older.write_text(json.dumps({"records": records[:5]}))
    code, sections = examine(capsys, "--testbed", str(bed))
    assert code == 0
    clicks = sum(record["clicked"] for record in records)
    enough = one(sections["log"], "models/ctr_data.json")
    assert enough["status"] == "ok" and f"60 条记录，{clicks} 次点击，可以训练" in enough["chinese"]
    few = one(sections["log"], "data/ctr_data.json：5 条")
    assert few["status"] == "note" and "至少10条" in few["chinese"]
    log.write_text("[{]")
    code, sections = examine(capsys, "--testbed", str(bed))
    damaged = one(sections["log"], "models/ctr_data.json")
    assert code == 1 and damaged["status"] == "bad" and "line 1" in damaged["english"]


def test_the_switch(bed: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CTR_MODEL", "logistic_regression")
    code, sections = examine(capsys, "--testbed", str(bed))
    assert code == 0 and one(sections["switch"], "CTR_MODEL")["status"] == "note"
    assert one(sections["slots"], "logistic_regression")["chinese"].endswith(
        "search_engine.training_tab.ctr_model.CTRModel"
    )
    monkeypatch.setenv("CTR_MODEL", "deep")
    code, sections = examine(capsys, "--testbed", str(bed))
    assert code == 1 and "'deep'" in one(sections["switch"], "CTR_MODEL")["chinese"]
    monkeypatch.delenv("CTR_MODEL")


def test_the_switch_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / pth_file.NAME
    for folder, status in ((ROOT, "ok"), (None, "ok"), (tmp_path / "gone", "bad")):
        there = [pth_file.SwitchFile(path, "wide_deep", folder)]
        monkeypatch.setattr(pth_file, "find", there.copy)
        _, found = switch.switch()
        assert found.status == status and str(path) in found.chinese
        assert found.todo == (f"rm {path}" if status == "bad" else "")
    path.write_text("# someone else's")
    monkeypatch.setattr(pth_file, "find", lambda: [pth_file.read(path)])
    assert switch.switch()[1].bad


def test_a_library_that_is_not_there(bed: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch, trained: Any) -> None:
    trained.save_model(str(bed / "models" / "ctr_model.pkl"))
    capsys.readouterr()
    monkeypatch.setenv("CTR_MODELS_LIBRARY", "/nowhere.so")
    code, sections = examine(capsys, "--testbed", str(bed))
    assert code == 1
    assert "/nowhere.so: no such file" in sections["library"][0]["english"]
    assert "未检查" in one(sections["models"], "ctr_model.pkl")["chinese"]


@pytest.mark.parametrize(
    ("source", "says", "todo"),
    [
        ("import sklearn_is_missing.part", "缺少 sklearn_is_missing", 'pip install "sklearn_is_missing"'),
        ("import lime", "缺少 lime", '"lime"'),
        ("1 / 0", "ZeroDivisionError", ""),
        ("import os; os._exit(3)", "退出码 3", ""),
        ("from os import HfFolder", "HfFolder", 'pip install "huggingface_hub<1"'),
    ],
)
def test_a_testbed_that_cannot_be_imported(
    source: str, says: str, todo: str, bed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bed / "src" / "search_engine" / "training_tab" / "__init__.py").write_text(source)
    if source == "import lime":
        monkeypatch.setenv("PYTHONPATH", "")
        (bed / "src" / "lime.py").write_text("raise ModuleNotFoundError('no lime', name='lime')")
    (found,) = slots(bed)
    assert found.bad and says in found.chinese and todo in found.todo


def slots(bed: Path, timeout: float = 60) -> list[Finding]:
    return list(examination.slots(bed, Probe("host", {"source": str(bed / "src")}, timeout)))


def test_an_import_without_end(bed: Path) -> None:
    (bed / "src" / "search_engine" / "training_tab" / "__init__.py").write_text("while True: pass")
    (found,) = slots(bed, timeout=2)
    assert found.bad and "超过 2 秒" in found.chinese


def test_an_environment_without_packages(bed: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from testbed_adapter.commands.cli import main; sys.exit(main(['doctor', '--json', '--testbed', sys.argv[1]]))"
    )
    # Without site-packages, and so in the processes that it starts.
    inherited = {name: value for name, value in os.environ.items() if name != "CTR_MODEL"}
    python = f"{bed.parent}/python"
    Path(python).write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    os.chmod(python, 0o755)
    code = f"import sys; sys.executable = {python!r}\n" + code
    done = subprocess.run(
        [python, "-c", code, str(bed)], env=inherited, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert (done.returncode, done.stderr) == (1, "")
    findings = json.loads(done.stdout)["findings"]
    said = [finding["chinese"] for finding in findings if finding["status"] == "bad"]
    assert said[: len(packages.OURS)] == [f"缺少 {name}" for name in packages.OURS]
    library = next(finding for finding in findings if finding["section"] == "library")
    assert "缺少" in library["chinese"] and "pip install" in library["todo"]


def test_versions_against_the_requirements(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.requirements(bed) == {"numpy": ">=1.22", "pyarrow": ">=1", "lime": ""}
    assert environment.requirements(bed / "none") == {}
    found = {
        "numpy": "2.4.1",
        "pyarrow": "13.0",
        "scikit-learn": "1.5",
        "jieba": None,
        "safetensors": "0.4",
        "tqdm": "5",
    }

    def version(name: str) -> str:
        if found.get(name) is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return str(found[name])

    monkeypatch.setattr(importlib.metadata, "version", version)
    (bed / "requirements.txt").write_text("numpy>=1.26.0,<2.0.0\njieba>=0.42.1\n")
    said = {finding.chinese.split("：")[0]: finding for finding in environment.versions(bed)}
    assert said["numpy 2.4.1"].status == "note" and ">=1.26.0,<2.0.0" in said["numpy 2.4.1"].chinese
    assert said["pyarrow 13.0"].status == "bad" and said["pyarrow 13.0"].todo.endswith('install "pyarrow>=14"')
    half = said["jieba 只装了一半"]  # its folder is there
    assert half.bad and half.todo == f'{sys.executable} -m pip install --force-reinstall "jieba>=0.42.1"'
    assert said["scikit-learn 1.5"].status == said["tqdm 5"].status == "ok"
    monkeypatch.setattr(sys, "version_info", (3, 12, 0))
    (bed / "requirements.txt").write_text("pyarrow==22.0.0")
    assert environment.pip_command("pyarrow", bed).endswith('"pyarrow==22.0.0"')
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))  # for which there is no pyarrow 22
    assert environment.pip_command("pyarrow", bed).endswith('"pyarrow>=14"')
    assert "shap" in said["未安装 lime, shap, optuna, tpot"].todo


def test_our_packages_are_those_of_the_project() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (listed,) = [part.split("]")[0] for part in text.split("\ndependencies = [")[1:]]
    named = dict(environment.requirements_of(line.strip().strip('",') for line in listed.splitlines()))
    assert named == packages.OURS


def test_kinds_of_files(tmp_path: Path) -> None:
    path = tmp_path / "ctr_model.keras"
    path.write_bytes(b"PK\x03\x04")
    assert files.kind_of(path) == files.TENSORFLOW
    path.write_bytes(b"\x80\x09x")
    assert files.kind_of(path) == files.UNKNOWN
    with pytest.raises(OSError):
        files.kind_of(tmp_path / "none")


@pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")
def test_the_real_testbed(capsys: Any) -> None:
    _, sections = examine(capsys, "--testbed", TESTBED)
    assert [finding["status"] for finding in sections["slots"]] == ["ok"] * 4, sections["slots"]
    assert "128 条记录" in one(sections["log"], "src/search_engine/data")["chinese"]
