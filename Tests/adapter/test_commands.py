"""The commands, whatever is given to them and wherever their output goes: an exit code and a message, no traceback."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.commands import cli
from testbed_adapter.commands.compare import command
from testbed_adapter.commands.doctor import examination, files
from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.compare.job import compare
from testbed_adapter.lab.compare.run import LR, WIDE_DEEP, Log, contenders
from testbed_adapter.native import library
from Tests.adapter.small_comparison import small_comparison
from Tests.adapter.support import ROOT, python
from Tests.adapter.test_compare import arguments

MAIN = "import sys; from testbed_adapter.commands.cli import main; sys.exit(main(sys.argv[1:]))"
HOST = ROOT / "Tests" / "host"


def ended(done: Any, code: int) -> str:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr, done.stderr
    return str(done.stdout + done.stderr)


# --- outputs ---


def test_compare_on_an_ascii_output(tmp_path: Path) -> None:
    said = ended(python(MAIN, "compare", "--records", "100", cwd=tmp_path, PYTHONIOENCODING="ascii"), 0)
    assert "new text \\xb5s" in said and "\\u2500" in said
    assert sorted(os.listdir(tmp_path / "report")) == ["report.html", "results.json"]


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
@pytest.mark.parametrize(
    ("given", "code"),
    [
        *(((name, "--help"), 0) for name in ("run", "compare", "explain", "doctor", "enable", "disable")),
        *((("--help",), 0), ((), 2), (("run", "--testbed", "/查询"), 2), (("compare", "--data", "/查询.csv"), 1)),
    ],
)
def test_words_on_outputs_without_the_characters(
    given: Any, code: int, encoding: str, tmp_path: Path, monkeypatch: Any
) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    error = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="backslashreplace")  # as Python has it
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", error)
    monkeypatch.chdir(tmp_path)
    try:
        assert cli.main([*given]) == code
    except SystemExit as stop:
        assert stop.code == code
    assert out.errors == "strict"


@pytest.mark.parametrize("how", ["unread", "full", "closed"])
def test_outputs_that_take_nothing(how: str) -> None:
    redirected = {"unread": "| true", "full": "> /dev/full", "closed": ">&-"}[how]
    code = {"unread": 141, "full": 1, "closed": 0}[how]
    for given in ("compare --help", "disable --help"):
        shell = f'"{sys.executable}" -m testbed_adapter {given} {redirected}; exit ${{PIPESTATUS[0]}}'
        if how == "unread":  # `true` is surely gone when the output comes
            shell = f'(sleep 0.5; exec "{sys.executable}" -m testbed_adapter {given}) | true; exit ${{PIPESTATUS[0]}}'
        done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, timeout=120)
        said = ended(done, code)
        assert said == {"unread": "", "full": "error: [Errno 28] No space left on device\n"}.get(how, said)


# --- options ---


@pytest.mark.parametrize(
    "given",
    [
        *(
            ("compare", "--records", text)
            for text in ("1_0", "１０", " 10", "1e3", "0", "-1", "nan", "10.0", "9" * 500)
        ),
        *(("compare", option, "1_0") for option in ("--seed", "--seeds", "--requests", "--candidates")),
        *(("doctor", "--timeout", text) for text in ("nan", "inf", "0", "-1", "1e9", "1_0", "x")),
        *(("compare", option, text) for option in ("--data", "--testbed", "--out") for text in ("", "~nobody-here/x")),
        ("doctor", "--testbed", "~nobody-here"),
        ("run", "--testbed", "~nobody-here", "x.py"),
    ],
)
def test_wrong_options_name_themselves(given: Any, capsys: Any) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main([*given])
    said = capsys.readouterr().err
    assert stop.value.code == 2 and f"argument {given[1]}: " in said and (given[2][:40] in said or not given[2])


def test_each_path_knows_the_home_folder(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    """As --testbed=~/bed, which the shell leaves to the command."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "bed").symlink_to(HOST)
    (tmp_path / "none.json").write_text("[]")
    assert (
        cli.main(["compare", "--testbed=~/bed", "--data=~/none.json", "--out=~/out"]) == 2
    )  # the miniature has no src
    assert f"{tmp_path / 'bed'} is no checkout" in capsys.readouterr().err
    assert cli.main(["compare", "--data=~/none.json", "--out=~/out"]) == 1
    assert f"{tmp_path / 'none.json'} holds no records" in capsys.readouterr().err and (tmp_path / "out").is_dir()
    assert cli.main(["doctor", "--testbed=~/bed"]) == 1
    assert f"{tmp_path / 'bed'} is no checkout of the testbed" in capsys.readouterr().out
    model = ["--query=q", "--doc=d", "--position=1", "--score=0.5", "--summary=s", "--model=~/none.json"]
    assert cli.main(["explain", *model]) == 1
    assert f"{tmp_path / 'none.json'} " in capsys.readouterr().err
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "x.py").write_text("import os; print(os.getcwd(), os.environ['CTR_MODELS_LIBRARY'])")
    (tmp_path / "lib.so").symlink_to(str(library.library()._name))
    done = python(MAIN, "run", "--testbed=~/here", "x.py", HOME=str(tmp_path), CTR_MODELS_LIBRARY="~/lib.so")
    assert ended(done, 0) == f"{tmp_path / 'here'} {tmp_path / 'lib.so'}\n"


