"""WDL, DeepFM and DCN of DeepCTR-Torch, as its examples use them: categories by number, numbers between 0 and 1."""

from __future__ import annotations

import contextlib
import io
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from ..encoding import code_lists, codes, crossed, min_max, scalars
from ..task import CATEGORICAL, MULTI, NUMERIC, Task
from .one_hot import BINS

EMBEDDING = 8
BATCH = 256
MOST_EPOCHS = 50
PATIENCE = 2


def of(kind: str, crosses: bool = False) -> Callable[[Task, int], Any]:
    """The model of that name with its own default sizes, Adam, and early stopping on the validation part's log loss,
    which brings the best epoch's weights back. crosses: the linear part gets the hand-made crosses, as in the paper."""

    def fit(task: Task, seed: int) -> Any:
        models = _library()
        from deepctr_torch.callbacks import EarlyStopping

        columns, inputs = _inputs(task)
        wide = _crosses(task, inputs) if crosses else []
        learn, validation = task.validation(seed)

        def rows(chosen: Any) -> dict[str, Any]:
            return {name: values[chosen] for name, values in inputs.items()}

        labels = task.labels.astype(np.float32)
        model = getattr(models, kind)(columns + wide, columns, task="binary", device="cpu", seed=seed)
        model.compile("adam", "binary_crossentropy", metrics=["binary_crossentropy"])
        stop = EarlyStopping("val_binary_crossentropy", patience=PATIENCE, mode="min", restore_best_weights=True)
        with contextlib.redirect_stdout(io.StringIO()):  # it prints its device
            history = model.fit(
                rows(learn),
                labels[learn],
                batch_size=BATCH,
                epochs=MOST_EPOCHS,
                verbose=0,
                validation_data=(rows(validation), labels[validation]),
                callbacks=[stop],
            )
        if not stop.stopped_epoch:
            raise RuntimeError(f"{kind} was still getting better after {MOST_EPOCHS} epochs")
        return lambda: model.predict(rows(task.test), BATCH)[:, 0], {"epochs": len(history.epoch)}

    return fit


def _library() -> Any:
    """deepctr_torch.models. On import the package asks PyPI for a newer version, by `requests`, which it does not say
    that it needs. Here it gets one that finds nothing."""
    import torch

    torch.set_num_threads(1)  # its batches are too small for more
    nothing: Any = types.ModuleType("requests")
    nothing.codes = types.SimpleNamespace(ok=200)
    nothing.get = lambda *_: types.SimpleNamespace(status_code=404)
    before = sys.modules.get("requests")
    sys.modules["requests"] = nothing
    try:
        from deepctr_torch import models
    finally:
        if before is None:
            del sys.modules["requests"]
        else:
            sys.modules["requests"] = before
    return models


def _inputs(task: Task) -> tuple[list[Any], dict[str, Any]]:
    from deepctr_torch.inputs import DenseFeat, SparseFeat, VarLenSparseFeat

    columns: list[Any] = []
    inputs: dict[str, Any] = {}
    for name in task.named(CATEGORICAL):
        inputs[name], count = codes(task.columns[name], task.train)
        columns.append(SparseFeat(name, count, EMBEDDING))
    for name in task.named(MULTI):
        inputs[name], count = code_lists(task.columns[name], task.train)
        columns.append(VarLenSparseFeat(SparseFeat(name, count, EMBEDDING), inputs[name].shape[1], "mean"))
    for name in task.named(NUMERIC):
        inputs[name] = min_max(task.columns[name], task.train)
        columns.append(DenseFeat(name, 1))
    return columns, inputs


def _crosses(task: Task, inputs: dict[str, Any]) -> list[Any]:
    from deepctr_torch.inputs import SparseFeat

    frame = scalars(task, BINS)
    columns = []
    for cross in task.crosses:
        name = "_x_".join(cross)
        inputs[name], count = codes(crossed(frame, cross), task.train)
        columns.append(SparseFeat(name, count, EMBEDDING))
    return columns
