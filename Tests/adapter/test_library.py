"""Finding and loading libctr_models.so, and what status codes become."""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from sklearn.exceptions import NotFittedError

import testbed_adapter
from testbed_adapter.native import library
from testbed_adapter.native import model as _native
from testbed_adapter.native.errors import LibraryError, ModelFileError
from testbed_adapter.native.model import NativeModel


def load(path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CTR_MODELS_LIBRARY", str(path))
    monkeypatch.setattr(library, "_loaded", None)
    return library.library()


def test_a_missing_library_names_the_paths_and_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "testbed_adapter"
    package.mkdir()
    monkeypatch.delenv("CTR_MODELS_LIBRARY", raising=False)
    monkeypatch.setattr(library, "_loaded", None)
    monkeypatch.setattr(library, "_PACKAGE", package)
    with pytest.raises(LibraryError) as caught:
        library.library()
    text = str(caught.value)
    assert f"{package}/libctr_models.so: no such file" in text
    assert f"{tmp_path}/.build/library/libctr_models.so: no such file" in text
    assert "pip install ." in text
    (tmp_path / "Package.swift").write_text("")
    with pytest.raises(ImportError, match=f"make -C {tmp_path} library"):
        library.library()
    # One inside the package stands before the checkout's.
    shutil.copy(_REAL, package / "libctr_models.so")
    assert library.library()._name == str(package / "libctr_models.so")


PACKAGE = Path(testbed_adapter.__file__).resolve().parent
_REAL = library.library()._name


@pytest.mark.parametrize("content", [b"", b"no library", b"\x7fELF" + bytes(100)])
def test_a_file_that_is_no_library(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "libctr_models.so"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match=f"{path}: .*\n.*CTR_MODELS_LIBRARY"):
        load(path, monkeypatch)


def test_another_library(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LibraryError, match=r"not this package's library.*ctr_abi_version"):
        load(_system_library(), monkeypatch)


def _system_library() -> str:
    return next(line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "/libc.so" in line)


def compiled(source: str, folder: Path) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler")
    path = folder / "libctr_models.so"
    (folder / "other.c").write_text(source)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(path), str(folder / "other.c")], check=True)
    return path


@pytest.mark.parametrize(("version", "older"), [(99, "package"), (2, "package"), (0, "library"), (-1, "library")])
def test_another_version_of_the_abi(version: int, older: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both paths, both versions, and which one is to be renewed."""
    built = 'const char *ctr_build_info(void) { return "CTRModels 9.8.7"; }' if version > 2 else ""
    path = compiled(f"int ctr_abi_version(void) {{ return {version}; }} {built}", tmp_path)
    with pytest.raises(LibraryError) as caught:
        load(path, monkeypatch)
    text = str(caught.value)
    assert f"{path}: its ABI version is {version}, this package speaks version 1" in text
    assert f"the package {PACKAGE}, version {testbed_adapter.__version__}" in text
    assert f"The {older} is the older one" in text
    assert ("CTRModels 9.8.7" in text) == bool(built)


def test_a_library_that_lacks_a_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older build of the same version of the ABI, to which functions are only added."""
    path = compiled("int ctr_abi_version(void) { return 1; }", tmp_path)
    with pytest.raises(LibraryError) as caught:
        load(path, monkeypatch)
    text = str(caught.value)
    assert f"{path}: of ABI version 1 but older than the package {PACKAGE}" in text
    assert "undefined symbol: ctr_build_info" in text
    (tmp_path / "another").mkdir()  # a path is loaded once
    path = compiled("int other;", tmp_path / "another")
    with pytest.raises(LibraryError) as caught:
        load(path, monkeypatch)
    text = str(caught.value)
    assert f"{path}: not this package's library (undefined symbol: ctr_abi_version)" in text
    assert str(PACKAGE) in text


def test_another_version_of_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both versions, both paths, and what to do."""
    abi = "int ctr_abi_version(void) { return 1; }"
    path = compiled(
        f'{abi} const char *ctr_build_info(void) {{ return "CTRModels 9.8.7, Swift 6.3, avx2 loops"; }}', tmp_path
    )
    with pytest.raises(LibraryError) as caught:
        load(path, monkeypatch)
    text = str(caught.value)
    assert f"{path}: it is version 9.8.7 of the library" in text
    assert f"the package {PACKAGE}, version {testbed_adapter.__version__}" in text
    assert "build or install both from the same sources" in text and "CTR_MODELS_LIBRARY names it" in text


def test_every_function_of_the_header_is_declared() -> None:
    header = (Path(__file__).resolve().parents[2] / "bridge" / "include" / "ctr_models.h").read_text()
    declared = set(re.findall(r"\b(ctr_\w+)\(", re.sub(r"/\*.*?\*/", "", header, flags=re.S)))
    assert declared - {"ctr_progress_callback"} == set(library._SIGNATURES)


def test_many_threads_load_one_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_loaded", None)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(library.library())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1 and len(found) == 8


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (1, ValueError),
        (2, ValueError),
        (3, NotFittedError),
        (4, OSError),
        (5, ModelFileError),
        (6, KeyboardInterrupt),
        (7, RuntimeError),
        (99, RuntimeError),
    ],
)
def test_status_codes(status: int, error: type[BaseException]) -> None:
    _native.check(0)
    with pytest.raises(error):
        _native.check(status)


def test_messages_come_along() -> None:
    with pytest.raises(ValueError, match="no_such_option"):
        NativeModel({"no_such_option": 1})
    with pytest.raises(OSError, match="/no/such/file"):
        NativeModel.load("/no/such/file")
    with pytest.raises(ModelFileError):
        NativeModel.from_bytes(b"no model")
    with pytest.raises(ValueError, match="null"):
        NativeModel.load("a\0b")
    assert not NativeModel().is_trained
    assert _native.build_info().startswith(f"CTRModels {testbed_adapter.__version__},")


def test_handles_are_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = library.library()
    freed: list[int] = []

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return self.free if name == "ctr_model_free" else getattr(real, name)

        def free(self, handle: int) -> None:
            freed.append(handle)
            real.ctr_model_free(handle)

    monkeypatch.setattr(_native, "library", Watched)
    model = NativeModel()
    handle, predict = model.handle, model.impression_predictor()
    del model
    gc.collect()
    assert freed == []  # what predicts keeps the model
    del predict
    gc.collect()
    assert freed == [handle]
