"""One training of a table of so many rows and ids, in a process of its own whose memory can be measured.

    python -m Tests.benchmarks.speed.scale_child ROWS IDS

prints a line of JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from testbed_adapter.native.model import NativeModel

NUMBERS, FIELDS = 13, 26
HIDDEN, DIMENSION, BATCH = [128, 64, 32], 16, 2048


def table(rows: int, ids: int, seed: int = 0) -> pa.RecordBatch:
    """Each field has its share of the ids, all as likely: the hardest case for the caches."""
    draw = np.random.default_rng(seed)
    columns: dict[str, pa.Array] = {}
    for index in range(NUMBERS):
        columns[f"n{index}"] = pa.array(draw.standard_normal(rows, dtype=np.float32))
    size = max(2, ids // FIELDS)
    for index in range(FIELDS):
        columns[f"c{index}"] = pa.array(draw.integers(0, size, rows, dtype=np.int32))
    clicks = draw.random(rows, dtype=np.float32) < 0.2 + 0.1 * np.tanh(columns["n0"].to_numpy())
    return pa.RecordBatch.from_pydict({**columns, "label": pa.array(clicks.astype(np.int8))})


def options(epochs: int) -> dict[str, object]:
    numbers = [{"name": f"n{index}", "kind": "numeric", "part": "deep"} for index in range(NUMBERS)]
    fields = [{"name": f"c{index}", "kind": "categorical", "part": "both"} for index in range(FIELDS)]
    return {
        "features": numbers + fields,
        "numeric_bins": 1,
        "crosses": [],
        "hidden_units": HIDDEN,
        "embedding_dim": DIMENSION,
        "batch_size": BATCH,
        "epochs": epochs,
        "early_stopping": False,
        "members": 1,
        "min_count": 1,
    }


def peak_bytes() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def present_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> None:
    rows, ids = int(sys.argv[1]), int(sys.argv[2])
    given = table(rows, ids)
    before = present_bytes()
    # Few rows make short epochs: more of them, so that each is not all warming up.
    model = NativeModel(options(2 if rows >= 1_000_000 else 4))
    start = time.perf_counter()
    model.train(given)
    seconds = time.perf_counter() - start
    history = model.info()["history"]
    print(
        json.dumps(
            {
                "rows": rows,
                "ids": ids,
                "seconds": seconds,
                "seconds_but_epochs": seconds - history[-1]["seconds"],
                "rows_per_second": max(epoch["rows_per_second"] for epoch in history),
                "table_bytes": given.nbytes,
                "training_bytes": peak_bytes() - before,
                "model_bytes": present_bytes() - before,
                "parameters": model.info()["parameters"],
            }
        )
    )


if __name__ == "__main__":
    main()
