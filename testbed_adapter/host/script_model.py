"""What the testbed's stand-alone script (training_tab/ctr_lr_model.py) has for scikit-learn's LogisticRegression under
the switch: Wide & Deep that takes that class's arguments and has its `coef_`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ..estimator.columns import CATEGORICAL, NUMERIC, Column
from ..estimator.schema import Schema
from ..estimator.wide_deep import WideDeepClassifier
from ..native.model import NativeModel
from ..native.tensors import FIRST, UNKNOWN, ensemble_mean, vocabulary

Array = npt.NDArray[Any]
# The script's table has each number in several forms, which the wide part's penalty makes up for; and its logs are
# small, so that rows held out for early stopping are missed more than they help. No coefficient could tell of a cross.
_OPTIONS: dict[str, Any] = {
    **{"hidden_units": (64, 32), "crosses": (), "l2": 5.0},
    **{"early_stopping": False, "epochs": 8},
}


class WideDeepWithCoefficients(WideDeepClassifier):
    """A WideDeepClassifier in the place of scikit-learn's LogisticRegression, on columns of numbers.

    Columns that hold 0 and 1 alone (one-hot, bool) feed the wide part, the others both parts. There are no crosses.

    Parameters
    ----------
    class_weight, random_state, verbose, warm_start, n_jobs : as WideDeepClassifier's
    penalty, dual, tol, C, fit_intercept, intercept_scaling, solver, max_iter, multi_class, l1_ratio
        LogisticRegression's, taken so that a call written for it works; without effect here.

    Attributes
    ----------
    coef_ : array (1, n_features_in_), in log-odds per unit of the column
        The wide part's share of each column, as a line: for a column of 0 and 1 weight(1) − weight(0); for any other,
        whose wide part is a weight a bin, the slope of the least-squares line through the training rows' weights. 0 for
        a column that is constant in training. What the deep part makes of a column is not in it, so unlike a logistic
        regression's coefficients these do not give the predictions.
        Weights are means over the models of the ensemble.
    intercept_ : array (1,), such that X @ coef_[0] + intercept_ is the wide part's logit with those lines in the place
        of its weights
    and WideDeepClassifier's. A file written by `save` keeps no coefficients (a pickle does): `load` gives a plain
    WideDeepClassifier.
    """

    def __init__(
        self,
        penalty: Any = "l2",
        *,
        dual: bool = False,
        tol: float = 1e-4,
        C: float = 1.0,
        fit_intercept: bool = True,
        intercept_scaling: float = 1,
        class_weight: Any = None,
        random_state: Any = None,
        solver: str = "lbfgs",
        max_iter: int = 100,
        multi_class: str = "auto",
        verbose: int = 0,
        warm_start: bool = False,
        n_jobs: Optional[int] = None,
        l1_ratio: Optional[float] = None,
    ) -> None:
        super().__init__(
            **_OPTIONS,
            class_weight=class_weight,
            random_state=random_state,
            verbose=verbose,
            warm_start=warm_start,
            n_jobs=n_jobs,
        )
        self.penalty = penalty
        self.dual = dual
        self.tol = tol
        self.C = C
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.solver = solver
        self.max_iter = max_iter
        self.multi_class = multi_class
        self.l1_ratio = l1_ratio

    def _fit_this(self, X: Any, *arguments: Any) -> Any:
        ended = super()._fit_this(X, *arguments)
        tensors = self.tensors_()
        slopes, intercept = [], float(ensemble_mean(tensors, "bias")[0])
        for name, kind, column in zip(self._schema.names, self._schema.kinds, self._read(X, reset=False)):
            values = column.array.to_numpy(zero_copy_only=False)
            slope, start = _line(values, _wide_weights(name, kind, values, tensors))
            slopes.append(slope)
            intercept += start
        self.coef_ = np.array([slopes])
        self.intercept_ = np.array([intercept])
        return ended

    def _read(self, X: Any, reset: bool) -> list[Any]:
        columns = super()._read(X, reset)
        # Bools become 0 and 1: pandas' releases differ in which of them one-hot columns are.
        return [Column(column.as_kind(NUMERIC, name)) for column, name in zip(columns, self._names())]

    def _make_schema(self, names: list[str], columns: list[Any]) -> Schema:
        schema = super()._make_schema(names, columns)
        for index, column in enumerate(columns):
            if column.array.null_count == 0 and set(column.array.unique().to_pylist()) <= {0.0, 1.0}:
                schema.kinds[index] = CATEGORICAL
                schema.features[index].update(kind=CATEGORICAL, part="wide")
            else:
                schema.features[index]["part"] = "both"  # coefficients are the wide part's
        return schema

    @classmethod
    def _of_native(cls, native: NativeModel) -> WideDeepClassifier:
        return WideDeepClassifier._of_native(native)


def _wide_weights(name: str, kind: str, values: Array, tensors: Mapping[str, Array]) -> Array:
    """The wide part's weight of each value of a column, by the model file's tensors."""
    weights = ensemble_mean(tensors, f"wide.{name}.weight").ravel().astype(np.float64)
    if kind == CATEGORICAL:
        rows = {entry: row for row, entry in enumerate(vocabulary(tensors, name), start=FIRST)}
        return weights[np.where(values == 1, rows.get("1", UNKNOWN), rows.get("0", UNKNOWN))]
    # Rows of numbers: missing values, then values with a bin of their own, then the bins between the edges.
    modes, edges = tensors[f"bins.{name}.modes"], tensors[f"bins.{name}.edges"]
    rows_of = 1 + len(modes) + np.searchsorted(edges, values, side="right")
    for row, mode in enumerate(modes, start=1):
        rows_of[values == mode] = row
    return weights[np.where(np.isnan(values), 0, rows_of)]


def _line(values: Array, weights: Array) -> tuple[float, float]:
    """Slope and intercept of the least-squares line through (value, weight), missing values apart."""
    known = ~np.isnan(values)
    values, weights = values[known], weights[known]
    if not len(values):
        return 0.0, 0.0
    centred = values - values.mean()
    spread = float(centred @ centred)
    slope = float(centred @ weights) / spread if spread > 0 else 0.0
    return slope, float(weights.mean() - slope * values.mean())
