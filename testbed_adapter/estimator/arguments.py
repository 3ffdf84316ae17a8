"""An estimator's arguments: their types and ranges, looked at before each training, and as the library's options."""

from __future__ import annotations

import fractions
import functools
import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Optional

import joblib
import numpy as np
from sklearn.utils import check_random_state

from ..messages import Message
from ..messages import parameters as words
from ..native.architectures import options
from ..native.errors import ParameterError
from .labels import class_weights

# The library's options of the same names: what a model is made of, and how it is trained, which may change from one
# training to the next. One that is None is not sent: the library's default holds then.
SHAPE = ("model", "part", "embedding_dim", "hidden_units", "cross_layers")
TRAINING = (
    *("dropout", "wide_optimizer", "deep_optimizer", "wide_learning_rate", "deep_learning_rate", "l1", "l2"),
    *("batch_size", "epochs", "early_stopping", "patience", "refit", "validation_fraction", "min_count", "members"),
    "numeric_bins",
)
_NEVER_NONE = ("model", "part", "hidden_units", "early_stopping", "refit")

Option = Mapping[str, Any]  # an entry of the library's list
Rule = tuple[Message, Callable[[Any], bool]]


def _is_bool(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_))


def _is_int(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not _is_bool(value)


def _is_between(value: Any, least: float, greatest: float) -> bool:
    if not isinstance(value, numbers.Real) or _is_bool(value):
        return False
    try:
        return math.isfinite(value) and least <= float(value) <= greatest
    except OverflowError:  # a whole number beyond any double
        return False


def _is_in_range(value: Any, option: Option) -> bool:
    return _is_between(value, option["least"], option["greatest"])


def _are_units(value: Any, option: Option) -> bool:
    if isinstance(value, (str, bytes)) or not isinstance(value, (Sequence, np.ndarray)):
        return False
    if getattr(value, "ndim", 1) != 1 or len(value) > option["most"]:
        return False
    return all(_is_int(units) and _is_in_range(units, option) for units in value)


def _is_class_weight(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_is_between(weight, 0, math.inf) for weight in value.values())
    return value is None or (isinstance(value, str) and value == "balanced")


def _is_verbose(value: Any) -> bool:
    return _is_bool(value) or (_is_int(value) and value >= 0) or (isinstance(value, str) and value == "auto")


# By the type of the library's option.
_RULES: dict[str, tuple[Message, Callable[[Any, Option], bool]]] = {
    "bool": (words.BOOL, lambda value, option: _is_bool(value)),
    "choice": (words.ONE_OF, lambda value, option: isinstance(value, str) and value in option["choices"]),
    "int": (words.WHOLE, lambda value, option: _is_int(value) and _is_in_range(value, option)),
    "ints": (words.UNITS, _are_units),
    "number": (words.NUMBER, _is_in_range),
    "share": (words.SHARE, _is_in_range),
}
# What scikit-learn has, or means, otherwise than the library.
_OWN: dict[str, Rule] = {
    "class_weight": (words.CLASS_WEIGHT, _is_class_weight),
    "warm_start": (words.BOOL, _is_bool),
    "n_jobs": (words.N_JOBS, lambda value: value is None or (_is_int(value) and value != 0)),
    "verbose": (words.VERBOSE, _is_verbose),
}


@functools.cache
def _rule(name: str) -> Rule:
    option = options()[name]
    wanted, holds = _RULES[option["type"]]
    choices = ", ".join(f'"{one}"' for one in option.get("choices", ()))
    wanted = wanted.format(**{**option, "choices": choices})
    if name in _NEVER_NONE:
        return wanted, lambda value: holds(value, option)
    return words.OR_NONE.format(wanted=wanted), lambda value: value is None or holds(value, option)


def check(estimator: Any) -> None:
    """ParameterError (a ValueError and a TypeError) for the first argument that is out of its type or range."""
    for name in (*SHAPE, *TRAINING, *_OWN):
        value, (wanted, holds) = getattr(estimator, name), _OWN.get(name) or _rule(name)
        if not holds(value):
            kind = type(estimator).__name__
            raise ParameterError(words.WRONG.format(name=name, value=value, estimator=kind, wanted=wanted))


def shape_options(estimator: Any) -> dict[str, Any]:
    """The library's that say what a new model is made of."""
    return _given(estimator, SHAPE)


def training_options(estimator: Any) -> dict[str, Any]:
    """The library's that say how it is trained."""
    weights = class_weights(estimator.class_weight, estimator.classes_)
    return {
        **_given(estimator, TRAINING),
        **({} if weights is None else {"class_weight": weights}),
        "n_jobs": _threads(estimator.n_jobs),
        "random_state": _seed(estimator.random_state),
    }


def _given(estimator: Any, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(estimator, name) for name in names}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple, np.ndarray)):
        return [int(units) for units in value]
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
