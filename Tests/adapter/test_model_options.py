"""What the library's list says a model reads, it reads, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import testbed_adapter
from testbed_adapter.native.model import NativeModel

MODELS = {one["model"]: [option["name"] for option in one["options"]] for one in testbed_adapter.models()}
# Another value of each option that changes what a model learns.
OTHERS: dict[str, Any] = {
    **{"part": "wide", "crosses": [["a", "b"]], "embedding_dim": 3, "hidden_units": [5], "cross_layers": 1},
    **{"numeric_bins": 3, "bin_embeddings": False, "dropout": 0.5, "wide_optimizer": "adagrad"},
    **{"deep_optimizer": "adam", "wide_learning_rate": 0.01, "deep_learning_rate": 0.01, "l1": 3, "l2": 50},
    **{"batch_size": 8, "epochs": 1, "early_stopping": False, "refit": True, "validation_fraction": 0.4},
    **{"members": 2, "min_count": 60, "class_weight": [1, 2], "random_state": 5},
}
# What says where things are, what only bounds others, and what changes nothing by its promise.
VALIDATING = {"early_stopping", "refit", "validation_fraction"}
PLAIN = {"model", "features", "label", "weight", "time", "replay", "patience", "n_jobs"}


def table() -> pa.RecordBatch:
    rng = np.random.default_rng(0)
    rows = 400
    a, b = rng.integers(0, 9, rows), rng.integers(0, 4, rows)
    # Its most frequent values are modes.
    number = np.where(rng.random(rows) < 0.4, 0.0, rng.normal(size=rows))
    label = (a % 4 == b) | (number > 1) | (rng.random(rows) < 0.2)
    columns = {"a": pa.array(a.astype(str)), "b": pa.array(b.astype(str)), "number": pa.array(number)}
    return pa.RecordBatch.from_pydict({**columns, "label": pa.array(label.astype(float))})


def answers(**options: Any) -> bytes:
    kinds = {"a": "categorical", "b": "categorical", "number": "numeric"}
    features = [{"name": name, "kind": kind, "part": "both"} for name, kind in kinds.items()]
    model = NativeModel({"features": features, "epochs": 4, "members": 1, "refit": False, "crosses": [], **options})
    model.train(table())
    return model.predict(table()).tobytes()


def test_every_option_is_tried() -> None:
    assert set().union(*MODELS.values()) == OTHERS.keys() | PLAIN


@pytest.mark.parametrize("model", MODELS)
def test_what_it_reads_changes_it_and_nothing_else_is_taken(model: str) -> None:
    usual = {stops: answers(model=model, early_stopping=stops) for stops in (False, True)}
    for option, value in OTHERS.items():
        # Else the best epoch may be the same one.
        stops = option in VALIDATING
        if option in MODELS[model]:
            assert answers(**{"model": model, "early_stopping": stops, option: value}) != usual[stops], option
        else:
            with pytest.raises(ValueError, match=f"{option} = .* does not read; leave it out"):
                answers(model=model, **{option: value})
