"""A feature matrix of any common kind as Arrow columns, and columns as the table that the library takes.

| X                              | column                                | becomes                     |
|--------------------------------|---------------------------------------|-----------------------------|
| NumPy array of numbers         | each                                  | numeric                     |
| NumPy array of text            | each                                  | categorical                 |
| pandas, Arrow, Polars …        | integers, floats, decimals            | numeric                     |
|                                | text, bool, category, dictionary      | categorical                 |
|                                | lists                                 | multi-valued                |
| of Python objects, in any of   | all of one of the kinds above         | as above                    |
| them                           | mixed                                 | text, and so categorical    |

None, NaN, NA and null are missing values. Infinity, complex numbers and sparse matrices are refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ._sklearn import checked_array

NUMERIC, CATEGORICAL, MULTI = "numeric", "categorical", "multi"


def as_frame(X: Any) -> Any:
    """X as one of: pandas DataFrame, pyarrow Table, or whatever it was, which is then for NumPy."""
    if isinstance(X, pa.RecordBatch):
        return pa.Table.from_batches([X])
    if _is_pandas(X) or isinstance(X, (pa.Table, np.ndarray)):
        return X
    if hasattr(X, "__arrow_c_stream__") and len(getattr(X, "shape", ())) == 2:
        return pa.table(X)
    return X


def names_of(X: Any) -> list[str]:
    """The column names of what `as_frame` returned; none for what has none. ValueError where one stands twice."""
    names = [str(name) for name in X.columns] if _is_pandas(X) else []
    if isinstance(X, pa.Table):
        names = list(X.column_names)
    if len(set(names)) < len(names):
        doubled = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"X has several columns of the name {doubled!r}; give each its own")
    return names


def to_columns(X: Any, names: Sequence[str], estimator_name: str) -> list[pa.Array]:
    """One Arrow array a column. X comes from `as_frame`, `names` are for the messages. ValueError or TypeError if it
    cannot be read."""
    if _is_pandas(X):
        columns = [_series(X.iloc[:, index], name) for index, name in enumerate(names)]
    elif isinstance(X, pa.Table):
        columns = [one_array(column) for column in X.columns]
    else:
        array = checked_array(_unmixed(X), estimator_name)
        if array.dtype.kind in "biuf":
            return _matrix(array)
        if array.dtype.kind not in "OUST":
            raise ValueError(f"X is of type {array.dtype}: turn it into numbers, text or booleans")
        columns = [_objects(array[:, index]) for index in range(array.shape[1])]
    if not columns:
        raise ValueError(f"Found array with 0 feature(s) (shape={X.shape}) while a minimum of 1 is required.")
    if len(columns[0]) == 0:
        raise ValueError(f"Found array with 0 sample(s) (shape={X.shape}) while a minimum of 1 is required.")
    if not names:
        names = [f"x{index}" for index in range(len(columns))]
    return [_readable(column, name) for column, name in zip(columns, names)]


def kind_of(column: pa.Array) -> str:
    """numeric, categorical or multi: what a column of this type is, where nothing else was said."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return MULTI
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_null(column.type):
        return NUMERIC
    return CATEGORICAL


def as_kind(column: pa.Array, kind: str, name: str) -> pa.Array:
    """The column as the kind that its feature had at fit. ValueError if it cannot be that."""
    found = kind_of(column)
    if found == kind:
        return column.cast(pa.float64(), safe=False) if kind == NUMERIC else column
    if pa.types.is_null(column.type):
        return column
    if kind == NUMERIC and pa.types.is_boolean(column.type):
        return column.cast(pa.uint8()).cast(pa.float64())
    if kind == CATEGORICAL and found == NUMERIC:
        return column
    held = {NUMERIC: "numbers", CATEGORICAL: "categories", MULTI: "lists"}
    raise ValueError(f"column {name!r} holds {held[found]} ({column.type}), but the model takes {held[kind]} there")


