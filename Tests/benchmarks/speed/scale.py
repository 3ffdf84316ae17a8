"""Section `scale`: time and memory as rows and ids grow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .section import ROOT, Result, Section, Settings
from .table import duration, markdown, rate

ROWS, IDS = (10_000, 100_000, 1_000_000, 10_000_000), (1_000, 100_000, 10_000_000, 100_000_000)
FEW_ROWS, FEW_IDS = (10_000, 100_000), (1_000, 100_000)
SOME_IDS, SOME_ROWS = 1_000_000, 1_000_000


def _run(settings: Settings) -> Result:
    rows = FEW_ROWS if settings.quick else ROWS
    ids = FEW_IDS if settings.quick else IDS
    points = [(count, SOME_IDS) for count in rows] + [(100_000 if settings.quick else SOME_ROWS, n) for n in ids]
    found = [_point(*point) for point in tqdm(points, desc="scale", unit="training")]
    grown = {"rows": found[: len(rows)], "ids": found[len(rows) :]}
    settings.out.mkdir(parents=True, exist_ok=True)
    picture = settings.out / "scale.png"
    _plot(grown, picture)
    return result(grown, picture.name)


def _point(rows: int, ids: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "Tests.benchmarks.speed.scale_child", str(rows), str(ids)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{rows:,} rows of {ids:,} ids: {done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def slope(points: list[dict[str, Any]], by: str, what: str) -> float:
    """How much `what` grows with one more of `by`, from the last but one point to the last."""
    first, last = points[-2], points[-1]
    return float((last[what] - first[what]) / (last[by] - first[by]))


def result(grown: dict[str, Any], picture: str) -> Result:
    rows, ids = grown["rows"], grown["ids"]
    memory = {
        "bytes_a_row": slope(rows, "rows", "training_bytes"),
        "model_bytes_a_parameter": slope(ids, "parameters", "model_bytes"),
        "training_bytes_a_parameter": slope(ids, "parameters", "training_bytes"),
    }
    head = ("rows × ids", "rows/s of an epoch", "reading and encoding", "memory of the training", "of the model")
    shown = [
        (
            f"{point['rows']:,} × {point['ids']:,}",
            rate(point["rows_per_second"]),
            f"{duration(point['seconds_but_epochs'])}, {rate(point['rows'] / point['seconds_but_epochs'])} rows/s",
            f"{point['training_bytes'] / 2**30:.2f} GiB",
            f"{point['model_bytes'] / 2**30:.2f} GiB",
        )
        for point in [*rows, *ids]
    ]
    text = (
        "13 numbers and 26 fields whose ids are all equally likely; batch 2,048, 128-64-32, dim 16. Memory is what "
        "comes on top of the table itself. Past 2^20 values a field is hashed.\n\n"
        + markdown(head, shown)
        + f"\nMemory: {memory['bytes_a_row']:.0f} bytes a row in training (39 columns); "
        f"{memory['training_bytes_a_parameter']:.0f} bytes a parameter in training, vocabularies included, of which "
        f"{memory['model_bytes_a_parameter']:.0f} stay with the model.\n\n![time and rate]({picture})\n"
    )
    return Result("Rows and ids", text, {**grown, **memory, "plot": picture})


def _plot(grown: dict[str, Any], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    rows, ids = grown["rows"], grown["ids"]
    counts = [point["rows"] for point in rows]
    seconds = [point["seconds"] for point in rows]
    left.loglog(counts, seconds, "o-", label="reading, encoding, epochs")
    left.loglog(counts, [seconds[-1] * count / counts[-1] for count in counts], ":", color="grey", label="linear")
    left.set(xlabel="rows", ylabel="seconds of a training", title=f"Rows ({rows[0]['ids']:,} ids)")
    left.legend()
    right.semilogx([point["ids"] for point in ids], [point["rows_per_second"] for point in ids], "o-")
    right.set(xlabel="ids", ylabel="rows a second of an epoch", title=f"Ids ({ids[0]['rows']:,} rows)", ylim=(0, None))
    figure.savefig(path, dpi=120)


SECTION = Section("scale", "time and memory of ours as rows grow to 10 million and ids to 100 million", _run)
