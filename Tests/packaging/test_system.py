"""`make setup` alone installs what the system lacks; the other targets say what that is and name `make setup`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from Tests.packaging.sources import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.M)[1].split()  # type: ignore[index]
HIDDEN = {"cc", "clang", "gcc", "pkg-config", "chromium", "chromium-browser", "fc-list", "apt-get", "sudo", "swift"}
# Of commands that write down how they were called.
FAKE = '#!/bin/sh\necho "${0##*/} $*" >> "$CALLS"\n'
SUDO = FAKE + '[ "$1" = -v ] || exec "$@"\n'


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout's Makefile and tools on a system without compiler, headers, browser and Swift."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for folder in ("/usr/bin", "/bin"):
        for command in os.scandir(folder):
            if command.name not in HIDDEN and not (commands / command.name).exists():
                (commands / command.name).symlink_to(command.path)
    for name, script in (("apt-get", FAKE), ("sudo", SUDO)):
        (commands / name).write_text(script)
        (commands / name).chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "test_bed" / "src" / "search_engine").mkdir(parents=True)
    return tmp_path


def run(bare: Path, *command: str) -> tuple[int, str, list[str]]:
    """Exit code, what was said, and the calls of apt-get and sudo."""
    calls = bare / "calls"
    environment = {"PATH": str(bare / "bin"), "HOME": str(bare), "CALLS": str(calls), "LC_ALL": "C"}
    done = subprocess.run(command, cwd=bare, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr, calls.read_text().splitlines() if calls.exists() else []


@pytest.mark.parametrize(
    ("target", "lacking"),
    [
        ("demo", ["gcc", "pkg-config", "libpython3-dev", "`make setup`"]),
        ("test", ["gcc", "pkg-config", "libpython3-dev", "`make setup`"]),
        ("lint", ["gcc", "pkg-config", "libpython3-dev", "`make setup`"]),
        ("library", ["No Swift toolchain"]),
        ("browser", ["chromium", "fonts-noto-cjk", "`make setup BROWSER=1`"]),
    ],
)
def test_others_say_what_is_missing(target: str, lacking: list[str], bare: Path) -> None:
    code, said, calls = run(bare, "make", target, *(["TESTBED=test_bed"] if target == "browser" else []))
    assert code != 0 and calls == [], said
    for name in lacking:
        assert name in said
    assert not (bare / ".venv").exists()


def test_setup_installs_what_is_missing(bare: Path) -> None:
    code, said, calls = run(bare, "tools/system", "install", "python", "browser")
    assert code == 0, said
    installs = [call for call in calls if call.startswith("apt-get install")]
    assert [call for call in calls if call.startswith("apt-get")] == ["apt-get update -q", *installs]
    (install,) = installs
    for package in ("gcc", "pkg-config", "libpython3-dev", "chromium", "fonts-noto-cjk"):
        assert package in install.split()
    code, said, again = run(bare, "tools/system", "install", "swift")
    assert code == 1 and "No Swift toolchain" in said and again == calls  # which Debian has not


def test_setup_tells_what_it_cannot_install(bare: Path) -> None:
    (bare / "bin" / "apt-get").unlink()
    code, said, _ = run(bare, "make", "setup")
    assert code != 0 and "no apt-get to install it with" in said and "libpython3-dev" in said


def test_no_other_target_installs() -> None:
    done = [
        subprocess.run(
            ["make", "-n", target, "BEFORE=.", "TESTBED=test_bed"], cwd=ROOT, capture_output=True, text=True
        ).stdout
        for target in TARGETS
    ]
    assert [target for target, said in zip(TARGETS, done) if "tools/system install" in said] == ["setup"]
    assert all(said for target, said in zip(TARGETS, done)), dict(zip(TARGETS, done))
    assert "apt-get" not in MAKEFILE
