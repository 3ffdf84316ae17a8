"""Labels of two classes as 0 and 1, and weights, as scikit-learn's conventions have them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target

_PLAIN_LABEL = "label"


def checked_target(y: Any) -> npt.NDArray[Any]:
    """y as a one-dimensional array of class labels. ValueError if it holds none, or more than two classes."""
    if y is None:
        raise ValueError("requires y to be passed, but the target y is None")
    if hasattr(y, "to_numpy") and type(y).__module__.split(".")[0] == "pyarrow":
        y = y.to_numpy() if hasattr(y, "chunks") else y.to_numpy(zero_copy_only=False)
    target = column_or_1d(y, warn=True)
    if target.dtype.kind == "f" and not np.isfinite(target).all():
        raise ValueError("Input y contains NaN or infinity.")
    if target.dtype == object and any(value is None or value != value for value in target):
        raise ValueError("Input y contains missing values.")
    check_classification_targets(target)
    kind = type_of_target(target)
    if kind != "binary":
        raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
    return target


def two_classes(target: npt.NDArray[Any], given: Optional[Sequence[Any]] = None) -> npt.NDArray[Any]:
    """The two labels in sorted order, of the target or as given to partial_fit. ValueError if they are not two."""
    classes = np.unique(target if given is None else np.asarray(given))
    if len(classes) != 2:
        named = ", ".join(repr(label) for label in classes.tolist())
        plural = "class" if len(classes) == 1 else "classes"
        raise ValueError(f"A click model needs rows of two classes; y has {len(classes)} {plural}: {named}")
    return classes


def encoded_target(target: npt.NDArray[Any], classes: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """0 for the first class, 1 for the second. ValueError for a label that is neither."""
    second = np.asarray(target == classes[1])
    strange = ~(second | np.asarray(target == classes[0]))
    if np.any(strange):
        label = target[strange].tolist()[0]
        raise ValueError(f"y holds the label {label!r}; the model's classes are {classes.tolist()}")
    return second.astype(np.int64)


def class_weights(class_weight: Any, classes: npt.NDArray[Any]) -> Any:
    """The library's class_weight: None, "balanced", or the weights of the two classes."""
    if class_weight is None or class_weight == "balanced":
        return class_weight
    if not isinstance(class_weight, Mapping):
        raise ValueError(f'class_weight must be a dict, "balanced" or None, not {class_weight!r}')
    unknown = [label for label in class_weight if label not in classes.tolist()]
    if unknown:
        raise ValueError(f"class_weight names {unknown[0]!r}; the classes are {classes.tolist()}")
    return [float(class_weight.get(label, 1.0)) for label in classes.tolist()]


def label_column(classes: npt.NDArray[Any], taken: Sequence[str]) -> str:
    """The name of the label's column. Other classes than 0 and 1 stand in it, so that the model file has them."""
    values = classes.tolist()
    plain = values == [0, 1] and all(type(value) is int for value in values)
    name = _PLAIN_LABEL if plain else json.dumps({"classes": values}, ensure_ascii=False, default=str)
    return free_name(name, taken)


def classes_of_column(name: str) -> npt.NDArray[Any]:
    """The classes that a label column's name tells of."""
    try:
        return np.array(json.loads(name)["classes"])
    except (ValueError, TypeError, KeyError):
        return np.array([0, 1])


def free_name(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += " "
    return name
