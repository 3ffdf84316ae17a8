"""Faults of a save: what is at the path is the old file or the new one, whole, and nothing stays beside it for good."""

from __future__ import annotations

import errno
import itertools
import os
import random
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from testbed_adapter.host.ctr_model import CTRModel
from testbed_adapter.host.words import words
from Tests.adapter.support import click_log, impression
from Tests.faults import world
from Tests.faults.table import row, times
from Tests.faults.world import KILL, KILL_HALF_WAY, NativeModel, forked, is_whole, names


def _saves(folder: Path) -> str:
    """Kills a save at each of its calls, onto nothing and onto an older file."""
    old, new = world.trained(seed=1), world.trained(seed=2)
    allowed = [old.to_bytes(), new.to_bytes()]
    points, left = 0, 0
    path = folder / "model"
    for older, mode in itertools.product((False, True), (KILL, KILL_HALF_WAY)):
        for nth in itertools.count(1):
            path.unlink(missing_ok=True)
            if older:
                path.write_bytes(allowed[0])

            def save(mode: int = mode, nth: int = nth) -> None:
                with world.armed(mode, nth):
                    new.save(path)

            code = forked(save)
            assert code in (0, -signal.SIGKILL), code
            if older or path.exists():
                is_whole(path, allowed)
            left += any(name.startswith(".") for name in names(folder))
            if code == 0:
                break
            points += 1
            old.save(folder / "other")
            assert set(names(folder)) <= {"model", "other"}, f"left behind: {names(folder)}"
    assert points > 12
    return f"old or new, whole, at each of {points} points; {left} left a temporary file, the next save none"


@row("kill −9 at each call of a save")
def kill_at_each_call(folder: Path) -> str:
    return _saves(folder)


@row("kill −9 at each call of a save, where files cannot be nameless")
def kill_without_nameless_files(folder: Path) -> str:
    """/proc is hidden by an empty file system, so that a nameless file cannot be given its name."""
    if not os.path.isdir("/proc/self"):
        return "no /proc anyway"
    hidden = folder / "hidden"
    hidden.mkdir()
    world.mounted(Path("/proc"), "4k")
    hidden.rmdir()
    return _saves(folder)


def _killed(work: Callable[[], None], after: float) -> None:
    """Kills a process at its work after so many seconds."""
    child = world.start(work)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    world.ended(child)


@row("kill −9 at any time of a program that saves again and again")
def kill_at_random(folder: Path) -> str:
    draw, path = random.Random(1), folder / "model"
    models = [world.large(), world.trained(seed=2)]
    allowed = [model.to_bytes() for model in models]
    models[0].save(path)

    def save() -> None:
        while True:
            for model in models:
                model.save(path)

    kills = times(10, 200)
    for _ in range(kills):
        _killed(save, after=draw.random() * 0.03)
        is_whole(path, allowed)
    models[0].save(path)
    assert names(folder) == ["model"]
    return f"whole after each of {kills} kills, nothing left beside it after the next save"


@row("kill −9 during a training that saves each epoch")
def kill_in_training(folder: Path) -> str:
    draw, path = random.Random(2), folder / "model"
    made = world.trained()
    made.save(path)
    data = world.table()

    def train() -> None:
        while True:
            model = NativeModel.load(path)
            model.continue_training(data)
            model.save(path)

    kills = times(10, 100)
    for _ in range(kills):
        _killed(train, after=draw.random() * 0.1)
        NativeModel.load(path).predict(data)
    made.save(path)
    assert names(folder) == ["model"]
    return f"a whole file after each of {kills} kills"


@row("each call of a save fails, is interrupted, or does half")
def each_call_fails(folder: Path) -> str:
    path = folder / "model"
    old, new = world.trained(seed=1), world.trained(seed=2)
    allowed = [old.to_bytes(), new.to_bytes()]
    count = world.calls_of(lambda: new.save(path))
    errors = 0
    for number in (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EDQUOT, errno.EROFS)[: times(2, 5)]:
        for nth in range(1, count + 2):
            path.write_bytes(allowed[0])
            with world.armed(world.FAIL, nth, number):
                error = world.raised_by(new.save, path)
            assert error is None or (isinstance(error, OSError) and error.errno == number), error
            is_whole(path, allowed if error is None else allowed[:1])
            errors += error is not None
            new.save(folder / "other")
            assert names(folder) == ["model", "other"], names(folder)
    new = world.large()
    allowed = [old.to_bytes(), new.to_bytes()]
    for mode in (world.INTERRUPT, world.SHORTEN):
        old.save(path)
        with world.armed(mode):
            new.save(path)
        is_whole(path, allowed[1:])
        with world.armed(mode):
            assert NativeModel.load(path).to_bytes() == allowed[1]
    assert errors > 5
    return f"OSError with errno {errors} times, the old file whole; else the new one, whole"


