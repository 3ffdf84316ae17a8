"""Ours through the C ABI, as the adapter calls it. Its training takes a table and learns the vocabularies itself; what
is compared with the peers is the rows a second of its epochs after the first one."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import c_double
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from Tests.abi import raw

from ..data import NUMBERS, VOCABULARY, Data, offsets
from ..work import Work
from .tool import LEARNING_RATE, Tool, Window, timed
from .variants import NUMERIC_BINS

EPOCHS = 2


def make(data: Data, folder: Path, variant: str) -> Tool:
    return OursTool(data, folder, variant)


def features(work: Work) -> list[dict[str, Any]]:
    """Numbers that are no fields feed the deep part alone, as with every peer."""
    numbers = [{"name": f"n{index}", "kind": "numeric", "part": "deep"} for index in range(NUMBERS)]
    fields = [{"name": f"c{index}", "kind": "categorical", "part": "both"} for index in range(work.fields)]
    return fields if work.binned else numbers + fields


def options(work: Work, variant: str) -> dict[str, Any]:
    """The peers' model: no crosses, no dropout, no penalty, an embedding for each category, AdaGrad for both parts. Of
    these what the model reads."""
    from testbed_adapter.native.architectures import read_by

    shape: dict[str, Any] = {"embedding_dim": work.dimension} if work.dimension else {}
    if work.hidden:
        shape.update(hidden_units=list(work.hidden), dropout=0)
    if work.cross_layers:
        shape.update(cross_layers=work.cross_layers)
    wanted = {
        "model": work.model,
        "features": features(work),
        "numeric_bins": NUMERIC_BINS[variant],
        "crosses": [],
        "label": "label",
        **shape,
        "bin_embeddings": False,
        "wide_optimizer": "adagrad",
        "deep_optimizer": "adagrad",
        "wide_learning_rate": LEARNING_RATE,
        "deep_learning_rate": LEARNING_RATE,
        "l1": 0,
        "l2": 0,
        "batch_size": work.batch,
        "epochs": EPOCHS,
        "early_stopping": False,
        "refit": False,
        "validation_fraction": 0,
        "members": 1,
        "min_count": 1,
    }
    return read_by(work.model, wanted)


class OursTool(Tool):
    def __init__(self, data: Data, folder: Path, variant: str) -> None:
        super().__init__(data)
        self._path = folder / f"ours-{variant}.safetensors"
        self._variant = variant
        self._model: Any = None
        self._calls: dict[int, tuple[Callable[[int], None], Callable[[int], None]]] = {}

    # --- training ---

    def prepare(self, work: Work) -> dict[str, Any]:
        """Nothing to warm up: each turn makes a new model, whose first epoch does not count."""
        self.work = work
        columns = self._columns(work)
        self._inputs = pa.RecordBatch.from_pydict(columns)
        self._table = pa.RecordBatch.from_pydict({**columns, "label": pa.array(self.data.labels.astype(float))})
        return {"note": "", "rows": self.data.rows * (EPOCHS - 1)}

    def _columns(self, work: Work) -> dict[str, pa.Array]:
        if work.binned:
            return {f"c{index}": pa.array(ids) for index, ids in enumerate(self.data.binned_ids.T)}
        numbers = {f"n{index}": pa.array(column.astype(float)) for index, column in enumerate(self.data.numbers.T)}
        return {**numbers, **{f"c{index}": pa.array(ids.astype("int64")) for index, ids in enumerate(self.data.ids.T)}}

    def train(self) -> dict[str, float]:
        from testbed_adapter.native.model import NativeModel

        assert self.work is not None
        self._model = None
        self._calls = {}
        self._model = NativeModel(options(self.work, self._variant))
        self._model.train(self._table)
        self.epochs = EPOCHS
        counted = self._model.info()["history"][1:]
        seconds = sum(self.data.rows / epoch["rows_per_second"] for epoch in counted)
        return {"rows": self.data.rows * len(counted), "seconds": seconds}

    def probabilities(self) -> Any:
        return self._model.predict(self._inputs)

    def save(self) -> str:
        self._model.save(self._path)
        return str(self._path)

    # --- prediction, the encoding of the columns included ---

    def ready(self, batch: int) -> str:
        library = raw.load_library()
        window = Window(self.data, batch)
        numbers = np.empty((NUMBERS, batch), np.float64)
        ids = np.empty((len(VOCABULARY), batch), np.int64)

        def fill(index: int) -> None:
            window.fill(index)
            numbers[:] = window.numbers.T
            ids[:] = (window.ids - offsets()).T

        columns = {f"n{index}": _lent(pa.float64(), values) for index, values in enumerate(numbers)}
        columns.update({f"c{index}": _lent(pa.int64(), values) for index, values in enumerate(ids)})
        table = raw.Exported(pa.RecordBatch.from_pydict(columns))
        schema, array = table.both
        answers = (c_double * batch)()
        handle, function = self._model.handle, library.ctr_model_predict

        def call(_: int, kept: Any = table) -> None:
            if function(handle, schema, array, answers, batch):
                raise RuntimeError(raw.message(library))

        self._calls[batch] = call, fill
        return "ctr_model_predict, through ctypes"

    def predict(self, batch: int, calls: int) -> float:
        call, fill = self._calls[batch]
        call(0)  # another batch was measured before
        return timed(call, calls, fill)


def _lent(kind: pa.DataType, values: Any) -> pa.Array:
    """A column that reads the array where it lies, and so what is written there later."""
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])
