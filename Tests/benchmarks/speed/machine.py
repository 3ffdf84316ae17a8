"""What it was measured on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PACKAGES = ("torch", "keras", "tensorflow-cpu", "onnxruntime", "deepctr-torch", "scikit-learn", "numpy")


@dataclass(frozen=True)
class Machine:
    processor: str
    cores: int
    vectors: str
    memory: int  # GiB
    versions: dict[str, str]

    def line(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return f"{self.processor} ({self.vectors}), {self.cores} cores, {self.memory} GiB; {versions}."

    def json(self) -> dict[str, Any]:
        return asdict(self)


def others(seconds: float = 0.3) -> float:
    """The share of the cores' time that other programs take: this one sleeps meanwhile, and so do its children."""
    before = _times()
    time.sleep(seconds)
    idle, all_of_it = (now - then for now, then in zip(_times(), before))
    return 1 - idle / all_of_it if all_of_it else 0.0


def _times() -> tuple[int, int]:
    """Idle, and in all."""
    with open("/proc/stat") as stat:
        fields = [int(field) for field in stat.readline().split()[1:9]]
    return fields[3] + fields[4], sum(fields)


def about() -> Machine:
    cpu = _fields(Path("/proc/cpuinfo"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        processor=cpu.get("model name", platform.machine()),
        cores=len(os.sched_getaffinity(0)),
        vectors=_vectors(cpu.get("flags", "").split()),
        memory=round(memory / 2**30),
        versions={"Python": platform.python_version(), **_versions()},
    )


def _fields(path: Path) -> dict[str, str]:
    """Of the first processor."""
    if not path.is_file():
        return {}
    lines = path.read_text().split("\n\n")[0].splitlines()
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def _vectors(flags: list[str]) -> str:
    known = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "sse4_2": "SSE 4.2"}
    return next((name for flag, name in known.items() if flag in flags), "baseline vectors")


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # the tests run without the peers
    return found
