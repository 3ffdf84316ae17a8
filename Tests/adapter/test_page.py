"""`page`: the testbed's training page by itself."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from testbed_adapter.commands.cli import main
from Tests.adapter.small_testbed import make_page

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bed(tmp_path: Path) -> Path:
    return make_page(tmp_path)


def test_it_serves_until_ctrl_c(bed: Path) -> None:
    code = "from testbed_adapter.commands import page; page._IMAGE_SEARCH = ('torch_that_nobody_has',)\n"
    code += "import sys; from testbed_adapter.commands.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "page", "--testbed", str(bed), "--port", "0"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "OPEN_FOR": "60"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "http://" in line:
            process.send_signal(signal.SIGINT)
            break
    rest, _ = process.communicate(timeout=30)
    assert f"built of models data in {bed}" in said and "title 第七部分：数据回收训练" in said
    assert "launched 127.0.0.1" in said
    assert process.returncode == 130 and "Traceback" not in rest


def test_a_port_that_is_taken(bed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["page", "--testbed", str(bed), "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert f"port {port} is taken" in said and "--port" in said


def test_what_cannot_be(bed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["--port", "70000"], ["--testbed", str(bed / "nowhere")]):
        with pytest.raises(SystemExit) as ended:
            main(["page", "--testbed", str(bed), *wrong])
        assert ended.value.code == 2 and wrong[1] in capsys.readouterr().err
    (bed / "src" / "search_engine" / "training_tab" / "training_tab.py").unlink()
    with pytest.raises(SystemExit):
        main(["page", "--testbed", str(bed)])
    assert f"{bed} is no checkout of the testbed" in capsys.readouterr().err
