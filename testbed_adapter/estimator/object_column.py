"""A column of Python objects that no one Arrow type holds as they are."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..messages import columns as words
from . import category_text

NUMBER, BOOLEAN, TIME, LIST, OTHER = "number", "boolean", "time", "list", "other"

_LISTS = (list, tuple, set, frozenset, np.ndarray)


class Mixed:
    """Objects, None where one is missing, and which sorts of value are among them (of lists, among their values).

    ValueError for infinity, complex numbers, lists within lists, and lists beside single values."""

    def __init__(self, values: npt.NDArray[Any], name: str, is_category: bool = False) -> None:
        kept = np.empty(len(values), dtype=object)
        sorts: set[str] = set()
        inner: set[str] = set()
        for row, value in enumerate(values):
            if isinstance(value, _LISTS):
                sorts.add(LIST)
                # A set's own order changes from process to process.
                ordered = sorted(value, key=str) if isinstance(value, (set, frozenset)) else list(value)
                kept[row] = [one for one in ordered if not category_text.is_missing(one)]
                inner.update(_sort(one, name, row) for one in kept[row])
            elif not category_text.is_missing(value):
                kept[row] = value
                sorts.add(_sort(value, name, row))
        if LIST in inner:
            raise ValueError(words.NESTED.format(name=name))
        if LIST in sorts and len(sorts) > 1:
            raise ValueError(words.LISTS_BESIDE_VALUES.format(name=name))
        self.name = name
        self.values = kept
        self.is_list = LIST in sorts
        self.sorts = inner if self.is_list else sorts
        self.is_category = is_category

    @property
    def type(self) -> str:
        """For messages."""
        return "object"

    @property
    def null_count(self) -> int:
        return sum(value is None for value in self.values)

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: pa.Array) -> Mixed:
        part = object.__new__(Mixed)
        part.__dict__.update(self.__dict__, values=self.values[rows.to_numpy()])
        return part

    def categories(self, truth: Optional[str] = None) -> pa.Array:
        texts: list[Any] = []
        for row, value in enumerate(self.values):
            try:
                if isinstance(value, list) and self.is_list:
                    texts.append([category_text.category(one, truth) for one in value])
                else:
                    texts.append(None if value is None else category_text.category(value, truth))
            except Exception as error:
                kind = type(value).__name__
                raise ValueError(words.NO_TEXT.format(name=self.name, row=row, kind=kind, error=error)) from error
        return pa.array(texts, pa.list_(pa.utf8()) if self.is_list else pa.utf8())

    def numbers(self) -> Optional[pa.Array]:
        """None where something is no number."""
        if self.is_list or not self.sorts <= {NUMBER, BOOLEAN}:
            return None
        return pa.array([None if one is None else float(one) for one in self.values], pa.float64())

    def to_pylist(self) -> list[Any]:
        return list(self.categories().to_pylist())


def _sort(value: Any, name: str, row: int) -> str:
    if isinstance(value, str):
        return OTHER
    if category_text.is_boolean(value):
        return BOOLEAN
    if category_text.is_number(value):
        if category_text.is_infinite(value):
            raise ValueError(words.TOO_LARGE.format(name=name, row=row))
        return NUMBER
    if isinstance(value, complex):
        raise ValueError(words.COMPLEX_VALUE.format(name=name, row=row, value=value))
    if isinstance(value, _LISTS):
        return LIST
    return TIME if category_text.is_time(value) else OTHER
