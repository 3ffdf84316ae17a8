"""A column of a feature matrix: what it is to a model (numbers, categories, lists of categories), and how the library
takes it. One Arrow array, or Python objects that no one Arrow type holds as they are."""

from __future__ import annotations

import copy
import functools
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..messages import columns as words
from . import category_text

NUMERIC, CATEGORICAL, MULTI = "numeric", "categorical", "multi"
# Neither, unless a column of it is named as categorical.
TIME = "time"

_NAMES = {NUMERIC: words.NUMBERS, CATEGORICAL: words.CATEGORIES, MULTI: words.LISTS, TIME: words.TIMES}
_TYPES = {NUMERIC: pa.float64(), CATEGORICAL: pa.utf8(), MULTI: pa.list_(pa.utf8())}
_EXACT = float(2**53)
_SEQUENCES = (list, tuple, set, frozenset, np.ndarray)


class Column:
    """An Arrow array. `kind` is what a column of its type is, where nothing else was said; `booleans` is how one of
    categories that is learnt now writes 0, 1, False and True (`category_text`)."""

    kind: str
    booleans: Optional[str]
    type: Any  # for messages

    def __init__(self, array: pa.Array, like: Optional[Column] = None) -> None:
        """`like`: a column of the same type, which is not looked at again."""
        self.array = array
        if like is None:
            self.type = array.type
            self.kind, self.booleans = _of_type(array.type)
        else:
            self.type, self.kind, self.booleans = like.type, like.kind, like.booleans

    @property
    def is_missing(self) -> bool:
        """Whether it has no value at all."""
        return bool(pc.all(self.array.is_null(nan_is_null=True)).as_py())

    def __len__(self) -> int:
        return len(self.array)

    def take(self, rows: npt.NDArray[np.int64]) -> Column:
        return Column(self.array.take(pa.array(rows)))

    def numbers(self) -> Optional[pa.Array]:
        """None where something is no number."""
        return _numbers(self.array)

    def categories(self, booleans: Optional[str]) -> pa.Array:
        """Or lists of them: text, or numbers or booleans, which the library writes as `category_text` does."""
        if not is_list(self.type):
            return _categories(self.array, booleans)
        values = self.array.values
        texts = _categories(values, booleans)
        return self.array if texts is values else with_values(self.array, texts)

    def as_kind(self, kind: str, name: str, booleans: Optional[str] = None, unseen: bool = False) -> pa.Array:
        """The column as the kind that its feature had at fit; missing throughout where it had no value there, as
        nothing was learnt of it. ValueError if it cannot be that."""
        if not unseen:
            if kind == NUMERIC:
                found = self.numbers()
            else:
                found = self.categories(booleans) if (kind == MULTI) == (self.kind == MULTI) else None
            if found is not None:
                return found
            if not self.is_missing:
                given, wanted = _NAMES[self.kind], _NAMES[kind]
                raise ValueError(words.OTHER_KIND.format(name=name, found=given, type=self.type, wanted=wanted))
        return pa.nulls(len(self), _TYPES[kind])


class ObjectColumn(Column):
    """Objects that no one Arrow type holds as they are, None where one is missing.

    ValueError for infinity, complex numbers, lists within lists, and lists beside single values."""

    type = "object"

    def __init__(self, values: npt.NDArray[Any], name: str, is_category: bool = False) -> None:
        known = np.empty(len(values), dtype=object)
        kinds: set[str] = set()  # of the values
        inner: set[str] = set()  # of those of lists
        for row, value in enumerate(values):
            if isinstance(value, _SEQUENCES):
                kinds.add(MULTI)
                # A set's own order changes from process to process.
                ordered = sorted(value, key=str) if isinstance(value, (set, frozenset)) else list(value)
                known[row] = [one for one in ordered if not category_text.is_missing(one)]
                inner.update(_kind_of(one, name, row) for one in known[row])
            elif not category_text.is_missing(value):
                known[row] = value
                kinds.add(_kind_of(value, name, row))
        if MULTI in inner:
            raise ValueError(words.NESTED.format(name=name))
        if MULTI in kinds and len(kinds) > 1:
            raise ValueError(words.LISTS_BESIDE_VALUES.format(name=name))
        self.name, self.values = name, known
        within = inner or kinds
        self.booleans = (
            category_text.DIGITS if NUMERIC in within else category_text.WORDS if _BOOLEAN in within else None
        )
        self._are_numbers = kinds <= {NUMERIC, _BOOLEAN}
        if is_category and MULTI not in kinds:
            self.kind = CATEGORICAL
        else:
            self.kind = kinds.pop() if len(kinds) == 1 and _BOOLEAN not in kinds else CATEGORICAL if kinds else NUMERIC

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: npt.NDArray[np.int64]) -> Column:
        part = copy.copy(self)
        part.values = self.values[rows]
        return part

    @property
    def is_missing(self) -> bool:
        return all(value is None for value in self.values)

    def numbers(self) -> Optional[pa.Array]:
        if not self._are_numbers:
            return None
        return pa.array([None if one is None else float(one) for one in self.values], pa.float64())

    def categories(self, booleans: Optional[str]) -> pa.Array:
        texts: list[Any] = []
        for row, value in enumerate(self.values):
            try:
                if isinstance(value, list):
                    texts.append([category_text.category(one, booleans) for one in value])
                else:
                    texts.append(None if value is None else category_text.category(value, booleans))
            except Exception as error:
                kind = type(value).__name__
                raise ValueError(words.NO_TEXT.format(name=self.name, row=row, kind=kind, error=error)) from error
        return pa.array(texts, _TYPES[self.kind if self.kind == MULTI else CATEGORICAL])


