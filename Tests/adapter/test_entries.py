"""What doctor says of the testbed's entry points, in five environments."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from testbed_adapter.commands.doctor import entries
from testbed_adapter.commands.doctor.finding import BAD, NOTE, OK

TESTBED = os.environ.get("TESTBED", "")

SOURCES = {
    "start_model_serving.py": "import sys, os\nfrom search_engine.model_service import ModelService\n",
    "start_system.py": "import subprocess\n"
    "def check_dependencies():\n"
    "    required_packages = [('gradio', 'gradio>=4'), ('llamafactory', 'llamafactory>=0.9')]\n"
    "def later():\n    import tune_in_there\n",
    "requirements.txt": "torch>=1.12\nllamafactory>=0.9.0\n",
    "src/search_engine/portal.py": "import gradio as gr\nfrom .training_tab import build_training_tab\n"
    "from .service_manager import service_manager\n",
    "src/search_engine/mcp/dynamic_mcp_server.py": "try:\n    import yaml\nexcept ImportError:\n    yaml = None\n"
    "from src.search_engine.mcp.tools import every\n",
    "src/search_engine/mcp/tools.py": "from fastmcp import FastMCP\n",
    "src/search_engine/model_service.py": "import flask\nfrom .training_tab.ctr_model import CTRModel\n",
    "src/search_engine/service_manager.py": "from . import image_service\n",
    "src/search_engine/image_service.py": "import torch, numpy\nfrom PIL import Image\n",
    "src/search_engine/training_tab/__init__.py": "from .ctr_model import CTRModel\n",
    "src/search_engine/training_tab/training_tab.py": "import gradio as gr\nimport jieba\n"
    "from ..data_utils import samples\n",
    "src/search_engine/data_utils.py": "from .data_service import DataService\n",
    "src/search_engine/training_tab/ctr_model.py": "import numpy as np\nimport jieba.posseg\n",
    "src/search_engine/training_tab/ctr_lr_model.py": "import pandas, numpy\nfrom sklearn import metrics\n",
}
SERVICE = {"flask", "numpy", "jieba"}
PAGE = SERVICE | {"gradio"}  # not what the image search wants: the page does without
ALL_BUT_ONE = PAGE | {"pandas", "sklearn", "fastmcp", "openai", "gremlin_python", "torch", "PIL", "ipykernel"}
ALL = ALL_BUT_ONE | {"llamafactory"}


@pytest.fixture
def bed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def said(bed: Path, there: set[str], monkeypatch: pytest.MonkeyPatch, *wanted: str) -> dict[str, tuple[str, str, str]]:
    monkeypatch.setattr(entries, "_is_there", lambda module: module in there)
    monkeypatch.setattr(entries, "_tried", lambda modules: {})
    found = entries.findings(bed, wanted or entries.KEYS)
    return {key: (one.status, one.chinese, str(one.todo)) for key, one in zip(entries.KEYS, found)}


def test_nothing_is_installed(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = said(bed, set(), monkeypatch)
    assert [status for status, _, _ in found.values()] == [BAD] * 5
    assert "缺少 flask, jieba, numpy" in found["service"][1]
    assert "缺少 numpy, pandas, scikit-learn" in found["script"][1]
    # What stands in a function or may be missing is not asked for.
    assert not any("tune_in_there" in text or "yaml" in text for _, text, _ in found.values())


def test_the_service_only(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = said(bed, SERVICE, monkeypatch)
    assert {key: status == OK for key, (status, _, _) in found.items()} == {
        **dict.fromkeys(entries.KEYS, False),
        "service": True,
    }
    assert f"run --testbed {bed}" in found["service"][1] and "start_model_serving.py" in found["service"][1]
    assert found["page"][1].endswith("缺少 gradio")
    assert found["page"][2].endswith('pip install "gradio"')
    assert '"torch>=1.12"' in found["system"][2]


def test_the_page(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = said(bed, PAGE, monkeypatch)
    assert found["page"][0] == found["service"][0] == OK and found["system"][0] == BAD
    assert f"page --testbed {bed}" in found["page"][1]
    assert "缺少 Pillow, fastmcp, gremlinpython, llamafactory, openai, torch" in found["system"][1]


def test_all_but_llamafactory(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = said(bed, ALL_BUT_ONE, monkeypatch)
    assert [key for key, (status, _, _) in found.items() if status != OK] == ["system"]
    assert found["system"][1].endswith("缺少 llamafactory") and '"llamafactory>=0.9.0"' in found["system"][2]


def test_all(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, text, todo = said(bed, ALL, monkeypatch)["system"]
    assert status == BAD and "DASHSCOPE_API_KEY" in text and str(bed / ".env") in todo
    (bed / ".env").write_text("DASHSCOPE_API_KEY=\n")
    assert said(bed, ALL, monkeypatch)["system"][0] == BAD
    (bed / ".env").write_text("# the key\nDASHSCOPE_API_KEY=sk-1\n")
    with socket.socket() as server:  # bound, but nobody listens yet
        server.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{server.getsockname()[1]}/gremlin"
        monkeypatch.setenv("JANUSGRAPH_URL", url)
        status, text, todo = said(bed, ALL, monkeypatch)["system"]
        assert status == BAD and url in text and f"page --testbed {bed}" in todo
        server.listen()
        assert [status for status, _, _ in said(bed, ALL, monkeypatch).values()] == [OK] * 5


def test_what_is_there_and_fails(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bed / "half_installed.py").write_text("import no_such_part\n")
    (bed / "end_of_all.py").write_text("import os\nos._exit(3)\n")
    monkeypatch.setenv("PYTHONPATH", str(bed))
    tried = entries._tried(["json", "half_installed", "end_of_all", "os"])
    assert {name: str(why) for name, why in tried.items()} == {
        "json": "",
        "half_installed": "ModuleNotFoundError: No module named 'no_such_part'",
        "end_of_all": "exit code 3",
    }
    (bed / "start_model_serving.py").write_text("import half_installed\n")
    monkeypatch.setattr(entries, "_is_there", lambda module: True)
    service = entries.findings(bed, ("service",))[0]
    assert service.status == BAD and "no_such_part" in service.chinese and "half_installed" in service.todo


def test_what_is_not_wanted_is_a_note(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = said(bed, SERVICE, monkeypatch, "service", "page")
    assert [status for status, _, _ in found.values()] == [OK, BAD, NOTE, NOTE, NOTE]


def test_another_version_of_the_testbed(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bed / "start_model_serving.py").unlink()
    (bed / "src/search_engine/data_utils.py").write_text("def broken(:\n")
    found = said(bed, ALL, monkeypatch)
    assert found["service"][0] == BAD and "没有 start_model_serving.py" in found["service"][1]
    assert found["page"][0] == BAD and "data_utils.py" in found["page"][1]


@pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")
def test_the_real_testbed(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = {entry.key: entries.needed(entry, Path(TESTBED)) for entry in entries.ENTRIES}
    assert {"flask", "gradio", "pandas"} <= needed["service"] and "torch" not in needed["service"]
    assert {"gradio", "flask"} <= needed["page"] and not {"torch", "llamafactory"} & needed["page"]
    assert {"llamafactory", "openai", "torch", "transformers", "cv2"} <= needed["system"]
    assert "gradio" not in needed["script"]
