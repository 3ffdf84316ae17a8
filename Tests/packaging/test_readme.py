"""Every command of both READMEs, and of the pages of benchmarks, is run by a shell exactly as it stands there, and the
Python of them, too.

Smaller: generated logs, by way of the `python` that the shell finds, and what `make` is asked for. What takes minutes
even so, or needs a checkout of the testbed or the peers, is gone through by `make -n`; `make readme` runs that, too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from Tests.adapter.small_testbed import make_page, make_testbed
from Tests.packaging.languages import blocks, check_alike
from Tests.packaging.sources import LIBRARY, ROOT, copy_sources

READMES = ("README.md", "README.zh-CN.md")
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in READMES}
BENCHMARKS = {name: (ROOT / "docs" / name).read_text("utf-8") for name in ("benchmarks.md", "benchmarks.zh-CN.md")}
PIP = r"(make library && )?pip install \."
SWITCH = rf"{PIP}|python -m testbed_adapter (enable|disable)"
# What `make` is asked for, by target.
SMALL = {
    "help": {},
    "setup": {},
    "docs": {},
    "demo": {"RECORDS": "2000"},
    "choices": {"QUICK": "1", "DATASETS": "click-log-3000", "CHOICES": "refit crosses"},
}
WHOLE = {
    "patterns": {},
    "browser": {},
    "quality": {"QUICK": "1", "SEEDS": "1", "DATASETS": "click-log-3000"},
    "bench": {"QUICK": "1"},
    "fuzz": {"SECONDS": "5"},
    "sanitize": {"PARTS": "undefined"},
    "soak": {"SECONDS": "60"},
}
CHECKOUT = os.environ.get("README_TESTBED")
# Small logs for the experiments.
PYTHON = f"""#!/bin/sh
exec {sys.executable} -c '
import runpy, sys
from testbed_adapter.commands.compare import defaults
defaults.RECORDS = defaults.QUICK_RECORDS = 600
defaults.REQUESTS = defaults.QUICK_REQUESTS = 100
defaults.SEEDS = 2
sys.argv[1:] = sys.argv[3:]  # -m testbed_adapter
runpy.run_module("testbed_adapter", run_name="__main__", alter_sys=True)' "$@"
"""


def commands(text: str) -> list[str]:
    """Of the blocks, a line each without its remark, and those in the text."""
    lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    inline = re.findall(r"`((?:CTR_MODEL=\S+ )?(?:make|pip install|python -m testbed_adapter) [^`]*)`", prose)
    found = [re.split(r"\s+#", line)[0].strip() for line in lines] + inline
    return list(dict.fromkeys(command for command in found if command))


COMMANDS = commands("\n".join([*TEXTS.values(), *BENCHMARKS.values()]))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A student's, with a small testbed and its log in it, and `python` on the path."""
    testbed = make_testbed(tmp_path / "home" / "test_bed")
    (testbed / "start_model_serving.py").write_text("import os\nprint('started with', os.environ['CTR_MODEL'])\n")
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "python").write_text(PYTHON)
    (commands / "python").chmod(0o755)
    return tmp_path / "home"


def shell(command: str, home: Path, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(home.parent / "bin"), os.environ["PATH"]])
    environment = {**os.environ, "HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT)}
    # Of a `make` that runs this.
    for ours in ("TESTBED", "README_TESTBED", "MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL"):
        environment.pop(ours, None)
    environment.update(more)
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, encoding="utf-8", errors="replace"
    )


def test_both_languages_say_the_same() -> None:
    shown = [re.sub(r"#.*", "", "".join(blocks(text, "sh"))).split() for text in TEXTS.values()]
    assert shown[0] == shown[1] and len(COMMANDS) > 20
    for english, chinese in (TEXTS.values(), BENCHMARKS.values()):
        check_alike(english, chinese)


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.startswith("make ") and "&&" not in one])
def test_make(command: str, home: Path) -> None:
    target = command.split()[1]
    needs_more = target in WHOLE or "TESTBED" in command
    if target == "test" or (needs_more and not CHECKOUT):
        done = shell(command, home, ROOT, MAKEFLAGS="n")
        assert done.returncode == 0 and len(done.stdout) > 100, done.stderr
        return
    if needs_more:
        shutil.rmtree(home / "test_bed")
        shutil.copytree(str(CHECKOUT), home / "test_bed", symlinks=True)
    size = {**SMALL, **WHOLE}[target]
    done = shell(command, home, ROOT, OUT=str(home / "report"), SHOTS=str(home / "shots"), **size)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert target != "demo" or (home / "report" / "report.html").is_file()