_BOOLEAN = "boolean"


def _kind_of(value: Any, name: str, row: int) -> str:
    if isinstance(value, str):
        return CATEGORICAL
    if category_text.is_boolean(value):
        return _BOOLEAN
    if category_text.is_number(value):
        if category_text.is_infinite(value):
            raise ValueError(words.TOO_LARGE.format(name=name, row=row))
        return NUMERIC
    if isinstance(value, complex):
        raise ValueError(words.COMPLEX_VALUE.format(name=name, row=row, value=value))
    if isinstance(value, _SEQUENCES):
        return MULTI
    return TIME if category_text.is_time(value) else CATEGORICAL


# --- Arrow arrays ---


def _numbers(array: pa.Array) -> Optional[pa.Array]:
    if pa.types.is_float64(array.type):
        return array
    if pa.types.is_dictionary(array.type):
        entries = _numbers(array.dictionary)
        return None if entries is None else entries.take(array.indices)
    if pa.types.is_boolean(array.type):
        array = array.cast(pa.uint8())
    elif not _is_number(array.type) and not pa.types.is_null(array.type):
        return None
    return array.cast(pa.float64(), safe=False)


def _categories(array: pa.Array, booleans: Optional[str]) -> pa.Array:
    type_ = array.type
    if is_text(type_):
        return array
    if pa.types.is_dictionary(type_):
        # The plain column: a dictionary's order would be that of the vocabulary.
        entries = _categories(array.dictionary, booleans)
        return entries.take(array.indices) if len(entries) else pa.nulls(len(array), entries.type)
    if pa.types.is_null(type_):
        return pa.nulls(len(array), pa.utf8())
    if pa.types.is_boolean(type_):
        return array.cast(pa.uint8()) if booleans == category_text.DIGITS else array
    if pa.types.is_integer(type_) or pa.types.is_floating(type_):
        if booleans == category_text.WORDS:
            if set(array.unique().to_pylist()) <= {0, 1, None}:
                return array.cast(pa.uint8(), safe=False).cast(pa.bool_())
        # Beyond, the library writes doubles otherwise than the whole numbers that they are.
        elif pa.types.is_integer(type_) or not (pc.max(pc.abs(array)).as_py() or 0.0) >= _EXACT:
            return array
    # Each distinct value is written once.
    encoded = array.dictionary_encode()
    if pa.types.is_temporal(type_):
        texts = category_text.arrow_times(encoded.dictionary)
    else:
        values = encoded.dictionary.to_pylist()
        texts = [None if category_text.is_missing(one) else category_text.category(one, booleans) for one in values]
    return pa.array(texts, pa.utf8()).take(encoded.indices)


def with_values(lists: pa.Array, values: pa.Array) -> pa.Array:
    """Lists of the same lengths, of other values."""
    # Copied, as offsets of a part of a column cannot be put beside a mask.
    offsets = pa.array(lists.offsets.to_numpy())
    made = pa.LargeListArray if pa.types.is_large_list(lists.type) else pa.ListArray
    return made.from_arrays(offsets, values, mask=lists.is_null())


@functools.lru_cache(maxsize=256)  # of one row, looking at the type would be most of a prediction's time
def _of_type(type_: pa.DataType) -> tuple[str, Optional[str]]:
    """A column's kind, and how one of categories writes 0, 1, False and True."""
    inner = type_
    while is_list(inner) or pa.types.is_dictionary(inner):
        inner = inner.value_type
    is_flag = pa.types.is_boolean(inner)
    booleans = category_text.DIGITS if _is_number(inner) else category_text.WORDS if is_flag else None
    if is_list(type_):
        return MULTI, booleans
    if _is_number(type_) or pa.types.is_null(type_):
        return NUMERIC, booleans
    return (TIME if pa.types.is_temporal(type_) else CATEGORICAL), booleans


def is_list(type_: pa.DataType) -> bool:
    return bool(pa.types.is_list(type_) or pa.types.is_large_list(type_))


def is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def is_scalar(type_: pa.DataType) -> bool:
    """Whether a column of it can be categories."""
    binary = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    others = (is_text, pa.types.is_boolean, pa.types.is_null, pa.types.is_temporal, *binary)
    return _is_number(type_) or any(is_one(type_) for is_one in others)
