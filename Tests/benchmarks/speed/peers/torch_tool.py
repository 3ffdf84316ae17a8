"""torch as one would tune it by hand: no DataLoader, one table for all fields, sparse gradients and sparse AdaGrad for
it, fused AdaGrad for the dense layers, and the faster ones of a few ways to write it (`torch_models`), by trial."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..data import Data
from ..work import Work
from .tool import (
    ACCUMULATOR,
    IS_QUICK,
    LEARNING_RATE,
    THREADS,
    TRIAL_SECONDS,
    Finalists,
    Tool,
    TrainingTool,
    Window,
    timed,
    tried,
)

os.environ.setdefault("TORCHINDUCTOR_FX_GRAPH_CACHE", "1")

import torch
from torch import nn
from torch.nn import functional

from .torch_models import HEADS, tables

torch._dynamo.config.recompile_limit = 64  # of one class's forward: each trial and batch size is one
WAYS = ("eager",) if IS_QUICK else ("eager", "compiled")  # compilation takes a minute in all


def make(data: Data, folder: Path) -> Tool:
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "inductor")
    return TorchTool(data, folder)


class Loss(nn.Module):
    """What is compiled: from a batch's rows of the tables to its mean loss."""

    def __init__(self, split: Callable[..., Any], head: nn.Module) -> None:
        super().__init__()
        self.split, self.head = split, head

    def forward(self, gathered: tuple[Any, ...], numbers: Any, labels: Any) -> Any:
        return functional.binary_cross_entropy_with_logits(self.head(*self.split(*gathered), numbers), labels)


class Network:
    """The model, its optimisers and a step."""

    def __init__(self, work: Work, layout: str, compiled: bool) -> None:
        torch.manual_seed(0)
        self.tables, self.head = tables(work)[layout](), HEADS[work.model](work)
        loss = Loss(self.tables.split, self.head)
        self._loss: Callable[..., Any] = torch.compile(loss, dynamic=False) if compiled else loss
        sparse = [table.weight for table in self.tables.children() if table.sparse]
        dense = [table.weight for table in self.tables.children() if not table.sparse] + list(self.head.parameters())
        given = {"lr": LEARNING_RATE, "initial_accumulator_value": ACCUMULATOR}
        self._optimizers = [torch.optim.Adagrad(dense, fused=True, **given)]
        if sparse:
            self._optimizers.append(torch.optim.Adagrad(sparse, **given))

    def step(self, ids: Any, numbers: Any, labels: Any) -> None:
        for optimizer in self._optimizers:
            optimizer.zero_grad(set_to_none=True)
        self._loss(self.tables(ids), numbers, labels).backward()
        for optimizer in self._optimizers:
            optimizer.step()

    def probabilities(self, ids: Any, numbers: Any) -> Any:
        with torch.inference_mode():
            return torch.sigmoid(self.head(*self.tables.split(*self.tables(ids)), numbers))


class Batches:
    """A training's arrays. The numbers are None where they are fields."""

    def __init__(self, data: Data, work: Work) -> None:
        self._ids = torch.from_numpy(data.binned_ids if work.binned else data.joint_ids)
        self._numbers = None if work.binned else torch.from_numpy(data.numbers)
        self._labels = torch.from_numpy(data.labels)

    def of(self, rows: Any) -> tuple[Any, Any, Any]:
        numbers = None if self._numbers is None else self._numbers.index_select(0, rows)
        return self._ids.index_select(0, rows), numbers, self._labels.index_select(0, rows)


class Scorer(nn.Module):
    """The trained Wide & Deep for prediction alone: tables of their own, contiguous."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        embeddings, wide = (part.detach().clone().contiguous() for part in network.tables.parts())
        self.embeddings = nn.Embedding.from_pretrained(embeddings)
        self.wide = nn.EmbeddingBag.from_pretrained(wide, mode="sum")
        self.head = network.head

    def forward(self, ids: Any, numbers: Any) -> Any:
        return torch.sigmoid(self.head(self.embeddings(ids), self.wide(ids).squeeze(1), numbers))


class Exported(Scorer):
    """As above from operators that ONNX has one each of."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.wide = nn.Embedding.from_pretrained(self.wide.weight)

    def forward(self, ids: Any, numbers: Any) -> Any:
        return torch.sigmoid(self.head(self.embeddings(ids), self.wide(ids).sum((1, 2)), numbers))


