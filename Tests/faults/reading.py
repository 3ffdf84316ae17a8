"""Faults of files that are read: an error that names the file, never a signal."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

from testbed_adapter.native.errors import ModelFileError
from Tests.faults import world
from Tests.faults.table import row, times
from Tests.faults.world import NativeModel


@row("sparse file of 60 GiB")
def sparse(folder: Path) -> str:
    """Once of zeros alone, once behind a header that asks for all of them."""
    outcomes = []
    size = 60 << 30
    header = _header(size)
    for content in (b"", header):
        path = folder / "sparse"
        with open(path, "wb") as file:
            file.write(content)
            file.truncate(size + len(header))
        begin = time.monotonic()
        error = world.raised_by(NativeModel.load, path)
        assert isinstance(error, (ModelFileError, MemoryError)) and str(path) in str(error), error
        assert time.monotonic() - begin < 5
        outcomes.append(type(error).__name__)
    return " and ".join(outcomes) + ", at once"


def _header(size: int) -> bytes:
    text = '{"__metadata__":{"checksum":"0000000000000000"},"a":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}'
    text %= (size, size)
    text += " " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text.encode()


@row("header of 100 MB, of nothing but brackets or numbers")
def large_headers(folder: Path) -> str:
    start = b'{"__metadata__":{"checksum":"0000000000000000"},"a":'
    count = times(1_000_000, 99_000_000)
    for body in (b"[" * count, b"[" + b"0," * (count // 2), b'{"":' * (count // 4), b'"' + b"a" * count):
        header = start + body
        path = folder / "header"
        path.write_bytes(struct.pack("<Q", len(header)) + header)
        error = world.raised_by(NativeModel.load, path)
        assert isinstance(error, (ModelFileError, MemoryError)) and str(path) in str(error), error
    return "ModelFileError"


@row("truncated file")
def truncated(folder: Path) -> str:
    path = folder / "model"
    content = world.trained().to_bytes()
    lengths = {*range(0, 400, 7), *range(0, len(content), max(1, len(content) // times(100, 3000))), len(content) - 1}
    for length in lengths:
        path.write_bytes(content[:length])
        error = world.raised_by(NativeModel.load, path)
        assert isinstance(error, ModelFileError) and error.filename == path.__fspath__(), error
        assert str(path) in str(error)
    return f"ModelFileError at each of {len(lengths)} lengths"


@row("file changed while it is read")
def changing(folder: Path) -> str:
    """Another process writes over it in place, cuts it off and continues it."""
    path = folder / "model"
    models = [world.large(), world.trained(seed=2)]
    contents = [model.to_bytes() for model in models]
    path.write_bytes(contents[0])
    parent = os.getpid()

    def change() -> None:
        with open(path, "r+b", buffering=0) as file:
            while os.getppid() == parent:
                for content in contents:
                    file.seek(0)
                    file.write(content[: len(content) // 2])
                    file.truncate(len(content) // 3)
                    file.truncate(len(content))
                    file.seek(0)
                    file.write(content)
                    file.truncate(len(content))
                    time.sleep(0.002)

    child = world.start(change)
    whole = errors = 0
    for _ in range(times(100, 3000)):
        try:
            read = NativeModel.load(path)
        except (ModelFileError, OSError, MemoryError) as error:
            assert str(path) in str(error), error
            errors += 1
        else:
            assert read.to_bytes() in contents
            whole += 1
    os.kill(child, 9)
    world.ended(child)
    assert whole and errors
    return f"whole {whole} times, an error that names it {errors} times"
