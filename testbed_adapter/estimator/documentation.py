"""The estimators' docstrings, made when they are asked for: what an option of the library's means, its list says."""

from __future__ import annotations

import inspect
from typing import Any, TypeVar

from ..native.architectures import options
from ..native.errors import LibraryError

Class = TypeVar("Class")

_COMMON = """Unknown categories and missing values (None, NaN, NA) are fine at any time. Not for sparse X.

Every argument that is None takes the library's default; `info_["options"]` says after fit what that was. One that the
model does not read is refused where it is not the default: `testbed_adapter.models()` lists what each reads."""

# Those that scikit-learn has, and those that mean more here than to the library.
_OWN = {
    "categorical_features": """"auto" or a list of column names, indices, or a boolean mask
    Columns of numbers to take as categories (ids, codes). Columns of text, booleans and pandas categories always
    are, columns of lists are multi-valued categories; "auto" adds none to these.""",
    "crosses": """"auto", or a sequence of tuples of two or more column names or indices
    Combinations that have a weight of their own. Numeric members take part by their bin. For Wide & Deep "auto"
    tries the pairs of up to 50 columns by their gain on rows not seen and keeps those few that pay; `crosses_` says
    which. () is none.""",
    "class_weight": """dict of label to weight, "balanced", or None
    Weights make the probabilities those of the weighted data, no longer click rates.""",
    "warm_start": """bool
    fit continues from the present weights, with new categories added; what the model is made of (columns, part,
    crosses, layer sizes) stays that of the first fit.""",
    "n_jobs": """int or None
    None and -1 are all processors that this process may use. The answer does not depend on it.""",
    "random_state": "int, RandomState or None. The same int, the same bits.",
    "verbose": """"auto" or int
    0: silent; 1: a progress bar; 2: a line an epoch; "auto": a bar where stderr is a terminal.""",
}
_ATTRIBUTES = """Attributes
----------
classes_ : array of the two labels; probabilities' columns are in this order
n_features_in_, feature_names_in_ : as in scikit-learn; the names where X had string names
training_history_ : list of dicts, one an epoch, as `pandas.DataFrame` takes them: epoch, train_log_loss, train_auc,
    validation_log_loss, validation_auc, validation_calibration, seconds, rows_per_second
feature_importances_ : array (n_features_in_,), by how much the log loss on held-out rows grows when a column's
    values are shuffled; a feature of several columns shares it evenly
crosses_ : list of (tuple of column names, gain) of the crosses that "auto" found, the best first: by how many nats
    a row each lowers the log loss on rows not seen, beyond what stands before it
info_ : dict, the whole of what the library tells of the model"""


class _Docstring:
    def __init__(self, summary: str) -> None:
        self._summary = summary

    def __get__(self, instance: Any, owner: type) -> str:
        names = inspect.signature(owner).parameters
        try:
            told = {name: _told(option) for name, option in options().items()}
        except LibraryError:
            told = dict.fromkeys(names, "an option of the library, which cannot be loaded")
        arguments = [f"{name} : {(told | _OWN)[name]}" for name in names]
        return "\n".join([self._summary, "", _COMMON, "", "Parameters\n----------", *arguments, "", _ATTRIBUTES])


def _told(option: dict[str, Any]) -> str:
    default = f", by default {option['default']}" if option["default"] is not None else ""
    values = option["range"].replace("null", "None").replace("true or false", "bool")
    return f"{values}{default}\n    {option['about']}"


def documented(kind: type[Class]) -> type[Class]:
    """A class of estimators, whose docstring says what it is. It then says its arguments and attributes too."""
    kind.__doc__ = _Docstring(inspect.cleandoc(kind.__doc__ or ""))  # type: ignore[assignment]
    return kind
