"""What scikit-learn spells differently from release to release, from 1.2 on."""

from __future__ import annotations

import inspect
from typing import Any

import pyarrow as pa
import sklearn
from sklearn.utils import check_array
from sklearn.utils.validation import _check_sample_weight

from ..messages import training as words

_VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
_FINITE = (
    "ensure_all_finite" if "ensure_all_finite" in inspect.signature(check_array).parameters else "force_all_finite"
)

if _VERSION >= (1, 6):
    from sklearn.utils.validation import _check_feature_names, _check_n_features
else:

    def _check_feature_names(estimator: Any, X: Any, *, reset: bool) -> None:
        estimator._check_feature_names(X, reset=reset)

    def _check_n_features(estimator: Any, X: Any, *, reset: bool) -> None:
        estimator._check_n_features(X, reset=reset)


class _Header:
    """A table's shape and column names, for releases that take any `columns` for pandas' own."""

    def __init__(self, table: pa.Table) -> None:
        self.columns = table.column_names
        self.shape = table.shape


def checked_array(X: Any, estimator_name: str) -> Any:
    """A two-dimensional NumPy array of whatever dtype; NaN may be in it, infinity may not."""
    return check_array(X, dtype=None, estimator=estimator_name, **{_FINITE: "allow-nan"})


def check_features(estimator: Any, X: Any, reset: bool) -> None:
    """Sets (reset) or compares n_features_in_ and feature_names_in_."""
    if isinstance(X, pa.Table) and _VERSION < (1, 3):
        X = _Header(X)
    _check_feature_names(estimator, X, reset=reset)
    _check_n_features(estimator, X, reset=reset)


def checked_weights(sample_weight: Any, rows: Any) -> Any:
    """Weights as float64, one a row, none of them negative."""
    try:
        weights = _check_sample_weight(sample_weight, rows, dtype="float64")
    except (ValueError, TypeError) as error:
        if "sample_weight" in str(error):
            raise
        raise ValueError(words.NO_WEIGHTS.format(error=error)) from None
    if (weights < 0).any():
        raise ValueError(words.NEGATIVE_WEIGHTS)
    return weights
