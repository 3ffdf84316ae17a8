"""What goes wrong with a file is an exception of Python's own kind, with errno and the file's name; and paths and links
that are unusual but right work."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from testbed_adapter import WideDeepClassifier
from testbed_adapter.native.errors import ModelFileError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model() -> WideDeepClassifier:
    X = np.random.default_rng(0).normal(size=(60, 2))
    return WideDeepClassifier(random_state=0, epochs=1, members=1).fit(X, X[:, 0] > 0)


@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [
        ("none", FileNotFoundError, errno.ENOENT),
        ("none/below", FileNotFoundError, errno.ENOENT),
        ("text/below", NotADirectoryError, errno.ENOTDIR),
        ("folder", IsADirectoryError, errno.EISDIR),
        ("loop", OSError, errno.ELOOP),
        ("n" * 300, OSError, errno.ENAMETOOLONG),
        ("pipe", OSError, errno.EINVAL),
        ("", FileNotFoundError, errno.ENOENT),
    ],
)
def test_a_file_that_cannot_be_read_or_written(
    name: str, kind: type[OSError], number: int, model: WideDeepClassifier, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("text")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    before = sorted(os.listdir(tmp_path))
    path: Any = tmp_path / name if name else ""
    calls = [model.save, WideDeepClassifier.load]
    for call in calls[1:] if name == "none" else calls:
        with pytest.raises(kind) as raised:
            call(path)
        assert type(raised.value) is kind and raised.value.errno == number
        assert raised.value.filename == path and str(path) in str(raised.value)
    assert sorted(os.listdir(tmp_path)) == before


CODE = """
import os, sys
from testbed_adapter import WideDeepClassifier
model = WideDeepClassifier.load(sys.argv[1])
os.setgid(65534), os.setuid(65534)
for call in (lambda: model.save(sys.argv[2]), lambda: WideDeepClassifier.load(sys.argv[3])):
    try:
        call()
    except PermissionError as error:
        print(error.errno, error.filename)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_what_is_not_permitted(model: WideDeepClassifier, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    (tmp_path / "folder").mkdir(mode=0o755)
    (tmp_path / "secret").write_bytes((tmp_path / "model").read_bytes())
    (tmp_path / "secret").chmod(0o600)
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        folder.chmod(folder.stat().st_mode | 0o111)
    paths = [str(tmp_path / name) for name in ("model", "folder/model", "secret")]
    done = subprocess.run(
        [sys.executable, "-c", CODE, *paths], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.splitlines() == [f"{errno.EACCES} {path}" for path in paths[1:]], done.stderr


def test_a_file_that_is_no_model_is_named(model: WideDeepClassifier, tmp_path: Path) -> None:
    for content in (b"", b"no model at all", b"\x80\x04pickle", model._native.to_bytes()[:-1]):
        path = tmp_path / "file"
        path.write_bytes(content)
        with pytest.raises(ModelFileError) as raised:
            WideDeepClassifier.load(path)
        assert raised.value.filename == str(path) and str(path) in str(raised.value)
    with pytest.raises(ModelFileError) as raised:
        type(model._native).from_bytes(b"no model at all")
    assert raised.value.filename is None


def test_paths_of_any_bytes(model: WideDeepClassifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    expected = model._native.to_bytes()
    names: list[Any] = ["模型.ctr", os.fsdecode(b"\xff\xfe"), "~", "~root", "new\nline", Path("a.b")]
    for name in names:
        model.save(name)
        assert Path(name).read_bytes() == expected
        assert WideDeepClassifier.load(name)._native.to_bytes() == expected
    assert sorted(os.listdir()) == sorted(str(name) for name in names)
    for wrong in ("nul\0byte", "\ud800"):
        with pytest.raises(ValueError):
            model.save(wrong)
        with pytest.raises(ValueError):
            WideDeepClassifier.load(wrong)
    for wrong in (None, 1.5, object()):
        with pytest.raises(TypeError):
            model.save(wrong)  # type: ignore[arg-type]
    assert sorted(os.listdir()) == sorted(str(name) for name in names)


def test_saving_through_links(model: WideDeepClassifier, tmp_path: Path) -> None:
    """A link's target is written, whether it is there or not; the link stays."""
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to("far")
    links = {
        tmp_path / "one": "target",
        tmp_path / "two": "far/one",
        tmp_path / "far" / "one": "../far/two",
        tmp_path / "far" / "two": tmp_path / "target of two",
        tmp_path / "far" / "up": "../target of up",
    }
    for link, target in links.items():
        link.symlink_to(target)
    expected = model._native.to_bytes()
    for path, target in [("one", "target"), ("two", "target of two"), ("near/up", "target of up")]:
        for _ in range(2):  # dangling, then not
            model.save(tmp_path / path)
            assert (tmp_path / target).read_bytes() == expected
    assert all(link.is_symlink() and os.readlink(link) == str(target) for link, target in links.items())
    (tmp_path / "lost").symlink_to("no folder/target")
    with pytest.raises(FileNotFoundError):
        model.save(tmp_path / "lost")
    assert sorted(os.listdir(tmp_path)) == sorted(
        ["far", "near", "one", "two", "lost", "target", "target of two", "target of up"]
    )
