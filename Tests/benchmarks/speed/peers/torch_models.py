"""The models in torch: tables, each in the ways that may be the fastest, and what comes after them, as their papers and
Sources/CTRModels/Architectures have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ..work import Work
from .tool import SCALE

# --- tables: gathered outside of what is compiled, as their gradients are sparse, and split inside ---


class JointTable(nn.Module):
    """A row of the table is an id's weight and its embedding: gathered once, and its gradients summed once."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.table = _embedding(work.ids, 1 + work.dimension)
        with torch.no_grad():
            self.table.weight[:, 0] = 0

    def forward(self, ids: Any) -> tuple[Any, ...]:
        return (self.table(ids),)

    @staticmethod
    def split(rows: Any) -> tuple[Any, Any]:
        """The embeddings, (rows, fields, dim), and the sums of the weights."""
        return rows[:, :, 1:], rows[:, :, 0].sum(1)

    def parts(self) -> tuple[Any, Any]:
        return self.table.weight[:, 1:], self.table.weight[:, :1]


class TwoTables(nn.Module):
    def __init__(self, work: Work, weights: nn.Module) -> None:
        super().__init__()
        self.embeddings, self.weights = _embedding(work.ids, work.dimension), weights

    def forward(self, ids: Any) -> tuple[Any, ...]:
        return self.embeddings(ids), self.weights(ids)

    @staticmethod
    def split(embedded: Any, weights: Any) -> tuple[Any, Any]:
        return embedded, weights.flatten(1).sum(1)

    def parts(self) -> tuple[Any, Any]:
        return self.embeddings.weight, self.weights.weight


class Weights(nn.Module):
    """No embeddings."""

    def __init__(self, weights: nn.Module) -> None:
        super().__init__()
        self.weights = weights

    def forward(self, ids: Any) -> tuple[Any, ...]:
        return (self.weights(ids),)

    @staticmethod
    def split(weights: Any) -> tuple[Any, Any]:
        return None, weights.flatten(1).sum(1)


class Embeddings(nn.Module):
    """No weights."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.embeddings = _embedding(work.ids, work.dimension)

    def forward(self, ids: Any) -> tuple[Any, ...]:
        return (self.embeddings(ids),)

    @staticmethod
    def split(embedded: Any) -> tuple[Any, Any]:
        return embedded, None


def _embedding(rows: int, width: int) -> nn.Embedding:
    return nn.Embedding(rows, width, sparse=True, _weight=torch.empty(rows, width).normal_(0, SCALE))


def _bag(work: Work, sparse: bool = True) -> nn.Module:
    return nn.EmbeddingBag(work.ids, 1, mode="sum", sparse=sparse, _weight=torch.zeros(work.ids, 1))


def _column(work: Work) -> nn.Module:
    """A dense gradient of a weight an id, and so the fused optimiser for it, may cost less than a sparse one."""
    return nn.Embedding(work.ids, 1, _weight=torch.zeros(work.ids, 1))


def tables(work: Work) -> dict[str, Callable[[], Any]]:
    """Ways to keep what the model has of each id, by their names."""
    if not work.dimension:
        return {
            "sparse sums": lambda: Weights(_bag(work)),
            "dense sums": lambda: Weights(_bag(work, sparse=False)),
            "dense rows": lambda: Weights(_column(work)),
        }
    if work.cross_layers:
        return {"one table": lambda: Embeddings(work)}
    return {
        "one table": lambda: JointTable(work),
        "two tables": lambda: TwoTables(work, _bag(work)),
        "two tables and dense weights": lambda: TwoTables(work, _column(work)),
    }


# --- heads: (rows, fields, dim) embeddings, (rows,) sums of weights and (rows, numbers) in, logits out ---


class Tower(nn.Module):
    def __init__(self, width: int, hidden: tuple[int, ...]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for units in hidden:
            layers += [nn.Linear(width, units), nn.ReLU()]
            width = units
        self.layers = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, inputs: Any) -> Any:
        return self.layers(inputs).squeeze(1)


class WideDeep(nn.Module):
    def __init__(self, work: Work) -> None:
        super().__init__()
        self.deep = Tower(work.inputs, work.hidden)

    def forward(self, embedded: Any, wide: Any, numbers: Any) -> Any:
        return self.deep(torch.cat((embedded.flatten(1), numbers), 1)) + wide


class LogisticRegression(nn.Module):
    def __init__(self, work: Work) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, embedded: None, sums: Any, numbers: None) -> Any:
        return sums + self.bias


def pairs(vectors: Any) -> Any:
    """The sum of the products of all pairs of a row's vectors, by the square of their sum (Rendle, 2010, lemma 3.1)."""
    return 0.5 * (vectors.sum(1).square() - vectors.square().sum(1)).sum(1)


class FactorizationMachine(LogisticRegression):
    def forward(self, embedded: Any, sums: Any, numbers: None) -> Any:
        return super().forward(None, sums, numbers) + pairs(embedded)


class DeepFM(nn.Module):
    def __init__(self, work: Work) -> None:
        super().__init__()
        self.deep = Tower(work.inputs, work.hidden)

    def forward(self, embedded: Any, sums: Any, numbers: None) -> Any:
        return sums + pairs(embedded) + self.deep(embedded.flatten(1))


class DeepCross(nn.Module):
    """The cross network's weights are vectors."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        width, deviation = work.inputs, work.inputs**-0.5
        self.weights = nn.Parameter(torch.empty(work.cross_layers, width).normal_(0, deviation))
        self.biases = nn.Parameter(torch.zeros(work.cross_layers, width))
        self.output = nn.Linear(width, 1)
        self.deep = Tower(width, work.hidden)

    def forward(self, embedded: Any, sums: None, numbers: Any) -> Any:
        first = crossed = torch.cat((embedded.flatten(1), numbers), 1)
        for weights, bias in zip(self.weights, self.biases):
            crossed = torch.addcmul(crossed + bias, first, (crossed @ weights).unsqueeze(1))
        return self.output(crossed).squeeze(1) + self.deep(first)


class DeepCrossV2(nn.Module):
    """They are whole matrices."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        width = work.inputs
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(work.cross_layers))
        self.output = nn.Linear(width, 1)
        self.deep = Tower(width, work.hidden)

    def forward(self, embedded: Any, sums: None, numbers: Any) -> Any:
        first = crossed = torch.cat((embedded.flatten(1), numbers), 1)
        for layer in self.layers:
            crossed = torch.addcmul(crossed, first, layer(crossed))
        return self.output(crossed).squeeze(1) + self.deep(first)


HEADS: dict[str, Callable[[Work], nn.Module]] = {
    "wide_deep": WideDeep,
    "lr": LogisticRegression,
    "fm": FactorizationMachine,
    "deepfm": DeepFM,
    "dcn": DeepCross,
    "dcn_v2": DeepCrossV2,
}
