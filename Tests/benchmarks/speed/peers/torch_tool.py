"""torch as one would tune it by hand: no DataLoader, one table for all fields, sparse gradients and sparse AdaGrad for
it, fused AdaGrad for the dense layers, and the faster ones of a few ways to write it, by trial."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..data import NUMBERS, VOCABULARY, Data
from ..work import FIELDS, Work
from .tool import (
    ACCUMULATOR,
    IS_QUICK,
    LEARNING_RATE,
    SCALE,
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

IDS = sum(VOCABULARY)
torch._dynamo.config.recompile_limit = 64  # of one class's forward: each trial and batch size is one
WAYS = ("eager",) if IS_QUICK else ("eager", "compiled")  # compilation takes a minute in all


def make(data: Data, folder: Path) -> Tool:
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "inductor")
    return TorchTool(data, folder)


class Dense(nn.Module):
    """What comes after the tables: (rows, fields × dim), (rows, numbers) and the wide sums in, logits out."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = FIELDS * work.dimension + NUMBERS
        for units in work.hidden:
            layers += [nn.Linear(width, units), nn.ReLU()]
            width = units
        self.layers = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, embedded: Any, numbers: Any, wide: Any) -> Any:
        return self.layers(torch.cat((embedded.flatten(1), numbers), 1)).squeeze(1) + wide


class JointTable(nn.Module):
    """A row of the table is an id's wide weight and its embedding: gathered once, and its gradients summed once."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.table = nn.Embedding(IDS, 1 + work.dimension, sparse=True, _weight=_new(IDS, 1 + work.dimension))
        with torch.no_grad():
            self.table.weight[:, 0] = 0

    def forward(self, ids: Any) -> tuple[Any, Any]:
        rows = self.table(ids)
        return rows[:, :, 1:], rows[:, :, 0].sum(1)

    def parts(self) -> tuple[Any, Any]:
        return self.table.weight[:, 1:], self.table.weight[:, :1]


class TwoTables(nn.Module):
    def __init__(self, work: Work) -> None:
        super().__init__()
        self.embeddings = nn.Embedding(IDS, work.dimension, sparse=True, _weight=_new(IDS, work.dimension))
        self.wide = nn.EmbeddingBag(IDS, 1, mode="sum", sparse=True, _weight=torch.zeros(IDS, 1))

    def forward(self, ids: Any) -> tuple[Any, Any]:
        return self.embeddings(ids), self.wide(ids).squeeze(1)

    def parts(self) -> tuple[Any, Any]:
        return self.embeddings.weight, self.wide.weight


TABLES = {"one table": JointTable, "two tables": TwoTables}


def _new(rows: int, width: int) -> Any:
    return torch.empty(rows, width).normal_(0, SCALE)


class Network:
    """The model, its optimisers and a step."""

    def __init__(self, work: Work, tables: str, compiled: bool) -> None:
        torch.manual_seed(0)
        self.tables, self.dense = TABLES[tables](work), Dense(work)
        given = {"lr": LEARNING_RATE, "initial_accumulator_value": ACCUMULATOR}
        self.sparse = torch.optim.Adagrad(self.tables.parameters(), **given)
        self.fused = torch.optim.Adagrad(self.dense.parameters(), fused=True, **given)
        self.dense_call: Callable[..., Any] = torch.compile(self.dense, dynamic=False) if compiled else self.dense

    def step(self, ids: Any, numbers: Any, labels: Any) -> None:
        self.sparse.zero_grad(set_to_none=True)
        self.fused.zero_grad(set_to_none=True)
        embedded, wide = self.tables(ids)
        functional.binary_cross_entropy_with_logits(self.dense_call(embedded, numbers, wide), labels).backward()
        self.sparse.step()
        self.fused.step()


class Scorer(nn.Module):
    """The trained model for prediction alone: tables of their own, contiguous."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        embeddings, wide = (part.detach().clone().contiguous() for part in network.tables.parts())
        self.embeddings = nn.Embedding.from_pretrained(embeddings)
        self.wide = nn.EmbeddingBag.from_pretrained(wide, mode="sum")
        self.dense = network.dense

    def forward(self, ids: Any, numbers: Any) -> Any:
        return torch.sigmoid(self.dense(self.embeddings(ids), numbers, self.wide(ids).squeeze(1)))


class Exported(Scorer):
    """As above from operators that ONNX has one each of."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.wide = nn.Embedding.from_pretrained(self.wide.weight)

    def forward(self, ids: Any, numbers: Any) -> Any:
        return torch.sigmoid(self.dense(self.embeddings(ids), numbers, self.wide(ids).sum((1, 2))))


class TorchTool(TrainingTool):
    def __init__(self, data: Data, folder: Path) -> None:
        super().__init__(data)
        self._folder = folder
        self._ids = torch.from_numpy(data.joint_ids)
        self._numbers, self._labels = torch.from_numpy(data.numbers), torch.from_numpy(data.labels)
        self._order = torch.randperm(data.rows)
        self._place = 0
        self._chosen: dict[str, str] = {}
        self._finalists: dict[int, Finalists] = {}

    # --- training ---

    def build(self, work: Work) -> str:
        name = self._chosen.get(work.name) or self._chosen.setdefault(work.name, self._try(work))
        threads, tables, way = name.split(", ")
        torch.set_num_threads(int(threads.split()[0]))
        self._network = Network(work, tables, way == "compiled")
        return name

    def _try(self, work: Work) -> str:
        def candidate(threads: int, tables: str, way: str) -> Callable[[], Callable[[int], Any]]:
            def made() -> Callable[[int], Any]:
                torch.set_num_threads(threads)
                network = Network(work, tables, way == "compiled")
                places = [self._order[start : start + work.batch] for start in range(0, self.data.rows, work.batch)]
                return lambda index: network.step(*self._batch(places[index % len(places)]))

            return made

        names = {
            f"{threads} threads, {tables}, {way}": candidate(threads, tables, way)
            for threads, tables, way in itertools.product(THREADS, TABLES, WAYS)
        }
        return tried(names, TRIAL_SECONDS).fastest()

    def _batch(self, rows: Any) -> tuple[Any, Any, Any]:
        return self._ids.index_select(0, rows), self._numbers.index_select(0, rows), self._labels.index_select(0, rows)

    def run(self, rows: int) -> None:
        assert self.work is not None
        batch = self.work.batch
        for _ in range(rows // batch):
            if self._place + batch > self.data.rows:
                self._place, self._order = 0, torch.randperm(self.data.rows)
            self._network.step(*self._batch(self._order[self._place : self._place + batch]))
            self._place += batch

    def probabilities(self) -> Any:
        scorer = Scorer(self._network).eval()
        parts = []
        with torch.inference_mode():
            for start in range(0, self.data.rows, 4096):
                parts.append(scorer(self._ids[start : start + 4096], self._numbers[start : start + 4096]).numpy())
        return np.concatenate(parts)

    def save(self) -> str:
        """Writes the model for ONNX Runtime."""
        path = self._folder / "torch.onnx"
        model = Exported(self._network).eval()
        torch.onnx.export(
            model,
            (self._ids[:2], self._numbers[:2]),
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
