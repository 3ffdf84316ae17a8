"""A prediction, of a table or of an impression, allocates nothing once it has been made a few times, and neither does a
step of training."""

from __future__ import annotations

import ctypes
import json
import os
import random
import subprocess
from pathlib import Path

import pyarrow as pa
import pytest

from Tests.abi.raw import LIBRARY, Exported, Model
from Tests.abi.test_c_program import compile

COLUMNS = 4
PARTS = ["wide", "wide_deep"]


@pytest.fixture(scope="module")
def counter(library: ctypes.CDLL, tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("allocations") / "allocations"
    compile("-std=gnu11", "-O1", Path(__file__).with_name("allocations.c"), LIBRARY, "-o", program)
    return program


def run(counter: Path, call: str, *arguments: object) -> int:
    environment = {"LD_LIBRARY_PATH": str(LIBRARY.parent), "PATH": os.environ["PATH"]}
    command = [counter, call, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def columns(rows: int = 200) -> dict[str, pa.Array]:
    """What allocations.c gives a row of: numbers, whole numbers, texts and dictionaries."""
    draw = random.Random(3)
    whole = [[draw.randrange(9) for _ in range(rows)] for _ in range(COLUMNS)]
    made: dict[str, pa.Array] = {}
    for index, values in enumerate(whole):
        made[f"n{index}"] = pa.array([draw.random() for _ in range(rows)])
        made[f"c{index}"] = pa.array(values, pa.int64())
        made[f"t{index}"] = pa.array([f"v{value}" for value in values])
        made[f"d{index}"] = made[f"t{index}"].dictionary_encode()
    return {**made, "label": pa.array([value % 2 for value in whole[0]])}


@pytest.fixture(scope="module", params=PARTS)
def saved(library: ctypes.CDLL, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the columns, of the part that is asked for."""
    features = [
        {"name": name, "kind": "numeric" if name.startswith("n") else "categorical"}
        for name in columns(1)
        if name != "label"
    ]
    options = {"part": request.param, "features": features, "crosses": [["c0", "t1"]], "hidden_units": [8], "epochs": 1}
    model = Model(library, json.dumps(options).encode()).train(Exported(pa.RecordBatch.from_pydict(columns())))
    path = tmp_path_factory.mktemp("model") / "ctr.model"
    model.ok("ctr_model_save", model.handle, os.fsencode(path))
    return path


@pytest.mark.parametrize("rows", [1, 64, 200, 2048])
def test_a_table(counter: Path, saved: Path, rows: int) -> None:
    # A helping thread that did not get a block of rows before may meet its first one late. One row has no helpers.
    helpers = 0 if rows == 1 else (os.cpu_count() or 1) - 1
    assert run(counter, "predict", saved, rows) <= helpers


@pytest.mark.parametrize("part", PARTS)
def test_one_impression(
    library: ctypes.CDLL, counter: Path, part: str, table: Exported, feature_table: Exported, tmp_path: Path
) -> None:
    words = [f"x{index}" for index in range(14, 36)]
    features = [{"name": f"x{index}", "kind": "numeric" if index < 12 else "categorical"} for index in range(14)]
    features.append({"name": "words", "kind": "multi", "columns": words})
    options = {"part": part, "features": features, "label": "clicked", "hidden_units": [8], "epochs": 1}
    model = Model(library, json.dumps(options).encode()).train(feature_table)
    zeros, ones = (ctypes.c_double * 12)(), (ctypes.c_double * 12)(*[1.0] * 12)
    model.ok("ctr_model_set_history", model.handle, *table.both, zeros, ones, 12)
    path = tmp_path / "ctr.model"
    model.ok("ctr_model_save", model.handle, os.fsencode(path))
    assert run(counter, "predict_ctr", path) == 0


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("optimizer", ["adagrad", "adam"])
def test_a_training_step(counter: Path, part: str, jobs: int, optimizer: str) -> None:
    features = [{"name": f"n{index}", "kind": "numeric"} for index in range(COLUMNS)]
    features += [{"name": f"c{index}", "kind": "categorical", "part": "both"} for index in range(COLUMNS)]
    options = {"part": part, "features": features, "crosses": [["c0", "c1"]], "hidden_units": [16, 8], "epochs": 4}
    options.update(n_jobs=jobs, deep_optimizer=optimizer, members=1, early_stopping=False, dropout=0.1)
    few = run(counter, "train", json.dumps({**options, "batch_size": 128}))
    many = run(counter, "train", json.dumps({**options, "batch_size": 16}))
    # 128 steps and 1,024. The workers' memory grows to a batch's size when they first meet one.
    assert abs(many - few) < 64