class TorchTool(TrainingTool):
    def __init__(self, data: Data, folder: Path) -> None:
        super().__init__(data)
        self._folder = folder
        self._order = torch.randperm(data.rows)
        self._next = 0
        self._chosen: dict[str, str] = {}
        self._finalists: dict[int, Finalists] = {}

    # --- training ---

    def build(self, work: Work) -> str:
        self._batches = Batches(self.data, work)
        name = self._chosen.get(work.name) or self._chosen.setdefault(work.name, self._try(work))
        threads, layout, way = name.split(", ")
        torch.set_num_threads(int(threads.split()[0]))
        self._network = Network(work, layout, way == "compiled")
        return name

    def _try(self, work: Work) -> str:
        def candidate(threads: int, layout: str, way: str) -> Callable[[], Callable[[int], Any]]:
            def made() -> Callable[[int], Any]:
                torch.set_num_threads(threads)
                network = Network(work, layout, way == "compiled")
                rows = [self._order[start : start + work.batch] for start in range(0, self.data.rows, work.batch)]
                return lambda index: network.step(*self._batches.of(rows[index % len(rows)]))

            return made

        names = {
            f"{threads} threads, {layout}, {way}": candidate(threads, layout, way)
            for threads, layout, way in itertools.product(THREADS, tables(work), WAYS)
        }
        return tried(names, TRIAL_SECONDS).fastest()

    def run(self, rows: int) -> None:
        assert self.work is not None
        batch = self.work.batch
        for _ in range(rows // batch):
            if self._next + batch > self.data.rows:
                self._next, self._order = 0, torch.randperm(self.data.rows)
            self._network.step(*self._batches.of(self._order[self._next : self._next + batch]))
            self._next += batch

    def probabilities(self) -> Any:
        parts = torch.arange(self.data.rows).split(4096)
        return np.concatenate([self._network.probabilities(*self._batches.of(rows)[:2]).numpy() for rows in parts])

    def save(self) -> str:
        """Writes the model for ONNX Runtime."""
        path = self._folder / "torch.onnx"
        model = Exported(self._network).eval()
        torch.onnx.export(
            model,
            self._batches.of(torch.arange(2))[:2],
            str(path),
            input_names=["ids", "numbers"],
            output_names=["probability"],
            dynamic_axes={"ids": {0: "rows"}, "numbers": {0: "rows"}, "probability": {0: "rows"}},
            opset_version=17,
            dynamo=False,
        )
        return str(path)

    def gemm(self) -> dict[str, float]:
        """Floating-point operations a second of torch's own matrix product, on all cores: it has another BLAS."""
        torch.set_num_threads(max(THREADS))
        size = 2048
        a, b, c = (torch.rand(size, size) for _ in range(3))
        seconds = min(timed(lambda _: torch.mm(a, b, out=c), 1) for _ in range(12))
        return {"all_cores": 2 * size**3 / seconds}

    # --- prediction ---

    def ready(self, batch: int) -> str:
        scorer = Scorer(self._network).eval()
        window = Window(self.data, batch)
        inputs = torch.from_numpy(window.ids), torch.from_numpy(window.numbers)

        def candidate(threads: int, way: str) -> Callable[[], Callable[[int], Any]]:
            def made() -> Callable[[int], Any]:
                torch.set_num_threads(threads)
                with torch.inference_mode():
                    model: Any = scorer
                    if way == "traced":
                        model = torch.jit.optimize_for_inference(torch.jit.trace(scorer, inputs))
                    elif way == "compiled":
                        model = torch.compile(scorer, dynamic=False)

                def call(_: int) -> Any:
                    with torch.inference_mode():
                        return model(*inputs)

                return call

            return made

        options = {
            f"{threads} threads, {way}": candidate(threads, way)
            for threads, way in itertools.product(THREADS, (*WAYS, "traced"))
        }
        self._finalists[batch] = Finalists(options, torch.set_num_threads, window.fill)
        return self._finalists[batch].note

    def predict(self, batch: int, calls: int) -> float:
        return self._finalists[batch].median(calls)