def test_make_knows_the_home_folder() -> None:
    shown = subprocess.run(
        ["make", "-n", "demo", "TESTBED=~/bed", "OUT=~/out"],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "HOME": "/home/me"}, timeout=60,
    )  # fmt: skip
    assert '--out "/home/me/out"' in shown.stdout and "~/" not in shown.stdout.replace("~/test_bed", "")


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        (("-m", "no.such.module"), 2, "no module no.such.module"),
        (("folder",), 2, "a folder without a __main__.py"),
        (("unreadable",), 2, "cannot be read"),
        (("none.py",), 2, "no file none.py"),
    ],
)
def test_what_run_cannot_run(given: Any, code: int, says: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "unreadable").symlink_to("/proc/self/mem")  # root may read any file of its own
    said = ended(python(MAIN, "run", "--testbed", str(tmp_path), *given), code)
    assert says in said


def test_a_module_that_lacks_another_fails_as_ever(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("import not_there_at_all")
    done = python(MAIN, "run", "--testbed", str(tmp_path), "-m", "mine")
    assert done.returncode == 1 and "No module named 'not_there_at_all'" in done.stderr


# --- interruptions ---


@pytest.mark.parametrize("seconds", [0.3, 1.5, 4.0])
def test_ctrl_c_at_any_moment(seconds: float, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "testbed_adapter", "compare", "--records", "20000", "--out", str(tmp_path / "out")],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=100)
    if process.returncode == -signal.SIGINT:  # Python itself was not up yet
        return
    assert process.returncode == 130 and out == "" and "Traceback" not in error and "stopped" in error
    assert not (tmp_path / "out").exists() or not os.listdir(tmp_path / "out")


class Disk:
    """What is written where: the disk is full, or Ctrl-C comes, at a file whose name has this in it."""

    def __init__(self, name: str, error: BaseException) -> None:
        self.name, self.error = name, error

    def __call__(self, source: Any, target: Any) -> None:
        if self.name in str(target):
            raise self.error
        os.rename(source, target)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "compare", lambda *_: small_comparison())


def test_a_disk_that_is_full_at_the_end_leaves_the_table(
    made: None, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr(os, "replace", Disk("report.html", OSError(28, "No space left on device")))
    assert command.run(arguments("--out", tmp_path)) == 1
    out, error = capsys.readouterr()
    assert "Wide & Deep against the LR" in out and "Report:" not in out
    assert "the report cannot be written" in error and "No space left" in error
    assert os.listdir(tmp_path) == ["results.json"]


def test_a_report_that_cannot_be_drawn_leaves_the_table(
    made: None, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    def fail(*drawn: Any) -> str:
        raise KeyError("features")

    monkeypatch.setattr("testbed_adapter.lab.report.render", fail)
    with pytest.raises(KeyError):
        command.run(arguments("--out", tmp_path))
    assert "Wide & Deep against the LR" in capsys.readouterr().out and os.listdir(tmp_path) == ["results.json"]


@pytest.mark.parametrize(("at", "left"), [("results.json", []), ("report.html", ["results.json"])])
def test_ctrl_c_while_the_report_is_written(
    at: str, left: list[str], made: None, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr(os, "replace", Disk(at, KeyboardInterrupt()))
    assert command.run(arguments("--out", tmp_path)) == 130
    assert f"stopped: {tmp_path / left[0] if left else 'nothing'} was written" in capsys.readouterr().err
    assert os.listdir(tmp_path) == left


# --- texts ---


def test_half_a_surrogate_pair_reaches_the_report(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    """In a record that compare is given, and in the name of the file that it came from."""
    records, _ = generate(400, seed=1)
    for record in records:
        for field in ("query", "doc_id", "summary"):
            record[field] += "\ud83d"
    log = Log(records, None, 0, "/tmp/log\udcff.json")
    comparison = compare([lambda: log], contenders(None), lambda stage: None)
    assert [outcome.key for outcome in comparison.run.outcomes][:2] == [LR, WIDE_DEEP]
    monkeypatch.setattr(command, "compare", lambda *_: comparison)
    assert cli.main(["compare", "--records", "10", "--out", str(tmp_path)]) == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "log?.json" in page and records[0]["query"].replace("\ud83d", "?") in page
    assert "log?.json" in (tmp_path / "results.json").read_text(encoding="utf-8")
    capsys.readouterr()


# --- the testbed's folder ---


def test_the_doctor_looks_at_odd_files(tmp_path: Path, capsys: Any) -> None:
    models = tmp_path / "models"
    models.mkdir()
    os.mkfifo(models / "ctr_model.pkl")
    (models / "ctr_model.bak").symlink_to("nowhere")
    (models / "ctr_model.loop").symlink_to("ctr_model.loop")
    (models / "ctr_model\udcff").write_bytes(b"")
    kinds = examination._kinds(tmp_path)
    assert len(kinds) == 4
    found = files.findings(tmp_path, kinds, {}, "wide_deep")
    assert len(found) == 4 and sum("无法读取" in one.chinese for one in found) == 3


@pytest.mark.parametrize("command", [["compare", "--records", "300"], ["log", "--out", "x.json"], ["doctor"]])
def test_a_python_without_packages_is_told_of_one_with_them(command: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "testbed_adapter", *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    said = done.stderr + done.stdout
    assert "pip install" in said or f"{ROOT / '.venv/bin/python'} -m testbed_adapter" in said
