"""The models of an ensemble in a model file: the first one's tensors have plain names, the others' a prefix."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def of_members(tensors: Mapping[str, Array], name: str) -> list[Array]:
    """A tensor as each member has it; none where the model has no such tensor."""
    others = (f"members.{member}.{name}" for member in itertools.count(1))
    return [tensors[one] for one in itertools.takewhile(tensors.__contains__, itertools.chain([name], others))]


def mean_of_members(tensors: Mapping[str, Array], name: str) -> Array:
    """What the ensemble adds for it, where the logit is linear in the tensor: bias and wide weights. KeyError where the
    model has no such tensor."""
    found = of_members(tensors, name)
    if not found:
        raise KeyError(name)
    mean: Array = np.mean(found, axis=0)
    return mean
