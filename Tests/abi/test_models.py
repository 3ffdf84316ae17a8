"""What holds for each model: it learns, goes on learning, is kept by its file, has the same bits on any threads."""

from __future__ import annotations

import ctypes
import json
import os
from ctypes import byref
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from Tests.abi.conftest import OPTIONS, click_log
from Tests.abi.raw import OK, Callback, Exported, Model, architectures, deserialize
from Tests.abi.test_architectures import MODELS
from Tests.bits.digests import of_file

pytestmark = pytest.mark.parametrize("model", MODELS)


def options(library: ctypes.CDLL, model: str, **more: Any) -> bytes:
    """Those of the other tests, as far as the model reads them."""
    given = {**json.loads(OPTIONS), "epochs": 4, "model": model, "n_jobs": 1, **more}
    return json.dumps({name: value for name, value in given.items() if name in architectures(library)[model]}).encode()


def made(library: ctypes.CDLL, model: str, table: Exported, **more: Any) -> Model:
    return Model(library, options(library, model, **more)).train(table)


def log_loss(batch: pa.RecordBatch, probabilities: Any) -> float:
    clicked = batch.column("clicked").to_numpy() == 1
    return float(-np.log(np.where(clicked, probabilities, 1 - np.asarray(probabilities))).mean())


def with_new_ids(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Half of its documents are others, clicked always or never."""
    rows, even = batch.num_rows, np.arange(batch.num_rows) % 2 == 0
    new = np.where(np.arange(rows) % 4 == 0, "loved", "hated")
    columns = {name: batch.column(name) for name in batch.schema.names}
    columns["doc_id"] = pa.array(np.where(even, new, batch.column("doc_id").to_numpy(zero_copy_only=False)).tolist())
    columns["clicked"] = pa.array(np.where(even, new == "loved", batch.column("clicked").to_numpy()).astype(np.int8))
    return pa.RecordBatch.from_pydict(columns)


def test_it_beats_the_constant(model: str, library: ctypes.CDLL) -> None:
    batch, fresh = click_log(1500, 1), click_log(1500, 2)
    rate = batch.column("clicked").to_numpy().mean()
    trained = made(library, model, Exported(batch))
    assert trained.info()["options"]["model"] == model
    constant = log_loss(fresh, np.full(fresh.num_rows, rate))
    assert log_loss(fresh, trained.predict(Exported(fresh))) < constant - 0.08
    assert log_loss(fresh, np.full(fresh.num_rows, 0.5)) > constant


def test_training_goes_on_with_new_categories(model: str, library: ctypes.CDLL, table: Exported) -> None:
    trained = made(library, model, table)
    more = Exported(with_new_ids(click_log(400, 3)))
    before = {feature["name"]: feature.get("vocabulary") for feature in trained.info()["features"]}
    fresh = with_new_ids(click_log(400, 4))
    loss = log_loss(fresh, trained.predict(Exported(fresh)))
    trained.ok("ctr_model_continue_training", trained.handle, *more.both, Callback(), None)
    after = {feature["name"]: feature.get("vocabulary") for feature in trained.info()["features"]}
    assert after["doc_id"] == before["doc_id"] + 2
    assert log_loss(fresh, trained.predict(Exported(fresh))) < loss - 0.1
    answers = np.array(trained.predict(Exported(fresh)))
    names = np.array(fresh.column("doc_id").to_pylist())
    assert answers[names == "loved"].mean() > answers[names == "hated"].mean() + 0.2


def test_a_file_gives_the_same_bits(model: str, library: ctypes.CDLL, table: Exported, tmp_path: Path) -> None:
    trained, loaded, copied = made(library, model, table, members=2), Model(library), Model(library)
    path = tmp_path / "model"
    trained.ok("ctr_model_save", trained.handle, os.fsencode(path))
    assert library.ctr_model_load(os.fsencode(path), byref(loaded.handle)) == OK
    assert deserialize(library, path.read_bytes(), byref(copied.handle)) == OK
    for again in (loaded, copied):
        assert again.predict(table) == trained.predict(table) and again.info() == trained.info()
        assert again.serialize() == trained.serialize() == path.read_bytes()
    # The optimisers' state is in it, too.
    for other in (trained, loaded):
        other.ok("ctr_model_continue_training", other.handle, *table.both, Callback(), None)
    assert loaded.predict(table) == trained.predict(table)


def test_any_number_of_threads_gives_the_same_bits(model: str, library: ctypes.CDLL) -> None:
    table, more = Exported(click_log(1500, 1)), Exported(with_new_ids(click_log(700, 3)))
    files = []
    for threads in (1, 2, 3):
        trained = made(library, model, table, n_jobs=threads, batch_size=600, epochs=2, members=1)
        trained.ok("ctr_model_continue_training", trained.handle, *more.both, Callback(), None)
        files.append((of_file(trained.serialize()), trained.predict(table)))
    assert files[0] == files[1] == files[2]


def test_a_trained_model_stays_what_it_is(model: str, library: ctypes.CDLL, table: Exported) -> None:
    """Until it is trained from nothing, whatever model the options name meanwhile."""
    trained = made(library, model, table, members=1)
    other = "lr" if model in ("dcn", "dcn_v2") else "dcn_v2"
    changed = {name: option["default"] for name, option in architectures(library)[model].items() if name != "label"}
    changed.update(model=other, epochs=1, early_stopping=False)
    trained.ok("ctr_model_set_options", trained.handle, json.dumps(changed).encode())
    before = trained.predict(table)
    assert trained.info()["options"]["model"] == model
    trained.ok("ctr_model_continue_training", trained.handle, *table.both, Callback(), None)
    assert trained.info()["options"]["model"] == model and trained.predict(table) != before
    again = Model(library)
    assert deserialize(library, trained.serialize(), byref(again.handle)) == OK
    assert again.predict(table) == trained.predict(table)
    assert trained.train(table).info()["options"]["model"] == other
