"""The types and ranges of an estimator's arguments, looked at before each training."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Any, Callable, NamedTuple

import numpy as np

from ..messages import Message
from ..messages import parameters as words
from ..native.errors import ParameterError


class _Rule(NamedTuple):
    wanted: Message
    holds: Callable[[Any], bool]


def _is_int(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_))


def _int(least: int, most: int) -> _Rule:
    return _Rule(words.WHOLE.format(least=least, most=most), lambda value: _is_int(value) and least <= value <= most)


def _float(wanted: Message, holds: Callable[[float], bool]) -> _Rule:
    def is_one(value: Any) -> bool:
        if not isinstance(value, numbers.Real) or isinstance(value, (bool, np.bool_)):
            return False
        try:
            return math.isfinite(value) and holds(float(value))
        except OverflowError:  # a whole number beyond any double
            return False

    return _Rule(wanted, is_one)


def _one_of(*values: str) -> _Rule:
    return _Rule(
        words.ONE_OF.format(values=", ".join(f'"{value}"' for value in values)),
        lambda value: isinstance(value, str) and value in values,
    )


def _or_none(rule: _Rule) -> _Rule:
    return _Rule(words.OR_NONE.format(wanted=rule.wanted), lambda value: value is None or rule.holds(value))


def _are_units(value: Any) -> bool:
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, (Sequence, np.ndarray)):
        return False
    if isinstance(value, np.ndarray) and value.ndim != 1:
        return False
    return len(value) <= 64 and all(_is_int(units) and 1 <= units <= 65536 for units in value)


def _is_bool(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_))


def _is_class_weight(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_float(words.NOT_NEGATIVE, lambda weight: weight >= 0).holds(weight) for weight in value.values())
    return value is None or (isinstance(value, str) and value == "balanced")


def _is_verbose(value: Any) -> bool:
    return _is_bool(value) or (_is_int(value) and value >= 0) or (isinstance(value, str) and value == "auto")


_OPTIMIZER = _or_none(_one_of("ftrl", "adagrad", "adam"))
_RATE = _or_none(_float(words.ABOVE_0, lambda rate: float(np.float32(min(rate, 3e38))) > 0 and rate <= 3e38))
_PENALTY = _or_none(_float(words.NOT_NEGATIVE, lambda penalty: penalty >= 0))
_MILLION = 1_000_000
_BOOL = _Rule(words.BOOL, _is_bool)

_RULES: dict[str, _Rule] = {
    "embedding_dim": _or_none(_int(1, 4096)),
    "hidden_units": _Rule(words.UNITS, _are_units),
    "dropout": _or_none(_float(words.SHARE, lambda share: 0 <= share < 1)),
    "wide_optimizer": _OPTIMIZER,
    "deep_optimizer": _OPTIMIZER,
    "wide_learning_rate": _RATE,
    "deep_learning_rate": _RATE,
    "l1": _PENALTY,
    "l2": _PENALTY,
    "batch_size": _or_none(_int(1, 1 << 20)),
    "epochs": _or_none(_int(1, _MILLION)),
    "early_stopping": _BOOL,
    "patience": _or_none(_int(1, _MILLION)),
    "refit": _BOOL,
    "validation_fraction": _or_none(_float(words.SHARE, lambda share: 0 <= share < 1)),
    "min_count": _or_none(_int(1, 10**9)),
    "numeric_bins": _or_none(_int(1, 1024)),
    "members": _or_none(_int(1, 64)),
    "class_weight": _Rule(words.CLASS_WEIGHT, _is_class_weight),
    "warm_start": _BOOL,
    "n_jobs": _Rule(
        words.N_JOBS,
        lambda value: value is None or (_is_int(value) and value != 0),
    ),
    "verbose": _Rule(words.VERBOSE, _is_verbose),
    "part": _one_of("wide_deep", "wide", "deep"),
}


def check(estimator: Any) -> None:
    """ParameterError (a ValueError and a TypeError) for the first argument that is out of its type or range."""
    for name, rule in _RULES.items():
        value = getattr(estimator, name)
        if not rule.holds(value):
            raise ParameterError(
                words.WRONG.format(name=name, value=value, estimator=type(estimator).__name__, wanted=rule.wanted)
            )
