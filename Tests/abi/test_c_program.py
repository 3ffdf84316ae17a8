"""The header serves C and C++, and a C program goes the whole path with it and the library alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from Tests.abi.raw import HEADER, LIBRARY

# Swift's toolchain brings clang, so one of the two is always there.
CC = os.environ.get("CC") or shutil.which("cc") or shutil.which("clang")
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{HEADER.parent}"]

pytestmark = pytest.mark.usefixtures("library")


def compile(*arguments: object) -> None:
    assert CC, "no C compiler: make setup installs one"
    done = subprocess.run([CC, *STRICT, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("language", ["c -std=c11", "c++ -std=c++17"])
def test_header_stands_alone(language: str, tmp_path: Path) -> None:
    source = tmp_path / "header.c"
    source.write_text('#include "ctr_models.h"\n' * 2 + "int version(void) { return CTR_ABI_VERSION; }\n")
    compile("-fsyntax-only", "-x", *language.split(), source)


def test_c_program(tmp_path: Path) -> None:
    program = tmp_path / "smoke"
    compile("-std=c11", "-O1", Path(__file__).with_name("smoke.c"), LIBRARY, "-lm", "-o", program)
    # The library is found by its soname in its own folder: nothing else of the build is on the path.
    environment = {"LD_LIBRARY_PATH": str(LIBRARY.parent), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [program, tmp_path / "model.safetensors"], env=environment, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr
