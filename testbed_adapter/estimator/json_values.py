"""Python values as JSON and back, each of the type that it had: what a model file keeps of an estimator."""

from __future__ import annotations

import datetime
import decimal
import math
from typing import Any, Callable

import numpy as np

from ..messages import files

# A value that JSON has no type for is an object of one key: what it is.
_TYPES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "tuple": (lambda value: [to_json(one) for one in value], lambda kept: tuple(from_json(one) for one in kept)),
    "dict": (
        lambda value: [[to_json(key), to_json(one)] for key, one in value.items()],
        lambda kept: {from_json(key): from_json(one) for key, one in kept},
    ),
    "bytes": (lambda value: value.decode("latin-1"), lambda kept: kept.encode("latin-1")),
    "decimal": (str, decimal.Decimal),
    "datetime": (datetime.datetime.isoformat, datetime.datetime.fromisoformat),
    "date": (datetime.date.isoformat, datetime.date.fromisoformat),
    "array": (lambda value: _from_array(value), lambda kept: _to_array(kept)),
    "timestamp": (lambda value: value.isoformat(), lambda kept: _timestamp(kept)),
    "scalar": (lambda value: _from_array(np.asarray(value).reshape(1)), lambda kept: _to_array(kept)[0]),
}


_NAMES: tuple[tuple[type, str], ...] = (
    *((np.ndarray, "array"), (np.generic, "scalar"), (tuple, "tuple"), (dict, "dict"), (bytes, "bytes")),
    *((decimal.Decimal, "decimal"), (datetime.datetime, "datetime"), (datetime.date, "date")),
)


def to_json(value: Any) -> Any:
    """TypeError for a value of another type than these, and a float that is not finite."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [to_json(one) for one in value]
    # A type that goes back to one of these, an enumeration's of text say, is kept as that.
    for plain in (str, int, float):
        if isinstance(value, plain) and not isinstance(value, np.generic):
            if not isinstance(value, str) and not math.isfinite(value):
                break
            return plain(value)
    name = (
        "timestamp" if hasattr(value, "asm8") else next((name for kind, name in _NAMES if isinstance(value, kind)), "")
    )
    if not name:
        raise TypeError(files.NOT_KEPT.format(kind=type(value).__name__, value=value))
    return {name: _TYPES[name][0](value)}


def from_json(kept: Any) -> Any:
    """ValueError or TypeError for what `to_json` did not make."""
    if isinstance(kept, list):
        return [from_json(one) for one in kept]
    if not isinstance(kept, dict):
        return kept
    if len(kept) != 1 or next(iter(kept)) not in _TYPES:
        raise ValueError(files.NO_VALUE.format(keys=", ".join(kept) or files.NO_KEYS))
    ((name, value),) = kept.items()
    try:
        return _TYPES[name][1](value)
    except (AttributeError, KeyError, ArithmeticError, ImportError) as error:
        raise ValueError(files.NOT_READ.format(kind=name, error=error)) from None


def _from_array(array: Any) -> dict[str, Any]:
    kind = array.dtype.kind
    if kind in "mM":
        return {"type": array.dtype.str, "values": array.astype(np.int64).tolist()}
    if kind in "SO":
        return {"type": array.dtype.str, "values": [to_json(one) for one in array.tolist()]}
    if kind not in "biufUT":
        raise TypeError(files.ARRAY_NOT_KEPT.format(kind=array.dtype))
    return {"type": "<U0" if kind == "T" else array.dtype.str, "values": array.tolist()}


def _to_array(kept: Any) -> Any:
    type_, values = np.dtype(kept["type"]), kept["values"]
    if not isinstance(values, list) or type_.kind not in "mMSObiufU":
        raise ValueError(files.NO_ARRAY.format(value=f"{kept!r:.100}"))
    if type_.kind in "SU":  # as long as the longest: the length in the file may be any
        return np.array([from_json(one) for one in values], dtype=type_.kind)
    if type_.kind == "O":
        array = np.empty(len(values), dtype=object)
        array[:] = [from_json(one) for one in values]
        return array
    return np.array([from_json(one) for one in values]).astype(type_)


def _timestamp(text: str) -> Any:
    import pandas

    return pandas.Timestamp(text)
