"""The data sets, as Arrow files that both libraries read: rows to train on, further ones, and others to ask about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from testbed_adapter import clicklog
from testbed_adapter.host.records import ClickLog
from testbed_adapter.host.words import words

TRAIN, FURTHER, OTHER = PARTS = ("train", "further", "other")
# Rows of a further training that stand for the earlier ones.
REPLAYED = 400


def write(folder: Path, name: str, public: Path) -> None:
    """Raises `Tests.benchmarks.quality.task.Missing` where a public data set is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, table in _MAKERS[name](public).items():
        with pa.OSFile(str(_file(folder, name, part)), "wb") as out, pa.ipc.new_file(out, table.schema) as writer:
            writer.write_batch(table)


def read(folder: Path, name: str, part: str) -> pa.RecordBatch:
    with pa.OSFile(str(_file(folder, name, part))) as opened:
        return pa.ipc.open_file(opened).get_batch(0)


def _file(folder: Path, name: str, part: str) -> Path:
    return folder / f"{name}-{part}.arrow"


def with_replayed(new: pa.RecordBatch, earlier: pa.RecordBatch) -> pa.RecordBatch:
    """The rows of a further training beside a sample of the earlier ones, which the column `old` marks."""
    sample = earlier.slice(0, REPLAYED)
    old = pa.array([1.0] * sample.num_rows + [0.0] * new.num_rows)
    both = pa.Table.from_batches([sample, new]).combine_chunks().to_batches()[0]
    return pa.RecordBatch.from_arrays([*both.columns, old], names=[*both.schema.names, "old"])


def _made(_: Path) -> dict[str, pa.RecordBatch]:
    sizes = {TRAIN: 2000, FURTHER: 500, OTHER: 300}
    return {part: _made_rows(size, seed) for seed, (part, size) in enumerate(sizes.items())}


def _made_rows(rows: int, seed: int) -> pa.RecordBatch:
    """Numbers with and without modes, missing values, categories few and many, rare and new ones, truths, lists."""
    random = np.random.default_rng(seed)

    def gaps(share: float) -> Any:
        return random.random(rows) < share

    amount = np.where(random.random(rows) < 0.4, 0.0, random.lognormal(size=rows))
    age = np.where(random.random(rows) < 0.2, 30.0, random.normal(40, 12, rows).round())
    noise = random.normal(size=rows)
    few, item = random.integers(0, 5, rows), random.integers(0, 120, rows)
    many = np.minimum(random.zipf(1.3, rows), 400)
    flag = random.random(rows) < 0.3
    tags = [random.choice(30, random.integers(0, 5), replace=False) for _ in range(rows)]
    logit = 0.8 * np.sin(few + 7.0 * item) + 0.4 * (amount > 1) - 0.03 * (age - 40) + 0.5 * flag - 1
    logit += [0.3 * (len(one) and min(one) < 5) for one in tags] + 0.4 * np.cos(many)
    label = random.random(rows) < 1 / (1 + np.exp(-logit))
    return pa.RecordBatch.from_pydict(
        {
            "amount": pa.array(amount, mask=gaps(0.1)),
            "age": pa.array(age.astype(np.int32), mask=gaps(0.05)),
            "noise": pa.array(noise.astype(np.float32)),
            "constant": pa.array(np.full(rows, 3.0)),
            "empty": pa.array([None] * rows, pa.float64()),
            "few": pa.array([f"kind {value}" for value in few], mask=gaps(0.1)),
            # What comes later has categories that were not there before.
            "item": pa.array([f"i{value + 30 * seed}" for value in item]).dictionary_encode(),
            "many": pa.array([f"点击 {value}" for value in many]),
            "rare": pa.array([f"{random.integers(0, rows)}" for _ in range(rows)]),
            "flag": pa.array(flag, mask=gaps(0.05)),
            "tags": pa.array([[f"t{tag}" for tag in one] for one in tags], pa.list_(pa.utf8())),
            "weight": pa.array(random.uniform(0.5, 2, rows)),
            "time": pa.array(np.arange(rows) + 10_000.0 * seed),
            "label": pa.array(label.astype(np.float64)),
        }
    )


def _clicks(_: Path) -> dict[str, pa.RecordBatch]:
    """A generated log, with where each text's words end, for `ctr_model_predict_ctr`."""
    records, _probabilities = clicklog.generate(3000, seed=0)
    ends = {name: [list(words(record[name]).word_ends) for record in records] for name in ("query", "summary")}
    table = ClickLog(records).table()
    columns = [pa.array(values, pa.list_(pa.int32())) for values in ends.values()]
    whole = pa.RecordBatch.from_arrays(
        [*table.columns, *columns], names=[*table.schema.names, *(f"{name}_ends" for name in ends)]
    )
    return {TRAIN: whole.slice(0, 2000), FURTHER: whole.slice(2000, 600), OTHER: whole.slice(2600)}


def _adult(data: Path) -> dict[str, pa.RecordBatch]:
    from Tests.benchmarks.quality.datasets import adult

    task = adult.load(data, 0, 6000)
    whole = pa.RecordBatch.from_pandas(task.columns.assign(label=task.labels.astype(float)), preserve_index=False)
    count = len(task.train)
    return {TRAIN: whole.slice(0, count), FURTHER: whole.slice(0, 0), OTHER: whole.slice(count, 300)}


# `impressions` are the features of `clicks`, which the library makes.
_MAKERS = {"made": _made, "clicks": _clicks, "impressions": _clicks, "adult": _adult}