def one_array(column: Any) -> pa.Array:
    """A column's chunks as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


# --- NumPy ---


def _unmixed(X: Any) -> Any:
    """Rows of text and numbers side by side, as objects: NumPy alone would make the numbers text."""
    if isinstance(X, (list, tuple)):
        try:
            array = np.asarray(X)
        except ValueError:  # rows of different lengths, which scikit-learn's check says better
            return X
        if array.dtype.kind in "US" and array.ndim == 2:
            return np.asarray(X, dtype=object)
    return X


def _matrix(array: Any) -> list[pa.Array]:
    if array.dtype.kind == "b":
        return [pa.array(array[:, index]) for index in range(array.shape[1])]
    wide = array.dtype.kind in "iu" and array.dtype.itemsize == 8
    # Whole numbers of 64 bits stay what they are: they may be ids, too long for a double.
    contiguous = np.asfortranarray(array, dtype=None if wide else np.float64)
    return [pa.array(contiguous[:, index]) for index in range(array.shape[1])]


def _objects(values: Any) -> pa.Array:
    """A column of Python objects."""
    values = values.astype(object)
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, ValueError, TypeError, OverflowError, UnicodeEncodeError):
        array = None
    if array is not None:
        inner = array.type.value_type if pa.types.is_list(array.type) else array.type
        if _is_scalar(inner) or pa.types.is_decimal(inner):
            return one_array(array)
    present = [value for value in values if not _missing(value)]
    if present and all(isinstance(value, (list, tuple, set, frozenset, np.ndarray)) for value in present):
        lists = [
            None if _missing(row) else [None if _missing(value) else _text(value) for value in _in_order(row)]
            for row in values
        ]
        return pa.array(lists, pa.list_(pa.utf8()))
    return pa.array([None if _missing(value) else _text(value) for value in values], pa.utf8())


def _in_order(row: Iterable[Any]) -> Iterable[Any]:
    return sorted(row, key=str) if isinstance(row, (set, frozenset)) else row


def _missing(value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, (str, list, tuple, set, frozenset, dict, np.ndarray)):
        return False
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        answer = pandas.isna(value)
        return bool(answer) if isinstance(answer, (bool, np.bool_)) else False
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))


def _text(value: Any) -> str:
    """A value as a category, spelt as the library spells numbers and bools."""
    if isinstance(value, str):
        text = str(value)
    elif isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
    elif isinstance(value, (bool, np.bool_)):
        text = "true" if value else "false"
    elif isinstance(value, (float, np.floating)) and float(value).is_integer():
        text = str(int(value))
    else:
        text = str(value)
    return text.encode("utf-8", "replace").decode("utf-8")


# --- pandas and Arrow ---


def _is_pandas(X: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(X, pandas.DataFrame)


def _series(series: Any, name: str) -> pa.Array:
    if series.dtype == object:
        return _objects(series.to_numpy())
    try:
        return one_array(pa.array(series, from_pandas=True))
    except (pa.ArrowException, ValueError, TypeError, UnicodeEncodeError):
        pass
    if getattr(series.dtype, "kind", "") == "c":
        raise ValueError(f"Complex data not supported: column {name!r} is of type {series.dtype}")
    return _objects(series.astype(object).to_numpy())


def _is_scalar(type_: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(type_)
        or pa.types.is_floating(type_)
        or pa.types.is_boolean(type_)
        or pa.types.is_null(type_)
        or _is_text(type_)
    )


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or str(type_) == "string_view")


def _readable(column: pa.Array, name: str) -> pa.Array:
    """The column, of a type that the library reads and without infinity; ValueError otherwise."""
    type_ = column.type
    if "string_view" in str(type_):  # Polars' text, with which pyarrow can do little as yet
        column = _without_views(column)
        type_ = column.type
    if pa.types.is_decimal(type_):
        column = column.cast(pa.float64())
    elif pa.types.is_dictionary(type_):
        if not _is_scalar(type_.value_type):
            raise _unreadable(name, type_)
        # A dictionary's order would be that of the vocabulary; the plain column's is the same however it was stored.
        if _is_text(type_.value_type):
            return column.dictionary_decode()
        return column.dictionary_decode().cast(pa.utf8()) if pa.types.is_integer(type_.value_type) else column
    elif pa.types.is_list(type_) or pa.types.is_large_list(type_):
        inner = type_.value_type
        if not _is_scalar(inner) and not pa.types.is_dictionary(inner):
            raise _unreadable(name, type_)
    elif not _is_scalar(type_):
        raise _unreadable(name, type_)
    if pa.types.is_floating(column.type):
        if pa.types.is_float16(column.type):
            column = column.cast(pa.float64())
        if pc.any(pc.is_inf(column)).as_py():
            raise ValueError(f"Input X contains infinity or a value too large for {column.type!r}, in column {name!r}.")
    return column


def _without_views(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(pa.large_utf8()))
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return column.cast(pa.large_list(pa.large_utf8()))
    return column.cast(pa.large_utf8())


def _unreadable(name: str, type_: pa.DataType) -> ValueError:
    return ValueError(
        f"column {name!r} is of type {type_}, which is neither numbers nor categories: turn it into numbers (a "
        "time into its hour, say), text, booleans, or lists of text"
    )
