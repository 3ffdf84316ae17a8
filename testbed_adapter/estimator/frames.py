"""A feature matrix of any common kind as columns: Arrow arrays of few types, or Python objects.

| a column of                                                   | becomes                                            |
|---------------------------------------------------------------|----------------------------------------------------|
| integers, floats, decimals, fractions                         | numeric                                            |
| text, bytes, booleans; intervals (`pandas.cut`'s), UUIDs      | categorical                                        |
| a pandas category, an Arrow dictionary, Polars' Categorical   | categorical, whatever the categories are: text,    |
| or Enum                                                       | numbers, decimals, bytes, intervals, times         |
| lists, tuples, sets, NumPy arrays; Polars' List and Array     | multi-valued: lists of any of the above            |
| dates, timestamps, times of day, durations, periods           | refused, unless named in `categorical_features`    |
| Python objects: all of one of the above                       | as above                                           |
| Python objects: several of the above, or anything else        | categorical, each by its text                      |
| nothing but missing values                                    | missing, whatever it holds later                   |
| structs, maps, unions, lists of lists; lists beside single    | refused                                            |
| values; Polars' Object                                        |                                                    |

The same for every X: a NumPy array (of any byte order, order and width; its columns are of one type), a list of lists
(each column by itself), pandas (NumPy's types, nullable, Arrow's), Polars, Arrow tables and record batches (chunked,
sliced, views, run-end encoded). None, NaN, NaT, NA, null and NumPy's mask are missing values. Infinity, complex numbers
and sparse matrices are refused.

One value is one category in all of these: 3, 3.0, Decimal("3") and "3"; 1, 1.0 and True, 0, 0.0 and False (in a column
that was learnt from numbers or booleans); `category_text` says how it is written.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from typing import Any, Optional, Union

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..messages import columns as words
from . import category_text
from .columns import Column, ObjectColumn, is_list, is_scalar, with_values
from .scikit_learn import checked_array

__all__ = ["as_frame", "names_of", "to_columns"]

# What pyarrow, pandas and Polars raise for what they cannot convert.
_FOREIGN = (pa.ArrowException, ValueError, TypeError, OverflowError, AttributeError)
_PLAIN = frozenset(
    kind.id
    for kind in (
        *(pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()),
        *(pa.bool_(), pa.string(), pa.large_string(), pa.null()),
    )
)


def as_frame(X: Any) -> Any:
    """X as one of: pandas DataFrame, pyarrow Table, or whatever it was, which is then for NumPy."""
    if isinstance(X, pa.RecordBatch):
        return pa.Table.from_batches([X])
    if _is_pandas(X) or isinstance(X, (pa.Table, np.ndarray)):
        return X
    if hasattr(X, "__arrow_c_stream__") and len(getattr(X, "shape", ())) == 2:
        return _table(X)
    return X


def names_of(X: Any) -> list[str]:
    """The column names of what `as_frame` returned; none for what has none. ValueError where one stands twice, or
    cannot be a name."""
    names = [str(name) for name in X.columns] if _is_pandas(X) else []
    if isinstance(X, pa.Table):
        names = list(X.column_names)
    if len(set(names)) < len(names):
        doubled = next(name for name in names if names.count(name) > 1)
        raise ValueError(words.DOUBLED.format(name=doubled))
    for name in names:
        if "\0" in name:
            raise ValueError(words.NUL_IN_NAME.format(name=name))
        if not name.isascii() and any("\ud800" <= letter <= "\udfff" for letter in name):
            raise ValueError(words.SURROGATE_IN_NAME.format(name=name))
    return names


def to_columns(X: Any, names: Sequence[str], estimator_name: str) -> list[Column]:
    """One column each. X comes from `as_frame`, `names` are for the messages. ValueError or TypeError if it cannot be
    read."""
    if _is_pandas(X):
        columns = [_series(X.iloc[:, index], name) for index, name in enumerate(names)]
    elif isinstance(X, pa.Table):
        columns = [_readable(one_array(column), name) for column, name in zip(X.columns, names)]
    else:
        array = checked_array(_unmixed(X), estimator_name)
        if array.dtype.kind in "biuf":
            columns = _matrix(array)
        elif array.dtype.kind not in "OUST":
            raise ValueError(words.TYPE.format(type=array.dtype))
        else:
            columns = [_objects(array[:, index], f"x{index}") for index in range(array.shape[1])]
    if not columns:
        raise ValueError(words.NO_COLUMNS.format(shape=X.shape))
    if len(columns[0]) == 0:
        raise ValueError(words.NO_ROWS.format(shape=X.shape))
    return [column if isinstance(column, Column) else Column(column) for column in columns]


def one_array(column: Any) -> pa.Array:
    """A column's chunks as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


