"""Each loop of ours by itself: products of matrices beside the peak of products, passes over tables beside memory's."""

from __future__ import annotations

from typing import Any

from .peak import Peak
from .section import Result, Section, Settings
from .stage import stage
from .table import markdown

AIM = 0.5  # of the memory's bandwidth, for a pass over a table


def _run(settings: Settings) -> Result:
    with stage(settings) as tools:
        peak = Peak()
        found: dict[str, Any] = {}
        for _ in range(1 if settings.quick else 3):
            peak.measure(tools.swift(), tools.tool("torch"))
            found = best(found, tools.swift().ask("micro"))
    return result(found, peak)


def best(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The higher rate of each loop: what else the machine does only slows it down."""
    if not before:
        return now
    kept = dict(now)
    for group in ("products", "memory", "passes"):
        kept[group] = [max(pair, key=lambda loop: float(loop["rate"])) for pair in zip(before[group], now[group])]
    return kept


def result(found: dict[str, Any], peak: Peak) -> Result:
    top = max(peak.ours, peak.torch) / 1e9
    bandwidth = max(loop["rate"] for loop in found["memory"])
    products = [
        (loop["name"], f"{loop['rate']:.0f} GFLOP/s", f"{loop['rate'] / top:.0%}") for loop in found["products"]
    ]
    memory = [(loop["name"], f"{loop['rate']:.1f} GB/s", "") for loop in found["memory"]]
    passes = [(loop["name"], f"{loop['rate']:.1f} GB/s", f"{loop['rate'] / bandwidth:.0%}") for loop in found["passes"]]
    text = (
        f"On all cores at once, each with its own data; {found['instruction_set']}. {peak.text()}\n\n"
        + markdown(("products of a dense layer", "rate", "of that peak"), products)
        + "\n"
        + markdown(("passes over tables of 64 MB a core and array", "rate", "of memory's best"), memory + passes)
    )
    slow = [loop for loop in found["passes"] if loop["rate"] < AIM * bandwidth]
    missed = [
        f"{loop['name']}: {loop['rate'] / bandwidth:.0%} of the memory's bandwidth (aim {AIM:.0%})" for loop in slow
    ]
    return Result("Each loop by itself", text, {**found, "peak": peak.json()}, missed)


SECTION = Section("micro", "each loop of ours by itself: GFLOP/s and GB/s beside the machine's peaks", _run)