@row("disk full")
def disk_full(folder: Path) -> str:
    world.mounted(folder, "1m")
    path = folder / "model"
    old, new = world.trained(), world.large()
    old.save(path)
    for target in (path, folder / "another"):
        error = world.raised_by(new.save, target)
        assert isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename == target, error
    is_whole(path, [old.to_bytes()])
    assert names(folder) == ["model"]
    return f"OSError ({os.strerror(error.errno)}), the old file whole"


@row("file larger than the quota (RLIMIT_FSIZE)")
def quota(folder: Path) -> str:
    path = folder / "model"
    old, new = world.trained(), world.large()
    old.save(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
    error = world.raised_by(new.save, path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert isinstance(error, OSError) and error.errno == errno.EFBIG
    is_whole(path, [old.to_bytes()])
    assert names(folder) == ["model"]
    return f"OSError ({os.strerror(error.errno)}), the old file whole"


@row("read-only file system")
def read_only_system(folder: Path) -> str:
    world.mounted(folder, "16m")
    path = folder / "model"
    old, new = world.trained(seed=1), world.trained(seed=2)
    old.save(path)
    world.read_only(folder)
    for target in (path, folder / "another"):
        error = world.raised_by(new.save, target)
        assert isinstance(error, OSError) and error.errno == errno.EROFS, error
    is_whole(path, [old.to_bytes()])
    return "OSError (EROFS), the old file whole" + _testbed_trains(folder)


@row("folder without permission to write")
def no_permission(folder: Path) -> str:
    path = folder / "model"
    old, new = world.trained(seed=1), world.trained(seed=2)
    old.save(path)
    words("预热")  # reads what only root may read, perhaps
    if os.geteuid() == 0:  # whom permissions don't bind
        for part in [folder, *folder.parents][:-2]:
            part.chmod(part.stat().st_mode | 0o111)
        folder.chmod(0o555)
        os.setgid(65534)
        os.setuid(65534)
    else:
        folder.chmod(0o555)
    for target in (path, folder / "another"):
        error = world.raised_by(new.save, target)
        assert isinstance(error, PermissionError) and error.filename == target, error
    is_whole(path, [old.to_bytes()])
    return "PermissionError, the old file whole" + _testbed_trains(folder)


def _testbed_trains(folder: Path) -> str:
    os.chdir(folder)  # where it is now another file system, say
    log = click_log(150)
    model = CTRModel()
    result = model.train(log)
    assert result["success"] and "没有保存" in result["warning"], result
    assert 0 < model.predict_ctr(*impression(log[0])) < 1
    return "; the testbed's training keeps its model in memory and says so"


@row("two processes save to one path, a third reads")
def two_writers(folder: Path) -> str:
    path = folder / "model"
    models = [world.trained(seed=1), world.large()]
    allowed = [model.to_bytes() for model in models]
    models[0].save(path)
    rounds = times(20, 1000)

    def save(model: NativeModel) -> None:
        for _ in range(rounds):
            model.save(path)

    children = [world.start(lambda model=model: save(model)) for model in models]  # type: ignore[misc]
    reads, seen = 0, set()
    while children:
        seen.add(allowed.index(path.read_bytes()))
        NativeModel.load(path)
        reads += 1
        done, status = os.waitpid(-1, os.WNOHANG)
        if done:
            assert os.waitstatus_to_exitcode(status) == 0
            children.remove(done)
    is_whole(path, allowed)
    assert names(folder) == ["model"] and seen == {0, 1}
    return f"{2 * rounds} saves, a whole file at each of {reads} readings"


@row("no more file handles")
def no_handles(folder: Path) -> str:
    model, path = world.trained(), folder / "model"
    model.save(path)
    before = world.answers(model)
    taken = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    with pytest.raises(OSError):
        while True:
            taken.append(os.open("/dev/null", os.O_RDONLY))
    for call in (model.save, NativeModel.load):
        error = world.raised_by(call, path)
        assert isinstance(error, OSError) and error.errno == errno.EMFILE, error
    assert world.answers(model) == before
    for handle in taken:
        os.close(handle)
    is_whole(path, [model.to_bytes()])
    for _ in range(50):  # none is lost by a call that works or fails
        model.save(path)
        NativeModel.load(path)
        for wrong in (folder, folder / "none", "/dev/null"):
            assert isinstance(world.raised_by(NativeModel.load, wrong), OSError)  # type: ignore[misc]
    np.testing.assert_equal(names(folder), ["model"])
    return "OSError (EMFILE), the old file whole, predictions go on; no handle is lost by 250 calls"
