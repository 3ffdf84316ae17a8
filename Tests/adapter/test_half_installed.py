"""Packages that are there in part: a line that names the package and the command that mends it, in either language."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testbed_adapter.commands import packages
from testbed_adapter.commands.doctor import environment
from testbed_adapter.messages import chinese
from testbed_adapter.native.errors import LibraryError
from Tests.adapter.support import ROOT, python

MEND = f"{sys.executable} -m pip install --force-reinstall"

TRAIN = """
import os
from Tests.adapter.support import click_log
from testbed_adapter.host.ctr_model import CTRModel
from testbed_adapter.native.errors import DictionaryError
from testbed_adapter.host.words import words
model = CTRModel()
print(model.train(click_log(40)).get("error"))
for os.environ["LANGUAGE"] in ("en", "zh"):
    try: words("点击率")
    except DictionaryError as error: print(error)
"""


@pytest.fixture
def jieba(tmp_path: Path) -> Path:
    """A copy of the package on a path of its own, and no cache of its dictionary."""
    import jieba

    shutil.copytree(Path(jieba.__file__).parent, tmp_path / "packages" / "jieba")
    (tmp_path / "cache").mkdir()
    return tmp_path / "packages"


def path_of(*folders: Path) -> str:
    return os.pathsep.join([*map(str, folders), str(ROOT)])


def test_jieba_without_its_dictionary(jieba: Path, tmp_path: Path) -> None:
    dictionary = jieba / "jieba" / "dict.txt"
    dictionary.unlink()
    done = python(TRAIN, cwd=tmp_path, PYTHONPATH=path_of(jieba), TMPDIR=str(tmp_path / "cache"))
    trained, english, zh = done.stdout.splitlines()
    assert trained == f"训练失败: {zh}"
    assert zh.startswith(f"jieba 的词典 {dictionary} 无法读取") and zh.endswith(f"{MEND} jieba")
    assert english.startswith(f"jieba's dictionary {dictionary} cannot be read") and english.endswith(f"{MEND} jieba")


def test_jiebas_cache_that_cannot_be_written(jieba: Path, tmp_path: Path) -> None:
    (jieba / "jieba" / "dict.txt").write_text("点击率 9 n\n", "utf-8")
    (tmp_path / "cache" / "jieba.cache").mkdir()
    code = "from testbed_adapter.host.words import words; print(words('点击率').count)"
    done = python(code, PYTHONPATH=path_of(jieba), TMPDIR=str(tmp_path / "cache"), LANGUAGE="en")
    assert done.stdout == "1\n"
    (said,) = done.stderr.splitlines()  # a line, no traceback
    assert f"{tmp_path / 'cache'} (Is a directory)" in said and "set TMPDIR" in said


@pytest.mark.parametrize("command", [["compare"], ["run", "--testbed", ".", "script.py"]])
def test_numpy_that_fails_as_it_is_imported(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text("raise ImportError('its C extensions')")
    (tmp_path / "script.py").write_text("import numpy")
    done = subprocess.run(
        [sys.executable, "-m", "testbed_adapter", *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path_of(tmp_path), "LANGUAGE": "en"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    line = f"error: {sys.executable} cannot import numpy (its C extensions): {MEND} numpy"
    said = done.stderr.splitlines()
    assert line in said if command[0] == "run" else said == [line]


def test_the_package_that_fails_is_told_by_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cv2").mkdir()
    (tmp_path / "cv2" / "__init__.py").write_text("from . import part")
    (tmp_path / "cv2" / "part.py").write_text("raise ImportError('libGL.so.1')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "cv2", raising=False)
    with pytest.raises(ImportError) as caught:
        __import__("cv2")
    assert packages.culprit(caught.value) == "opencv-python-headless"
    assert "无法导入 opencv-python-headless（libGL.so.1）" in packages.advice(caught.value).zh
    for other in (LibraryError("libctr_models.so"), ImportError("of nobody"), ValueError()):
        assert packages.culprit(other) is None
    assert chinese(LibraryError("no library")) == packages.advice(LibraryError("no library")).zh


def test_a_folder_without_a_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "halfway").mkdir()
    (tmp_path / "halfway" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    half, none = (environment._of_package(name, "", None) for name in ("halfway", "noway"))
    assert half.bad and "half installed" in half.english and half.todo == f'{MEND} "halfway"'
    assert none.bad and none.todo == f'{sys.executable} -m pip install "noway"'
