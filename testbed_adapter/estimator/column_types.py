"""What a column is to a model (numbers, categories, lists of categories), and columns as the library takes each."""

from __future__ import annotations

from typing import Any, Optional, Union

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..messages import columns as words
from . import category_text, object_column
from .object_column import Mixed

NUMERIC, CATEGORICAL, MULTI = "numeric", "categorical", "multi"
# Neither, unless a column of it is named as categorical.
TIME = "time"

_KINDS = {NUMERIC: words.NUMBERS, CATEGORICAL: words.CATEGORIES, MULTI: words.LISTS, TIME: words.TIMES}
_EXACT = float(2**53)

AnyColumn = Union[pa.Array, Mixed]


def kind_of(column: AnyColumn) -> str:
    """What a column of this type is, where nothing else was said."""
    if isinstance(column, Mixed):
        if column.is_list:
            return MULTI
        if column.is_category:
            return CATEGORICAL
        return {(object_column.NUMBER,): NUMERIC, (object_column.TIME,): TIME, (): NUMERIC}.get(
            tuple(column.sorts), CATEGORICAL
        )
    type_ = column.type
    if is_list(type_):
        return MULTI
    if _is_number(type_) or pa.types.is_null(type_):
        return NUMERIC
    return TIME if pa.types.is_temporal(type_) else CATEGORICAL


def truth_of(column: AnyColumn) -> Optional[str]:
    """How a column of categories that is learnt now spells 0, 1, False and True."""
    if isinstance(column, Mixed):
        numbers, booleans = (sort in column.sorts for sort in (object_column.NUMBER, object_column.BOOLEAN))
    else:
        type_ = column.type
        while is_list(type_) or pa.types.is_dictionary(type_):
            type_ = type_.value_type
        numbers, booleans = _is_number(type_), pa.types.is_boolean(type_)
    return category_text.DIGITS if numbers else category_text.WORDS if booleans else None


def as_kind(column: AnyColumn, kind: str, name: str, truth: Optional[str] = None, unseen: bool = False) -> pa.Array:
    """The column as the kind that its feature had at fit; missing throughout where it had no value there, as nothing
    was learnt of it. ValueError if it cannot be that."""
    nothing = pa.list_(pa.utf8()) if kind == MULTI else pa.float64() if kind == NUMERIC else pa.utf8()
    if unseen:
        return pa.nulls(len(column), nothing)
    if kind == NUMERIC:
        answer = _numbers(column)
    elif kind == MULTI:
        answer = _lists(column, truth)
    else:
        answer = None if kind_of(column) == MULTI else categories(column, truth)
    if answer is not None:
        return answer
    if column.null_count == len(column):
        return pa.nulls(len(column), nothing)
    found = _KINDS[kind_of(column)]
    raise ValueError(words.OTHER_KIND.format(name=name, found=found, type=column.type, wanted=_KINDS[kind]))


def _numbers(column: AnyColumn) -> Optional[pa.Array]:
    if isinstance(column, Mixed):
        return column.numbers()
    type_ = column.type
    if pa.types.is_float64(type_):
        return column
    if pa.types.is_dictionary(type_):
        entries = _numbers(column.dictionary)
        return None if entries is None else entries.take(column.indices)
    if pa.types.is_boolean(type_):
        column = column.cast(pa.uint8())
    elif not _is_number(type_) and not pa.types.is_null(type_):
        return None
    return column.cast(pa.float64(), safe=False)


def _lists(column: AnyColumn, truth: Optional[str]) -> Optional[pa.Array]:
    if isinstance(column, Mixed):
        return column.categories(truth) if column.is_list else None
    if not is_list(column.type):
        return None
    values = column.values
    spelt = categories(values, truth)
    if spelt is values:
        return column
    # Copied, as offsets of a part of a column cannot be put beside a mask.
    offsets = pa.array(column.offsets.to_numpy())
    made = pa.LargeListArray if pa.types.is_large_list(column.type) else pa.ListArray
    return made.from_arrays(offsets, spelt, mask=column.is_null())


# --- categories ---


def categories(column: AnyColumn, truth: Optional[str] = None) -> pa.Array:
    """The column as text, or as numbers or booleans that the library spells as `category_text` does."""
    if isinstance(column, Mixed):
        return column.categories(truth)
    type_ = column.type
    if is_text(type_):
        return column
    if pa.types.is_dictionary(type_):
        # The plain column: a dictionary's order would be that of the vocabulary.
        entries = categories(column.dictionary, truth)
        return entries.take(column.indices) if len(entries) else pa.nulls(len(column), entries.type)
    if pa.types.is_boolean(type_):
        return column.cast(pa.uint8()) if truth == category_text.DIGITS else column
    if pa.types.is_integer(type_) or pa.types.is_floating(type_):
        return _number_categories(column, truth)
    if pa.types.is_null(type_):
        return pa.nulls(len(column), pa.utf8())
    if pa.types.is_temporal(type_):
        return _by_entry(column, category_text.arrow_times)
    return _by_entry(column, lambda entries: [_text(value, truth) for value in entries.to_pylist()])


def _number_categories(column: pa.Array, truth: Optional[str]) -> pa.Array:
    if truth == category_text.WORDS:
        if set(column.unique().to_pylist()) <= {0, 1, None}:
            return column.cast(pa.uint8(), safe=False).cast(pa.bool_())
    elif not pa.types.is_floating(column.type):
        return column
    else:
        greatest = pc.max(pc.abs(column)).as_py()
        # Beyond, the library spells doubles otherwise than the whole numbers that they are.
        if greatest is None or not greatest >= _EXACT:
            return column
    return _by_entry(column, lambda entries: [_text(value, truth) for value in entries.to_pylist()])


def _text(value: Any, truth: Optional[str]) -> Optional[str]:
    return None if category_text.is_missing(value) else category_text.category(value, truth)


def _by_entry(column: pa.Array, spell: Any) -> pa.Array:
    """Each distinct value is spelt once."""
    encoded = column.dictionary_encode()
    return pa.array(spell(encoded.dictionary), pa.utf8()).take(encoded.indices)


# --- types ---


def is_list(type_: pa.DataType) -> bool:
    return bool(pa.types.is_list(type_) or pa.types.is_large_list(type_))


def is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def is_scalar(type_: pa.DataType) -> bool:
    """Whether a column of it can be categories."""
    return bool(
        _is_number(type_)
        or is_text(type_)
        or pa.types.is_boolean(type_)
        or pa.types.is_null(type_)
        or pa.types.is_temporal(type_)
        or pa.types.is_binary(type_)
        or pa.types.is_large_binary(type_)
        or pa.types.is_fixed_size_binary(type_)
    )


def missing(column: AnyColumn) -> bool:
    """Whether it has no value at all."""
    if column.null_count == len(column):
        return True
    if isinstance(column, Mixed) or not pa.types.is_floating(column.type):
        return False
    return bool(np.isnan(column.to_numpy(zero_copy_only=False)).all())