OURS = [one for one in COMMANDS if not one.startswith("make ") and not re.fullmatch(SWITCH, one)]


@pytest.mark.parametrize("command", OURS)
def test_commands(command: str, home: Path) -> None:
    testbed = home / "test_bed"
    if " page " in command:
        make_page(testbed)
    if "--data" in command or "hand-in" in command or "--append" in command:
        assert shell(f"python -m testbed_adapter log --records 2000 --testbed {testbed}", home, home).returncode == 0
    done = shell(command, home, home)
    said = done.stdout + done.stderr
    if " doctor " in command:  # not all is there in a small testbed
        assert done.returncode in (0, 1) and "test_bed" in said and "Traceback" not in said, said[-3000:]
    else:
        assert done.returncode == 0, said[-3000:]
    if " run " in command:
        model = re.match(r"CTR_MODEL=(\S+) ", command)
        assert f"started with {model[1] if model else 'wide_deep'}" in said
    if " page " in command:
        assert "http://127.0.0.1:7861/" in said
    if " log " in command:
        out = re.search(r"--out (\S+)", command)
        written = home / out[1] if out else testbed / "models" / "ctr_data.json"
        assert written.stat().st_size > 400_000
    if " compare " in command:
        assert (home / "report" / "report.html").is_file() and "Wide & Deep" in said


def test_installation_and_switch(tmp_path: Path, home: Path) -> None:
    """In a venv of its own, which finds the packages of this one."""
    source = tmp_path / "source"
    source.mkdir()
    copy_sources(source)
    (source / "Makefile").write_text("library:\n\t@true\n")  # built long ago
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (venv / "bin" / "pip").write_text(f'#!/bin/sh\nexec {venv}/bin/python -m pip "$@"\n')
    (venv / "bin" / "pip").chmod(0o755)
    site = next((venv / "lib").glob("python*/site-packages"))
    (site / "packages.pth").write_text(str(Path(np.__file__).parents[1]))
    given = {
        "PATH": os.pathsep.join([str(venv / "bin"), os.environ["PATH"]]),
        "PYTHONPATH": "",
        "CTR_MODELS_LIBRARY": str(LIBRARY),
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say that there is none: setuptools is here
        "PIP_NO_DEPS": "1",
    }
    of_block = [one for one in COMMANDS if re.fullmatch(SWITCH, one)]
    assert len(of_block) == 3
    file = site / "testbed_adapter_switch.pth"
    for command in of_block:
        done = shell(command, home, source, **given)
        assert done.returncode == 0, done.stdout + done.stderr
        if command.endswith("enable"):
            assert [path.name for path in site.glob("*.pth") if "testbed" in path.name], list(site.glob("*.pth"))
            plain = shell(
                "python -c \"import sys; print('testbed_adapter.switch.hook' in sys.modules)\"", home, home, **given
            )
            assert plain.stdout.strip() == "True", plain
    assert (site / "testbed_adapter" / "libctr_models.so").is_file() and not file.exists()


@pytest.mark.parametrize("name", READMES)
def test_the_estimator(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = blocks(TEXTS[name], "python")
    monkeypatch.chdir(tmp_path)
    draw = np.random.default_rng(3)
    X = pd.DataFrame({"day": draw.integers(0, 9, 600).astype(str), "month": draw.integers(0, 9, 600).astype(str)})
    X["age"] = draw.normal(size=600)
    y = (X["day"] == X["month"]) | (draw.random(600) < 0.2)
    names = {"X": X, "y": y, "X_new": X[:5]}
    exec(textwrap.dedent(block), names)
    assert (tmp_path / "ctr.model").is_file() and names["model"].crosses_[0][0] == ("day", "month")


def test_the_swift_block_is_in_the_example() -> None:
    """Which another test builds and runs."""
    program = (ROOT / "examples/swift/Sources/ClickModel/Shortest.swift").read_text("utf-8")
    for text in TEXTS.values():
        (block,) = blocks(text, "swift")
        for line in block.splitlines():
            assert line.strip() in program, line