# --- NumPy and Python's lists ---


def _unmixed(X: Any) -> Any:
    """What NumPy alone would make one type of, as objects: rows of text, numbers and booleans side by side, whole
    numbers that a double does not hold, and masked values."""
    if isinstance(X, np.ma.MaskedArray):
        objects = X.data.astype(object)
        objects[np.ma.getmaskarray(X)] = None
        return objects if np.ma.is_masked(X) else X.data
    if not isinstance(X, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in X):
        return X
    if len(X) == 0 or len(set(map(len, X))) > 1:
        return X  # rows of different lengths, which scikit-learn's check says better
    types = set(map(type, itertools.chain.from_iterable(X)))
    if len(types) == 1 and not types & {int, list, tuple}:
        return X
    if types == {int} and np.asarray(X).dtype.kind == "i":
        return X
    cells: Any = np.empty((len(X), len(X[0])), dtype=object)
    for index, row in enumerate(X):
        for column, value in enumerate(row):
            cells[index, column] = value
    return cells


def _matrix(array: Any) -> list[Column]:
    # Whole numbers of 64 bits stay what they are: they may be ids, too long for a double.
    stays = array.dtype.kind == "b" or (array.dtype.kind in "iu" and array.dtype.itemsize == 8)
    contiguous = np.asfortranarray(array, dtype=array.dtype.newbyteorder("=") if stays else np.float64)
    rows, columns = array.shape
    whole = Column(pa.array(contiguous.ravel(order="F")))
    return [Column(whole.array.slice(index * rows, rows), whole) for index in range(columns)]


def _objects(values: Any, name: str) -> Union[pa.Array, ObjectColumn]:
    """A column of Python objects: as Arrow infers their type where that loses nothing, else as they are."""
    values = values.astype(object)
    array = _inferred(values)
    if array is not None:
        return _finite(array, name)
    column = ObjectColumn(values, name)
    return pa.nulls(len(column)) if column.is_missing else column


def _inferred(values: Any) -> Optional[pa.Array]:
    types = set(map(type, values))
    if types & {list, tuple}:
        inside = (value for value in values if isinstance(value, (list, tuple)))
        types |= set(map(type, itertools.chain.from_iterable(inside)))
    # A set's own order changes; NumPy's dates beside its numbers Arrow reads out of bounds, which ends the process.
    if any(issubclass(one, (set, frozenset)) for one in types):
        return None
    if np.datetime64 in types and any(issubclass(one, np.generic) for one in types - {np.datetime64}):
        return None
    array = _converted(values)
    if array is None:
        return None
    # Other types than these Arrow also makes of values of several sorts: bytes of text, dates of timestamps.
    inner = array.type.value_type if pa.types.is_list(array.type) else array.type
    return array if _is_plain(inner) or pa.types.is_decimal(array.type) else None


def _converted(values: Any) -> Optional[pa.Array]:
    """As Arrow has them; None where it cannot."""
    try:
        return one_array(pa.array(values, from_pandas=True))
    except _FOREIGN:
        return None


def _is_plain(type_: pa.DataType) -> bool:
    return type_.id in _PLAIN or bool(pa.types.is_floating(type_))


# --- pandas, Polars and Arrow ---


