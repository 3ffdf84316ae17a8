"""What a model file's tensors are: vocabularies, and the weights of each model of an ensemble. The first model's have
plain names, the others' a prefix."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
# Rows of a feature's tensors: before those of its vocabulary's entries stand those of missing and unknown values.
UNKNOWN, FIRST = 1, 2


def vocabulary(tensors: Mapping[str, Array], feature: str) -> list[str]:
    """A feature's, in the order of its rows."""
    data = tensors[f"vocabulary.{feature}.bytes"].tobytes()
    ends = tensors[f"vocabulary.{feature}.offsets"].tolist()
    return [data[start:end].decode("utf-8", "replace") for start, end in zip(ends, ends[1:])]


def of_ensemble(tensors: Mapping[str, Array], name: str) -> list[Array]:
    """A tensor as each model has it; none where they have no such tensor."""
    others = (f"members.{member}.{name}" for member in itertools.count(1))
    return [tensors[one] for one in itertools.takewhile(tensors.__contains__, itertools.chain([name], others))]


def ensemble_mean(tensors: Mapping[str, Array], name: str) -> Array:
    """What the ensemble adds for it, where the logit is linear in the tensor: bias and wide weights. KeyError where the
    models have no such tensor."""
    found = of_ensemble(tensors, name)
    if not found:
        raise KeyError(name)
    mean: Array = np.mean(found, axis=0)
    return mean
