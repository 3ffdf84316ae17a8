"""Wide & Deep opened up: its tensors, and the names that its ids stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ..compare.run import WIDE_DEEP, Run
from .names import Names, name_ids
from .projection import Map, maps


@dataclass(frozen=True)
class Inside:
    run: Run
    model: Any  # the CTRModel
    features: npt.NDArray[Any]  # of all records
    tensors: Mapping[str, npt.NDArray[Any]]
    names: Names
    least: int  # how often an id has to be seen for an embedding of its own

    @property
    def trained(self) -> npt.NDArray[Any]:
        """The rows that the split leaves for training."""
        return np.setdiff1d(np.arange(len(self.run.labels)), self.run.test)

    @cached_property
    def maps(self) -> list[Map]:
        """Worked out once, for the page and for results.json: it takes seconds."""
        return maps(self.tensors, self.names, self.least)


def look_inside(run: Run) -> Optional[Inside]:
    """None where the model cannot tell."""
    outcome = run.outcome(WIDE_DEEP)
    estimator: Any = getattr(outcome.model, "model", None) if outcome is not None else None
    if outcome is None or outcome.features is None or not hasattr(estimator, "tensors_"):
        return None
    names = name_ids(run.log.records, outcome.features)
    least = estimator.info_["options"].get("min_count", 1)
    return Inside(run, outcome.model, outcome.features, estimator.tensors_(), names, least)
