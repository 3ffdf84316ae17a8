"""`enable` and `disable`, in a virtual environment made for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.commands import cli, pth_file, whole_file
from testbed_adapter.native import library as _library
from Tests.adapter.support import ROOT

LIBRARY = str(_library.library()._name)
HOST = """
class CTRModel:
    def predict_ctr(self):
        pass
"""
ASK = "from search_engine.training_tab.ctr_model import CTRModel; print(CTRModel.__module__)"
OURS, THEIRS = "testbed_adapter.host.ctr_model\n", "search_engine.training_tab.ctr_model\n"


class Environment:
    """A venv whose Python finds this one's packages, and a folder with a testbed in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "环境 '1'"
        venv.create(self.folder, symlinks=True, with_pip=False)
        self.python = self.folder / "bin" / "python"
        (self.site,) = self.folder.glob("lib/python*/site-packages")
        packages = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
        (self.site / "packages.pth").write_text("\n".join(dict.fromkeys(packages)))
        self.switch = self.site / pth_file.NAME
        self.work = folder / "work"
        package = self.work / "search_engine" / "training_tab"
        package.mkdir(parents=True)
        for path in (package.parent / "__init__.py", package / "__init__.py"):
            path.touch()
        (package / "ctr_model.py").write_text(HOST)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        left_out = ("PYTHONPATH", "CTR_MODEL")
        inherited = {name: value for name, value in os.environ.items() if name not in left_out}
        return subprocess.run(
            [str(self.python), *arguments],
            cwd=self.work,
            env={**inherited, "PYTHONIOENCODING": "utf-8", "CTR_MODELS_LIBRARY": LIBRARY, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    def command(self, *arguments: str, package: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "testbed_adapter", *arguments, PYTHONPATH=str(package), **environment)

    def switch_on(self, model: str = "wide_deep", package: Path = ROOT) -> None:
        """What `enable` writes, without its look at the model."""
        whole_file.write(self.switch, pth_file.content(self.switch, model, package))

    def ask(self, code: str = ASK, **environment: str) -> str:
        done = self.run("-c", code, **environment)
        # What stands in the slots is said in a line of its own (test_slots.py).
        others = [line for line in done.stderr.splitlines() if not line.startswith("testbed_adapter: CTR_MODEL=")]
        assert (done.returncode, others) == (0, [])
        return done.stdout


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path)


def test_enable_and_disable(environment: Environment) -> None:
    before = sorted(path.name for path in environment.site.iterdir())
    assert environment.ask() == THEIRS
    done = environment.command("enable")
    assert done.returncode == 0, done.stderr
    assert (
        "enabled: every Python of" in done.stdout
        and str(environment.switch) in done.stdout
        and "disable" in done.stdout
    )
    assert environment.ask() == OURS
    assert environment.ask(CTR_MODEL="logistic_regression") == THEIRS
    # Again is fine, and changes nothing.
    written = environment.switch.read_bytes(), environment.switch.stat().st_mtime_ns
    again = environment.command("enable")
    assert again.returncode == 0 and "was enabled already" in again.stdout
    assert (environment.switch.read_bytes(), environment.switch.stat().st_mtime_ns) == written
    done = environment.run("-m", "testbed_adapter", "disable")  # found through the switch itself
    assert done.returncode == 0 and "disabled" in done.stdout
    assert environment.ask() == THEIRS
    assert sorted(path.name for path in environment.site.iterdir()) == before
    done = environment.command("disable")
    assert done.returncode == 0 and "was not enabled" in done.stdout


def test_the_file_is_ascii_and_imports_next_to_nothing(environment: Environment) -> None:
    def loaded() -> set[str]:
        return set(environment.ask("import sys; print(*sys.modules)").split())

    without = loaded()
    environment.switch_on()
    assert environment.switch.read_bytes().isascii()
    switch = "testbed_adapter.switch"
    ours = {"testbed_adapter", "testbed_adapter.version", switch}
    ours |= {f"{switch}.{name}" for name in ("choice", "hook", "patches")}
    assert loaded() - without - {"__future__"} == ours


def test_the_model_of_an_environment(environment: Environment) -> None:
    assert environment.command("enable", "--model", "logistic_regression").returncode == 0
    assert environment.ask() == THEIRS
    assert environment.ask(CTR_MODEL="wide_deep") == OURS
    assert environment.command("enable", "--model", "wide_deep").returncode == 0
    assert environment.ask() == OURS
    done = environment.command("enable", CTR_MODEL="logistic_regression")
    assert "CTR_MODEL=logistic_regression" in done.stdout and "comes first" in done.stdout


def test_a_wrong_variable_is_one_line(environment: Environment) -> None:
    environment.switch_on()
    done = environment.run("-c", ASK, CTR_MODEL="deep")
    assert (done.returncode, done.stdout) == (0, THEIRS)
    assert done.stderr.count("\n") == 1 and "'deep'" in done.stderr and "wide_deep, deepfm" in done.stderr


def test_a_checkout_that_is_gone_is_one_line(environment: Environment, tmp_path: Path) -> None:
    checkout = tmp_path / '签出 "2"\''
    shutil.copytree(ROOT / "testbed_adapter", checkout / "testbed_adapter", ignore=shutil.ignore_patterns("*cache*"))
    environment.switch_on(package=checkout)
    code = "import testbed_adapter, sys; print(testbed_adapter.__file__)"
    assert environment.ask(code) == f"{checkout / 'testbed_adapter' / '__init__.py'}\n"
    shutil.rmtree(checkout)
    done = environment.run("-c", ASK)
    assert (done.returncode, done.stdout) == (0, THEIRS)
    assert done.stderr.count("\n") == 1 and str(environment.switch) in done.stderr
    # In a locale without these letters too.
    plain = environment.run("-c", "print(1)", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (plain.returncode, plain.stdout) == (0, "1\n") and plain.stderr.count("\n") == 1


def test_an_installed_package_adds_nothing_to_the_path(environment: Environment) -> None:
    (environment.site / "testbed_adapter").symlink_to(ROOT / "testbed_adapter")
    whole_file.write(environment.switch, pth_file.content(environment.switch, "wide_deep", None))
    assert environment.ask() == OURS
    assert str(ROOT) not in eval(environment.ask("import sys; print(sys.path)"))
    assert pth_file.read(environment.switch) == (environment.switch, "wide_deep", None)


def test_what_cannot_work_is_undone(environment: Environment) -> None:
    (environment.site / "packages.pth").unlink()
    done = environment.command("enable")
    assert done.returncode == 1 and "undone, as" in done.stderr and "Traceback" not in done.stderr
    assert "python -m pip install numpy" in done.stderr
    assert not environment.switch.exists()
    done = environment.command("enable", CTR_MODELS_LIBRARY="/nowhere.so")
    assert done.returncode == 1 and not environment.switch.exists()


def test_what_was_there_stays_when_the_new_one_cannot_work(environment: Environment) -> None:
    environment.switch_on("logistic_regression")
    before = environment.switch.read_bytes()
    done = environment.command("enable", CTR_MODELS_LIBRARY="/nowhere.so")
    assert done.returncode == 1 and "/nowhere.so: no such file" in done.stderr
    assert environment.switch.read_bytes() == before


def test_files_of_others_are_left_alone(environment: Environment) -> None:
    environment.switch.write_text("# someone else's\n")
    for command in ("enable", "disable"):
        done = environment.command(command)
        assert done.returncode == 1 and str(environment.switch) in done.stderr and "Traceback" not in done.stderr
    assert environment.switch.read_text() == "# someone else's\n"


def test_a_place_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(pth_file, "site_packages", lambda: Path("/proc/self"))
    monkeypatch.setattr(pth_file, "is_environment", lambda: True)
    assert cli.main(["enable"]) == 1
    said = capsys.readouterr().err
    assert "cannot write /proc/self" in said and "not enabled: " in said


def test_two_at_once_take_turns(environment: Environment) -> None:
    """One that fails does not undo what the other has done meanwhile."""
    environment.site.joinpath("slow.pth").write_text("import time; time.sleep(1)\n")
    start = [str(environment.python), "-m", "testbed_adapter", "enable"]
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    given.pop("CTR_MODEL", None)
    both = [
        subprocess.Popen(
            start,
            cwd=environment.work,
            env={**given, "CTR_MODELS_LIBRARY": library},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for library in ("/nowhere.so", LIBRARY)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] in ([1, 0], [0, 0]), said
    assert not any(b"Traceback" in error for _, error in said)
    assert environment.ask() == OURS and len(list(environment.site.glob("*switch*"))) == 1


def test_a_switch_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / pth_file.NAME).mkdir()
    monkeypatch.setattr(pth_file, "site_packages", lambda: tmp_path)
    monkeypatch.setattr(pth_file, "is_environment", lambda: True)
    for command, says in (
        ("enable", "cannot read"),
        ("disable", "not disabled"),
        ("doctor", "the switch's file cannot be read"),
    ):
        assert cli.main([command]) == 1
        out, error = capsys.readouterr()
        assert says in out + error and str(tmp_path) in out + error


@pytest.mark.parametrize("command", ["enable", "disable"])
def test_the_systems_python_is_asked_for(command: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(pth_file, "site_packages", lambda: pytest.fail("looked there"))
    monkeypatch.setattr(pth_file, "is_environment", lambda: False)
    assert cli.main([command]) == 1
    said = capsys.readouterr().err
    assert "--system" in said and sys.executable in said


def test_a_venv_is_an_environment(environment: Environment) -> None:
    code = "from testbed_adapter.commands import pth_file; print(pth_file.is_environment(), pth_file.site_packages())"
    assert environment.ask(code, PYTHONPATH=str(ROOT)) == f"True {environment.site}\n"


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / pth_file.NAME
    whole_file.write(path, b"one\n")

    def fail(*arguments: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="full"):
        whole_file.write(path, b"two\n")
    assert path.read_text() == "one\n" and list(tmp_path.iterdir()) == [path]


def test_a_second_model_says_what_it_takes_the_place_of(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    environment.switch_on("logistic_regression")
    monkeypatch.setattr(pth_file, "site_packages", lambda: environment.site)
    monkeypatch.setattr(pth_file, "is_environment", lambda: True)
    monkeypatch.setattr("testbed_adapter.commands.enable._problem", lambda model: None)
    assert cli.main(["enable", "--model", "beside_lr"]) == 0
    assert f"instead of what was enabled before: logistic_regression, from {ROOT}" in capsys.readouterr().out
    assert cli.main(["enable", "--model", "beside_lr"]) == 0
    said = capsys.readouterr().out
    assert "was enabled already" in said and "instead" not in said


def test_a_second_checkout_is_told_that_the_first_answers(environment: Environment) -> None:
    environment.switch_on()
    before = environment.switch.read_bytes()
    (environment.work / "testbed_adapter").mkdir()
    (environment.work / "testbed_adapter" / "__init__.py").touch()
    (environment.work / "script.py").write_text("")
    done = environment.run("-m", "testbed_adapter", "enable")
    assert done.returncode == 1 and environment.switch.read_bytes() == before
    assert f"by the checkout {ROOT}" in done.stderr and f"not {environment.work}" in done.stderr
    done = environment.run("-m", "testbed_adapter", "run", "--testbed", ".", "script.py")
    assert done.returncode == 0 and f"the package is that of {ROOT}" in done.stderr
