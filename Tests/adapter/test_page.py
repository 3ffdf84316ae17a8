"""`page`: the testbed's training page by itself."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from testbed_adapter import page
from testbed_adapter.cli import main

ROOT = Path(__file__).resolve().parents[2]

# What the page is made of, as small as can be; image_service fails as the testbed's does without torch.
MODULES = {
    "gradio.py": """
        class Blocks:
            def __init__(self, title): print("title", title)
            def __enter__(self): return self
            def __exit__(self, *error): pass
            def launch(self, server_name, server_port, **options):
                print("launched", server_name, server_port, flush=True)
                return None, f"http://{server_name}:{server_port}/", None
            def block_thread(self):
                import time
                time.sleep(60)
    """,
    "search_engine/__init__.py": "",
    "search_engine/image_service.py": "import torch_that_nobody_has\n",
    "search_engine/service_manager.py": """
        from .image_service import ImageService
        class service_manager: model_service, data_service = "models", "data"
    """,
    "search_engine/training_tab/__init__.py": """
        import os
        def build_training_tab(models, data): print("built of", models, data, "in", os.getcwd())
    """,
}


@pytest.fixture
def bed(tmp_path: Path) -> Path:
    for name, text in MODULES.items():
        path = tmp_path / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")
    return tmp_path


def test_it_serves_until_ctrl_c(bed: Path) -> None:
    code = "from testbed_adapter import page; page._IMAGE_SEARCH = ('torch_that_nobody_has',)\n"
    code += "import sys; from testbed_adapter.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "page", "--testbed", str(bed), "--port", "0"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
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
    assert page._free(0) > 0
    for wrong in (["--port", "70000"], ["--testbed", str(bed / "nowhere")]):
        with pytest.raises(SystemExit) as ended:
            main(["page", "--testbed", str(bed), *wrong])
        assert ended.value.code == 2 and wrong[1] in capsys.readouterr().err
