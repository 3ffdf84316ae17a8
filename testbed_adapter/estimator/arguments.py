"""An estimator's arguments: their types and ranges, looked at before each training, and as the library's options."""

from __future__ import annotations

import fractions
import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Any, Callable, NamedTuple, Optional

import joblib
import numpy as np
from sklearn.utils import check_random_state

from ..messages import Message
from ..messages import parameters as words
from ..native.architectures import architectures
from ..native.errors import ParameterError
from .labels import class_weights


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
    "cross_layers": _or_none(_int(1, 16)),
}


def check(estimator: Any) -> None:
    """ParameterError (a ValueError and a TypeError) for the first argument that is out of its type or range."""
    rules = {"model": _one_of(*(one["model"] for one in architectures())), **_RULES}
    for name, rule in rules.items():
        value = getattr(estimator, name)
        if not rule.holds(value):
            raise ParameterError(
                words.WRONG.format(name=name, value=value, estimator=type(estimator).__name__, wanted=rule.wanted)
            )


# Cross to the library under the same name. One that is None is not sent: the library's default holds then.
SENT = (
    *("dropout", "wide_optimizer", "deep_optimizer", "wide_learning_rate", "deep_learning_rate", "l1", "l2"),
    *("batch_size", "epochs", "patience", "validation_fraction", "min_count", "members", "numeric_bins"),
)


def training_options(estimator: Any) -> dict[str, Any]:
    """The library's that say how it is trained, which may change from one training to the next."""
    given = {name: getattr(estimator, name) for name in SENT}
    options = {name: _plain(value) for name, value in given.items() if value is not None}
    weights = class_weights(estimator.class_weight, estimator.classes_)
    if weights is not None:
        options["class_weight"] = weights
    return {
        **options,
        "early_stopping": bool(estimator.early_stopping),
        "refit": bool(estimator.refit),
        "n_jobs": _threads(estimator.n_jobs),
        "random_state": _seed(estimator.random_state),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return float(value) if isinstance(value, fractions.Fraction) else value


def _threads(n_jobs: Optional[int]) -> int:
    """scikit-learn's n_jobs as the library's, where 0 is all processors that this process may use."""
    if n_jobs is None or n_jobs == -1:
        return 0
    return int(n_jobs) if n_jobs > 0 else max(1, joblib.cpu_count() + 1 + int(n_jobs))


def _seed(random_state: Any) -> int:
    try:
        # Refuses what is none, and a negative or too large one, in scikit-learn's words.
        state = check_random_state(random_state)
    except ValueError as error:
        raise ParameterError(words.RANDOM_STATE.format(value=random_state, error=error)) from None
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    return int(state.randint(np.iinfo(np.int32).max))
