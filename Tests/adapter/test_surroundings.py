"""Ports that others have and folders that cannot be written to: a line that says what still works and what to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.commands import cli, ports, writable
from testbed_adapter.commands.doctor import entries, examination
from Tests.adapter.small_testbed import make_testbed
from Tests.adapter.support import ROOT


@pytest.fixture(scope="module")
def held() -> Iterator[tuple[int, int]]:
    """A port that another process listens on, and that process."""
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline()), process.pid
        process.kill()


def test_whose_a_port_is(held: tuple[int, int]) -> None:
    port, process = held
    assert ports.is_taken(port) and ports.free_above(port) > port
    found = ports.holder(port)
    assert found is not None and found[0] == process and found[1].startswith(f"{sys.executable} -c import socket")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert ports.holder(free.getsockname()[1]) is None  # nobody listens


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "testbed_adapter", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("program", "what"),
    [("start_model_serving.py", "start_api_server(port="), ("start_system.py", "what answers there for its own")],
)
def test_run_says_that_a_port_is_taken(
    program: str, what: str, held: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    port, process = held
    asked = {name: [(port, line) for _, line in lines] for name, lines in ports._ASKED.items()}
    monkeypatch.setattr(ports, "_ASKED", asked)
    lines = ports.taken(str(tmp_path / program))
    assert f"port {port} of the testbed's model service is taken by process {process} (" in lines[0].en
    assert f"kill {process}" in lines[0].zh and what in lines[0].en
    assert len(lines) == len(asked[program.removesuffix(".py")])
    assert ports.taken("other.py") == [] and len(ports.taken("search_engine.portal")) == 1
    (tmp_path / program).write_text("print('goes on')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("testbed_adapter.commands.run.prepare", lambda *given: None)
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    assert cli.main(["run", "--testbed", str(tmp_path), program]) == 0
    said = capsys.readouterr()
    assert said.err.splitlines() == [f"testbed_adapter: {line}" for line in lines] and said.out == "goes on\n"


def test_the_page_names_who_has_its_port(held: tuple[int, int], tmp_path: Path) -> None:
    port, process = held
    bed = make_testbed(tmp_path / "bed")
    (bed / "src" / "search_engine" / "training_tab" / "training_tab.py").touch()
    done = run(tmp_path, "page", "--testbed", str(bed), "--port", str(port), LANGUAGE="en")
    assert done.returncode == 1 and f"port {port} is taken by process {process} (" in done.stderr


# --- folders ---


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Any]:
    """Makes a folder one that not even root writes to."""
    done: list[Path] = []

    def lock(folder: Path) -> Path:
        if os.geteuid():
            folder.chmod(0o555)
        elif subprocess.run(["chattr", "+i", str(folder)], capture_output=True).returncode:
            pytest.skip("this file system has no immutable folders")
        done.append(folder)
        return folder

    yield lock
    for folder in done:
        if os.geteuid():
            folder.chmod(0o755)
        else:
            subprocess.run(["chattr", "-i", str(folder)], check=True)


def test_a_checkout_that_can_be_written_is_none(tmp_path: Path) -> None:
    assert writable.obstacle(tmp_path) is None
    (tmp_path / "models").mkdir()
    assert writable.obstacle(tmp_path) is None


def test_models_that_cannot_be_written(locked: Any, tmp_path: Path) -> None:
    (tmp_path / "models" / "online").mkdir(parents=True)
    (tmp_path / "models" / "offline").mkdir()
    locked(tmp_path / "models")
    found = writable.obstacle(tmp_path)
    assert found is not None and found.starts and "stay in memory" in found.said.en
    (tmp_path / "script.py").write_text("print('runs')")
    done = run(tmp_path, "run", "--testbed", ".", "script.py", LANGUAGE="zh")
    assert done.returncode == 0 and done.stdout == "runs\n"
    assert "models 不可写：测试床可以训练和预测" in done.stderr and f"cp -r {tmp_path} ~/" in done.stderr
    done = run(tmp_path, "log", "--testbed", ".", "--records", "20", LANGUAGE="en")
    assert done.returncode == 1 and "models cannot be written to" in done.stderr and "cp -r" in done.stderr


def test_a_checkout_in_which_the_services_cannot_start(locked: Any, tmp_path: Path) -> None:
    found = writable.obstacle(locked(tmp_path))
    assert found is not None and not found.starts and "无法启动" in found.said.zh


def test_a_file_where_models_should_be(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").touch()
    found = writable.obstacle(tmp_path)
    assert found is not None and not found.starts and "move it away" in found.said.en
    monkeypatch.setenv("LANGUAGE", "en")
    assert cli.main(["log", "--testbed", str(tmp_path), "--records", "20"]) == 1
    assert f"{tmp_path / 'models'} is no folder" in capsys.readouterr().err


def test_the_doctor_tells_of_both(held: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Answers:
        def __init__(self, *given: Any) -> None: ...

        def answer(self) -> dict[str, Any]:
            return {"library": {"error": ["x", "x"], "kind": "X"}, "words": {}, "files": {}, "logs": {}, "slots": {},
                    "model": "wide_deep", "switched at start": False}  # fmt: skip

    bed = make_testbed(tmp_path / "bed")
    (bed / "models").touch()
    monkeypatch.setattr(ports, "_ASKED", {"start_system": [(held[0], ports.words.PAGE_MOVES)]})
    monkeypatch.setattr(examination, "Probe", Answers)
    monkeypatch.setattr(entries, "findings", lambda *given: [])
    found = {section.key: findings for section, findings in examination.sections(bed, 60)}
    assert [finding.status for finding in found["entries"]] == ["note"] and str(held[1]) in found["entries"][0].english
    assert found["models"][0].bad and "no folder" in found["models"][0].english
