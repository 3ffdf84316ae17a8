"""Memory that runs out: an error that says so, never a signal, and the model answers as before."""

from __future__ import annotations

import errno
import os
import resource
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from testbed_adapter.host import records
from Tests.adapter.support import click_log
from Tests.faults import world
from Tests.faults.table import LONG, row
from Tests.faults.world import NativeModel

_MIB = 1 << 20
_LIMITS = [
    int(one * _MIB)
    for one in ([0, 0.25, 1, 2, 3, 4, 6, 8, *range(10, 64, 2), *range(64, 512, 16)] if LONG else [0, 4, 12, 24, 96])
]


def _limited(extra: int, call: Callable[[], Any]) -> Any:
    """Calls with room for `extra` bytes of addresses more than now."""
    with open("/proc/self/statm") as sizes:
        used = int(sizes.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + extra, resource.RLIM_INFINITY))
    try:
        return call()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _says_so(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, MemoryError) or (isinstance(error, ValueError) and "iB" in str(error))


def _swept(call: Callable[[], Any], model: NativeModel) -> str:
    before = world.answers(model)
    outcomes: Counter[str] = Counter()
    for extra in _LIMITS:

        def tried(extra: int = extra) -> None:
            error = world.raised_by(_limited, extra, call)
            if error is not None and not _says_so(error):
                raise error
            assert world.answers(model) == before
            os._exit(3 if error is not None else 0)

        code = world.forked(tried)
        assert code in (0, 3), f"with {extra / _MIB:g} MiB: " + (f"signal {-code}" if code < 0 else "another exception")
        outcomes["refused" if code else "done"] += 1
    assert outcomes["done"], "no limit was large enough"
    return f"{outcomes['refused']} limits: MemoryError; {outcomes['done']} limits: done"


def _wide() -> NativeModel:
    """Many ids and combinations: more of a vocabulary than of weights."""
    model = NativeModel({**world.OPTIONS, "epochs": 1, "crosses": [["user", "item"]], "early_stopping": False})
    model.train(world.table(20_000, ids=8_000))
    return model


@row("memory limit: load")
def load(folder: Path) -> str:
    told = []
    for model in (world.large(), _wide()):
        path = folder / "model"
        model.save(path)
        told.append(_swept(lambda path=path: NativeModel.load(path), model))  # type: ignore[misc]
    return " / ".join(told)


@row("memory limit: model from bytes")
def from_bytes(folder: Path) -> str:
    model = _wide()
    content = model.to_bytes()
    return _swept(lambda: NativeModel.from_bytes(content), model)


@row("memory limit: save")
def save(folder: Path) -> str:
    told = []
    for model in (world.large(), _wide()):
        told.append(_swept(lambda model=model: model.save(folder / "model"), model))  # type: ignore[misc]
        world.is_whole(folder / "model", [model.to_bytes()])
    return " / ".join(told)


@row("memory limit: model to bytes")
def to_bytes(folder: Path) -> str:
    model = world.large()
    return _swept(model.to_bytes, model)


@row("memory limit: predict")
def predict(folder: Path) -> str:
    model, data = world.trained(), world.table(300_000)
    return _swept(lambda: model.predict(data), model)


@row("memory limit: predict, a table that owns no memory")
def predict_nothing(folder: Path) -> str:
    model = world.trained()
    rows = 5_000_000
    data = pa.RecordBatch.from_pydict({name: pa.nulls(rows) for name in ("user", "item", "number")})
    return _swept(lambda: model.predict(data), model)


@row("memory limit: train")
def train(folder: Path) -> str:
    model, data = world.trained(), world.table(20_000, ids=2000)
    options = {**world.OPTIONS, "epochs": 1, "hidden_units": [64]}

    def anew() -> None:
        NativeModel(options).train(data)

    return _swept(anew, model)


@row("memory limit: continue a training")
def continue_training(folder: Path) -> str:
    model, data = world.trained(), world.table(20_000, ids=2000)
    content = model.to_bytes()

    def further() -> None:
        NativeModel.from_bytes(content).continue_training(data)

    return _swept(further, model)


@row("memory limit: explain")
def explain(folder: Path) -> str:
    model, data = world.trained(), world.table(1000)
    return _swept(lambda: model.explain(data), model)


@row("memory limit: features and history of a click log")
def features(folder: Path) -> str:
    model = world.trained()
    log = records.ClickLog(click_log(3000)).table()
    content = model.to_bytes()

    def both() -> None:
        other = NativeModel.from_bytes(content)
        other.extract_features(log)
        other.set_history(log, [0.0] * 12, [1.0] * 12)
        other.extend_history(log)

    return _swept(both, model)
