"""Means over seeds, their standard errors, and differences paired by seed."""

from __future__ import annotations

from typing import NamedTuple, Optional

import numpy as np
from scipy.stats import t

from .datasets import DATA_SETS
from .models import MODELS, PART, PEER
from .protocol import AUC, Outcome


class Mean(NamedTuple):
    value: float
    error: float  # nan for a single seed

    def text(self, signed: bool = False) -> str:
        value = f"{self.value:{'+' if signed else ''}.4f}".replace("-", "−")
        return value if np.isnan(self.error) else f"{value} ± {self.error:.4f}"


def is_noise(mean: Mean, count: int) -> bool:
    """Whether so many seeds cannot tell it from 0: their 95% interval, Student's, holds 0, or there is but one."""
    if count < 2:
        return mean.value != 0
    return mean.error > 0 and abs(mean.value) <= half_interval(mean, count)


def half_interval(mean: Mean, count: int) -> float:
    """Half of the 95% interval, Student's, over so many seeds, two at least."""
    return float(t.ppf(0.975, count - 1) * mean.error)


def mean(values: np.ndarray) -> Mean:
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return Mean(float(values.mean()), float(error))


def difference(outcome: Outcome, model: str, figure: str, other: str = "ours") -> Mean:
    """The model's figure less the other's, seed by seed."""
    return mean(outcome.values(model, figure) - outcome.values(other, figure))


def share(outcome: Outcome, model: str) -> Optional[Mean]:
    """The part of the AUC gap between the testbed's LR and the oracle that a model closes: the means' ratio, with its
    standard error by the delta method. None where one of the three was not run."""
    if not {model, "testbed-lr", "oracle"} <= outcome.cells.keys():
        return None
    low = outcome.values("testbed-lr", AUC)
    gap, won = outcome.values("oracle", AUC) - low, outcome.values(model, AUC) - low
    ratio = won.mean() / gap.mean()
    return Mean(float(ratio), mean((won - ratio * gap) / gap.mean()).error)


def of_role(outcome: Outcome, role: str) -> list[str]:
    return [model for model in outcome.cells if MODELS[model].role == role]


def best(outcome: Outcome, figure: str, models: list[str]) -> str:
    """The one with the best mean."""
    sign = 1 if figure == AUC else -1
    return max(models, key=lambda model: sign * outcome.values(model, figure).mean())


def peers(outcome: Outcome) -> list[str]:
    return of_role(outcome, PEER)


def parts(outcome: Outcome) -> list[str]:
    return of_role(outcome, PART)


def click_logs(outcomes: list[Outcome]) -> list[Outcome]:
    """Those of click logs, the shortest first."""
    found = [outcome for outcome in outcomes if outcome.cells and DATA_SETS[outcome.name].records]
    return sorted(found, key=lambda outcome: DATA_SETS[outcome.name].records or 0)
