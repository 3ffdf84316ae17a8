"""Labels of two classes as 0 and 1, and weights, as scikit-learn's conventions have them."""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Sequence
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from ..messages import training as words
from .category_text import is_missing

_PLAIN_LABEL = "label"


def checked_target(y: Any) -> npt.NDArray[Any]:
    """y as a one-dimensional array of class labels. ValueError if it holds none, or more than two classes."""
    if y is None:
        raise ValueError(words.NO_Y)
    if hasattr(y, "to_numpy") and type(y).__module__.split(".")[0] == "pyarrow":
        y = y.to_numpy() if hasattr(y, "chunks") else y.to_numpy(zero_copy_only=False)
    if hasattr(y, "isna") and hasattr(y, "dtype") and hasattr(y, "to_numpy"):
        y = _of_pandas(y)
    if isinstance(y, (list, tuple)):
        _refuse_missing(y)  # beside text NumPy would make text of it
    try:
        target = column_or_1d(y, warn=True)
    except ValueError as error:  # "setting an array element with a sequence", say
        raise ValueError(words.NOT_1D.format(error=error)) from None
    if target.dtype.kind == "c":
        raise ValueError(words.COMPLEX)
    if target.dtype.kind == "f" and not np.isfinite(target).all():
        row = int(np.flatnonzero(~np.isfinite(target))[0])
        raise ValueError(words.NOT_FINITE.format(row=row, value=target[row]))
    if target.dtype.kind in "OMm":
        _refuse_missing(target)
    if _are_plain(target):
        kind = "binary" if len(np.unique(target)) <= 2 else "multiclass"
    else:
        try:
            with np.errstate(invalid="ignore"):  # it looks whether numbers are whole, too large ones too
                check_classification_targets(target)
                kind = type_of_target(target)
        except (ValueError, TypeError) as error:
            raise ValueError(words.NO_LABELS.format(error=error)) from None
    if kind != "binary":
        raise ValueError(words.NOT_BINARY.format(kind=kind))
    return target


def _refuse_missing(y: Any) -> None:
    for row, value in enumerate(y):
        if is_missing(value):
            raise ValueError(words.MISSING.format(row=row, value=repr(value)))


def _are_plain(target: npt.NDArray[Any]) -> bool:
    """Whether they are labels that scikit-learn knows nothing of, though they are as good as any: bytes, dates …"""
    if target.dtype.kind in "SM":
        return True
    kinds = set(map(type, target)) if target.dtype == object else set()
    return len(kinds) == 1 and issubclass(kinds.pop(), (bytes, bool, np.bool_, datetime.date, decimal.Decimal))


def _of_pandas(y: Any) -> Any:
    """A series without pandas' own types, which NumPy has no comparison for: its objects, or of one plain type."""
    if y.dtype == object or type(y.dtype).__module__.startswith("numpy") or getattr(y, "ndim", 1) != 1:
        return y
    missing = np.flatnonzero(np.asarray(y.isna()))
    if len(missing):
        raise ValueError(words.MISSING.format(row=missing[0], value="NA"))
    objects = y.to_numpy(dtype=object)
    plain = np.asarray(objects.tolist())
    return plain if plain.ndim == 1 and plain.dtype.kind in "biufU" else objects


def checked_mask(mask: Any, name: str) -> npt.NDArray[np.bool_]:
    """The mask, of booleans or of 0 and 1. ValueError for anything else: "no" would be taken for True."""
    array = np.asarray(mask)
    if array.dtype.kind not in "biuf" or array.ndim != 1 or not np.isin(array, (0, 1)).all():
        raise ValueError(words.NO_MASK.format(name=name, mask=f"{mask!r:.200}"))
    return array.astype(bool)


def two_classes(target: npt.NDArray[Any], given: Optional[Sequence[Any]] = None) -> npt.NDArray[Any]:
    """The two labels in sorted order, of the target or as given to partial_fit. ValueError if they are not two."""
    classes = np.unique(target if given is None else np.asarray(given))
    if len(classes) != 2:
        named = ", ".join(repr(label) for label in classes.tolist())
        wrong = words.ONE_CLASS if len(classes) == 1 else words.NOT_TWO
        raise ValueError(wrong.format(count=len(classes), labels=named))
    return classes


def encoded_target(target: npt.NDArray[Any], classes: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """0 for the first class, 1 for the second. ValueError for a label that is neither."""
    second = np.asarray(target == classes[1])
    strange = ~(second | np.asarray(target == classes[0]))
    if np.any(strange):
        label = target[strange].tolist()[0]
        raise ValueError(words.STRANGE_LABEL.format(label=label, classes=classes.tolist()))
    return second.astype(np.int64)


def class_weights(class_weight: Any, classes: npt.NDArray[Any]) -> Any:
    """The library's class_weight: None, "balanced", or the weights of the two classes."""
    if class_weight is None or class_weight == "balanced":
        return class_weight
    labels = list(classes)  # NumPy's own, which are equal to Python's
    unknown = [label for label in class_weight if label not in labels]
    if unknown:
        raise ValueError(words.STRANGE_CLASS.format(label=unknown[0], classes=classes.tolist()))
    return [float(class_weight.get(label, 1.0)) for label in labels]


def label_column(classes: npt.NDArray[Any], taken: Sequence[str]) -> str:
    """The name of the label's column. Other classes than 0 and 1 stand in it, so that the model file has them."""
    values = classes.tolist()
    plain = values == [0, 1] and all(type(value) is int for value in values)
    # Half of a surrogate pair is no name.
    ascii_only = any("\ud800" <= letter <= "\udfff" for letter in "".join(map(str, values)))
    name = _PLAIN_LABEL if plain else json.dumps({"classes": values}, ensure_ascii=ascii_only, default=str)
    return free_name(name, taken)


def classes_of_column(name: str) -> npt.NDArray[Any]:
    """The classes that a label column's name tells of, of a model file that keeps them nowhere else."""
    try:
        return np.array(json.loads(name)["classes"])
    except (ValueError, TypeError, KeyError):
        return np.array([0, 1])


def free_name(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += " "
    return name
