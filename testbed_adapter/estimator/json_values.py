"""Python values as JSON and back, each of the type that it had: what a model file keeps of an estimator."""

from __future__ import annotations

import datetime
import decimal
import math
from typing import Any, Callable

import numpy as np

from ..messages import files


def to_json(value: Any) -> Any:
    """TypeError for a value of another type than those of `_TYPES`, and a float that is not finite."""
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
    names = (name for name, (kind, _, _) in _TYPES.items() if isinstance(value, kind))
    name = "timestamp" if hasattr(value, "asm8") else next(names, "")
    if not name:
        raise TypeError(files.NOT_KEPT.format(kind=type(value).__name__, value=value))
    return {name: _TYPES[name][1](value)}


def from_json(json: Any) -> Any:
    """ValueError or TypeError for what `to_json` did not make."""
    if isinstance(json, list):
        return [from_json(one) for one in json]
    if not isinstance(json, dict):
        return json
    if len(json) != 1 or next(iter(json)) not in _TYPES:
        raise ValueError(files.NO_VALUE.format(keys=", ".join(json) or files.NO_KEYS))
    ((name, value),) = json.items()
    try:
        return _TYPES[name][2](value)
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


def _to_array(json: Any) -> Any:
    type_, values = np.dtype(json["type"]), json["values"]
    if not isinstance(values, list) or type_.kind not in "mMSObiufU":
        raise ValueError(files.NO_ARRAY.format(value=f"{json!r:.100}"))
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


# A value that JSON has no type for is an object of one key, of this table: its type, to JSON, and back.
_TYPES: dict[str, tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "array": (np.ndarray, _from_array, _to_array),
    "scalar": (np.generic, lambda value: _from_array(np.asarray(value).reshape(1)), lambda json: _to_array(json)[0]),
    "tuple": (tuple, lambda value: [to_json(one) for one in value], lambda json: tuple(from_json(one) for one in json)),
    "dict": (
        dict,
        lambda value: [[to_json(key), to_json(one)] for key, one in value.items()],
        lambda json: {from_json(key): from_json(one) for key, one in json},
    ),
    "bytes": (bytes, lambda value: value.decode("latin-1"), lambda json: json.encode("latin-1")),
    "decimal": (decimal.Decimal, str, decimal.Decimal),
    "timestamp": ((), lambda value: value.isoformat(), _timestamp),  # pandas', which is a datetime too
    "datetime": (datetime.datetime, datetime.datetime.isoformat, datetime.datetime.fromisoformat),
    "date": (datetime.date, datetime.date.isoformat, datetime.date.fromisoformat),
}
