"""Models and tables that the rows share, and the ways to make faults happen."""

from __future__ import annotations

import contextlib
import ctypes
import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Optional

import numpy as np
import pyarrow as pa

from testbed_adapter.native.model import NativeModel

OPTIONS: dict[str, Any] = {"label": "y", "hidden_units": [8], "epochs": 2, "members": 1, "random_state": 1, "n_jobs": 2}

_shim = ctypes.CDLL(None)
NOTHING, KILL, KILL_HALF_WAY, FAIL, INTERRUPT, SHORTEN = range(6)


def table(rows: int = 200, seed: int = 0, ids: int = 12) -> pa.RecordBatch:
    draw = np.random.default_rng(seed)
    user, item = draw.integers(ids, size=rows), draw.integers(5, size=rows)
    number = draw.normal(size=rows)
    clicked = draw.random(rows) < 1 / (1 + np.exp(-(user % 3 + item % 2 + number - 1.5)))
    clicked[:2] = [False, True]
    return pa.RecordBatch.from_pydict(
        {
            "user": pa.array([f"u{one}" for one in user]),
            "item": pa.array([f"i{one}" for one in item]),
            "number": pa.array(number),
            "y": pa.array(clicked.astype(np.float64)),
        }
    )


def trained(seed: int = 0, **options: Any) -> NativeModel:
    model = NativeModel({**OPTIONS, **options})
    model.train(table(seed=seed))
    return model


def large() -> NativeModel:
    """Of some 3.5 MB."""
    return trained(hidden_units=[512, 512], epochs=1, early_stopping=False)


def answers(model: NativeModel) -> bytes:
    return model.predict(table(50, seed=9)).tobytes()


# --- faults on demand, by shim.c ---


@contextlib.contextmanager
def armed(mode: int, nth: int = 0, error: int = 0) -> Iterator[None]:
    _shim.fault_arm(mode, nth, error)
    try:
        yield
    finally:
        _shim.fault_disarm()


def calls_of(body: Callable[[], Any]) -> int:
    """How many calls to the system it makes, of those that the shim knows."""
    _shim.fault_arm(NOTHING, 0, 0)
    _shim.fault_arm(SHORTEN, 1 << 30, 0)
    body()
    count: int = _shim.fault_disarm()
    return count


def without_threads(none: bool) -> None:
    _shim.fault_threads(int(none))


def backwards_clock(which: int) -> None:
    """0: none, 1: the time of day, 2: each, the ones that the system never turns back as well."""
    _shim.fault_clock(which)


# --- processes ---


def forked(body: Callable[[], Any]) -> int:
    """Runs it in a child. Exit code 0: done, 1: an exception (its text is on standard error); -n: ended by signal n."""
    child = start(body)
    return ended(child)


def start(body: Callable[[], Any]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        body()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def is_whole(path: Path, allowed: list[bytes]) -> None:
    """The file is one of these, to the byte, and is read back as the model that it is."""
    content = path.read_bytes()
    assert content in allowed, f"{path} is none of {len(allowed)} whole files: {len(content)} bytes"
    NativeModel.load(path)


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def raised_by(call: Callable[..., Any], *arguments: Any) -> Optional[BaseException]:
    try:
        call(*arguments)
    except BaseException as error:
        return error
    return None


def mounted(folder: Path, size: str) -> None:
    """A file system of its own, in memory, that only this process sees."""
    libc = ctypes.CDLL(None, use_errno=True)
    new_namespace, private, recursive = 0x20000, 1 << 18, 16384
    from Tests.faults.table import Skipped

    for status in (
        lambda: libc.unshare(new_namespace),
        lambda: libc.mount(b"none", b"/", None, ctypes.c_ulong(private | recursive), None),
        lambda: libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(0), f"size={size}".encode()),
    ):
        if status() != 0:
            raise Skipped(f"a file system can't be mounted here: {os.strerror(ctypes.get_errno())}")


def read_only(folder: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", ctypes.c_ulong(32 | 1), None) == 0
