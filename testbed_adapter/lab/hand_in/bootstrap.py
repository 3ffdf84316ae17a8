"""How far chance in the test rows reaches: the paired bootstrap of two models' AUC and log loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..compare.ablation import Interval

Array = npt.NDArray[Any]

DRAWS = 1000
FIGURES = ("auc", "log_loss")  # of the last axis below


class _Ordered:
    """One model's predictions, sorted once for all resamples."""

    def __init__(self, labels: Array, probabilities: Array) -> None:
        self._order = np.argsort(probabilities, kind="stable")
        ordered = probabilities[self._order]
        # Equal predictions stand in one group: each pair of them counts half.
        self._starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        least = np.finfo(np.float64).eps  # as scikit-learn's log_loss has it
        kept = np.clip(probabilities, least, 1 - least)
        self._losses = -np.where(labels == 1, np.log(kept), np.log1p(-kept))

    def figures(self, times: Array, clicks: Array) -> tuple[float, float]:
        """AUC and log loss where each row stands so many times, and so many of them clicks."""
        clicked = np.add.reduceat(clicks[self._order], self._starts)
        others = np.add.reduceat((times - clicks)[self._order], self._starts)
        below = np.cumsum(others) - others
        auc = (clicked * (below + others / 2)).sum() / (clicked.sum() * others.sum())
        return float(auc), float(times @ self._losses / times.sum())


def resampled(
    labels: Array, predictions: Mapping[str, Array], seed: int, draws: int = DRAWS
) -> dict[str, npt.NDArray[np.float64]]:
    """Each model's figures on resamples of the rows, drawn with replacement, the same for all models: shape (draws, 2).
    A resample without a click, or with nothing else, has no AUC and is left out."""
    rng = np.random.default_rng([seed, 6])
    ordered = {key: _Ordered(labels, probabilities) for key, probabilities in predictions.items()}
    found: dict[str, list[tuple[float, float]]] = {key: [] for key in predictions}
    rows = len(labels)
    for _ in range(draws):
        times = np.bincount(rng.integers(rows, size=rows), minlength=rows)
        clicks = times * labels
        if 0 < clicks.sum() < rows:
            for key, model in ordered.items():
                found[key].append(model.figures(times, clicks))
    return {key: np.array(figures).reshape(-1, len(FIGURES)) for key, figures in found.items()}


@dataclass(frozen=True)
class Difference:
    """A figure of one model less that of another, with its 95% interval over the resamples."""

    model: str
    other: str
    figure: str
    interval: Interval

    @property
    def better(self) -> str:
        """The key of the better one; empty where the interval holds 0."""
        low, high = self.interval.low, self.interval.high
        if low <= 0 <= high:
            return ""
        return self.model if (low > 0) == (self.figure == "auc") else self.other


def differences(
    measured: Mapping[str, Mapping[str, float]], resamples: Mapping[str, Array], model: str
) -> list[Difference]:
    """Of the model to each of the others, in their order. `measured` are the figures on the test rows themselves."""
    found = []
    for other in resamples:
        if other == model:
            continue
        spread = resamples[model] - resamples[other]
        for place, figure in enumerate(FIGURES):
            low, high = np.quantile(spread[:, place], (0.025, 0.975)).tolist()
            interval = Interval(measured[model][figure] - measured[other][figure], low, high)
            found.append(Difference(model, other, figure, interval))
    return found