def _is_pandas(X: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(X, pandas.DataFrame)


def _series(series: Any, name: str) -> Union[pa.Array, ObjectColumn]:
    if series.dtype == object:
        return _objects(series.to_numpy(), name)
    array = _converted(series)
    if array is not None and not _is_foreign(array.type):
        return _readable(array, name)
    if getattr(series.dtype, "kind", "") == "c":
        raise ValueError(words.COMPLEX.format(name=name, type=series.dtype))
    if str(series.dtype) == "category":
        categories = series.cat.categories.to_numpy(dtype=object)
        values = np.append(categories, np.array([None], dtype=object))[series.cat.codes.to_numpy()]
        return ObjectColumn(values, name, is_category=True)
    return _objects(series.astype(object).to_numpy(), name)


def _is_foreign(type_: pa.DataType) -> bool:
    """Whether it is a type of pandas' own, whose objects say more than what it stores."""
    inner = type_.value_type if pa.types.is_dictionary(type_) else type_
    return isinstance(inner, pa.BaseExtensionType)


def _table(X: Any) -> pa.Table:
    """A frame that speaks Arrow."""
    schema = getattr(X, "schema", {})
    for name, kind in schema.items() if hasattr(schema, "items") else ():
        if str(kind) == "Object":  # would cross as addresses
            raise _unreadable(name, kind)
    try:
        return pa.table(X)
    except _FOREIGN:
        for name in getattr(X, "columns", ()):
            try:
                pa.table(X[[name]])
            except _FOREIGN as error:
                kind = schema.get(name, "") if hasattr(schema, "get") else ""
                raise ValueError(words.BECAUSE.format(error=_unreadable(str(name), kind), cause=error)) from error
        raise


def _readable(column: pa.Array, name: str) -> Union[pa.Array, ObjectColumn]:
    """The column, of a type that `columns` knows and without infinity; ValueError otherwise."""
    if _is_plain(column.type):
        return _finite(column, name)
    given, column = column.type, _plain(column)
    inner = column.type.value_type if is_list(column.type) else column.type
    if not is_scalar(inner.value_type if pa.types.is_dictionary(inner) else inner):
        raise _unreadable(name, given)
    if pa.types.is_dictionary(column.type):
        _finite(column.dictionary, name)
    return _finite(column, name)


def _finite(column: pa.Array, name: str) -> pa.Array:
    if pa.types.is_floating(column.type):
        if pa.types.is_float16(column.type):
            column = column.cast(pa.float64())
        if pc.any(pc.is_inf(column)).as_py():
            row = pc.index(pc.is_inf(column), True).as_py()
            raise ValueError(words.INFINITE.format(type=repr(column.type), name=name, row=row))
    return column


def _plain(column: pa.Array) -> pa.Array:
    """A column without views, run ends, fixed sizes and types that stand for others."""
    type_ = column.type
    text = str(type_)
    if isinstance(type_, pa.BaseExtensionType):
        return _stored(column)
    if text.startswith("run_end_encoded"):
        return _plain(pc.run_end_decode(column))
    if text == "string_view":
        return column.cast(pa.large_utf8())
    if text == "binary_view":
        return column.cast(pa.large_binary())
    if pa.types.is_dictionary(type_):
        entries = _plain(column.dictionary)
        return column if entries is column.dictionary else pa.DictionaryArray.from_arrays(column.indices, entries)
    if pa.types.is_fixed_size_list(type_):
        return _plain(column.cast(pa.list_(type_.value_type)))
    if text.startswith(("list_view", "large_list_view")):
        return _plain(pa.array(column.to_pylist(), pa.large_list(type_.value_type)))
    if is_list(type_):
        values = _plain(column.values)
        if values is not column.values and values.type != type_.value_type:
            return with_values(column, values)
    return column


def _stored(column: pa.Array) -> pa.Array:
    """What a column of an extension type holds, where it is known what that is; the column itself otherwise."""
    kind = getattr(column.type, "extension_name", "")
    if kind == "pandas.interval":
        closed = column.type.closed
        ends = ((end["left"], end["right"]) if end else (None, None) for end in column.storage.to_pylist())
        spelt = (
            None if category_text.is_missing(left) else category_text.interval(left, right, str(closed))
            for left, right in ends
        )
        return pa.array(list(spelt), pa.utf8())
    if kind == "arrow.bool8":
        return column.storage.cast(pa.bool_())
    if kind == "arrow.uuid":
        return pa.array([None if one is None else str(one) for one in column.to_pylist()], pa.utf8())
    return _plain(column.storage) if kind == "arrow.json" else column


def _unreadable(name: str, type_: Any) -> ValueError:
    return ValueError(words.UNREADABLE.format(name=name, type=type_))
