"""What a process may use: limits of its memory, the container that it runs in, the processors that it is bound to."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from Tests.abi.raw import INVALID_ARGUMENT, OK, ROOT

GROUPS = Path("/sys/fs/cgroup")
# The group to join, or "", and the processors to be bound to; then options to train a model with.
PROGRAM = """
import json, os, sys
if sys.argv[1]:
    with open(sys.argv[1] + "/cgroup.procs", "w") as group:
        group.write(str(os.getpid()))
if sys.argv[2]:
    os.sched_setaffinity(0, map(int, sys.argv[2].split(",")))
from Tests.abi.conftest import click_log
from Tests.abi.raw import Callback, Exported, Model, load_library, message
library, table = load_library(), Exported(click_log())
model = Model(library, sys.argv[3].encode())
before = len(os.listdir("/proc/self/task"))
status = library.ctr_model_train(model.handle, *table.both, Callback(), None)
print(json.dumps([status, len(os.listdir("/proc/self/task")) - before, message(library)]))
"""
OPTIONS = '{"label": "clicked", "epochs": 1, "hidden_units": %s, "early_stopping": false, "n_jobs": 0}'


def train(group: str, processors: str, hidden_units: str = "[8]") -> tuple[int, int, str]:
    """The status, how many threads were started, and the message."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, group, processors, OPTIONS % hidden_units],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr)
    status, threads, words = json.loads(done.stdout)
    return status, threads, words


@contextlib.contextmanager
def group(controller: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """A control group of either version with these limits; the test is skipped where none may be made."""
    is_old = (GROUPS / controller).is_dir()
    folder = (GROUPS / controller if is_old else GROUPS) / f"ctr-models-test-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError as error:
        pytest.skip(f"no control group may be made: {error}")
    try:
        try:
            for name, value in (old if is_old else new).items():
                (folder / name).write_text(value)
        except OSError as error:
            pytest.skip(f"the control group takes no limit: {error}")
        yield str(folder)
    finally:
        folder.rmdir()


@pytest.mark.parametrize("kind, first, last, step", [("address", 0, 120, 15), ("data", 4, 110, 35)])
def test_no_memory_is_an_error(library: ctypes.CDLL, kind: str, first: int, last: int, step: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "Tests.abi.limits", kind, str(first), str(last), str(step)],
        # One arena: what others have set aside is no part of what is left.
        cwd=ROOT, capture_output=True, text=True, timeout=600, env={**os.environ, "MALLOC_ARENA_MAX": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_training_that_a_container_cannot_hold_is_refused(library: ctypes.CDLL) -> None:
    with group("memory", {"memory.limit_in_bytes": "400M"}, {"memory.max": "400M", "memory.swap.max": "0"}) as folder:
        status, _, message = train(folder, "", "[4096, 4096]")
        assert status == INVALID_ARGUMENT and "lower hidden_units ([4096, 4096])" in message
        assert train(folder, "")[0] == OK


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one processor")
def test_threads_are_as_many_as_processors(library: ctypes.CDLL) -> None:
    first, second = sorted(os.sched_getaffinity(0))[:2]
    assert train("", f"{first}")[:2] == (OK, 0)
    assert train("", f"{first},{second}")[:2] == (OK, 1)
    quota = {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "100000"}
    with group("cpu", quota, {"cpu.max": "100000 100000"}) as folder:
        assert train(folder, f"{first},{second}")[:2] == (OK, 0)
