"""The testbed's click-log records (a list of dicts) as one Arrow table, checked once, at the door.

| field      | what it must be                                                                        |
|------------|----------------------------------------------------------------------------------------|
| query      | text                                                                                   |
| doc_id     | text, or a whole number, which stands for its decimal text                             |
| summary    | text                                                                                   |
| position   | a whole number ≥ 0                                                                     |
| score      | a finite number                                                                        |
| clicked    | 0 or 1, or a bool                                                                      |
| timestamp  | all text, or all finite numbers, or all datetimes: they are put in order               |
| doc_length | a number ≥ 0; where it is missing or None, the summary's length, as at prediction      |

Other fields are not looked at.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import math
import numbers
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable, NamedTuple, NoReturn, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..messages import Message
from ..messages import records as words
from ..native.errors import RecordError
from .text_column import Rows, TextColumn, encodable

__all__ = ["ClickLog", "RecordError", "records_table"]

_MOST = 2**53  # whole numbers up to here are exact as doubles


def records_table(records: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    """The table that ctr_model_extract_features takes, one row a record. Raises RecordError (a ValueError)."""
    return ClickLog(records).table()


class ClickLog:
    """Records, each field checked when it is first asked for. RecordError names the record (from 1) and the field."""

    query: TextColumn
    doc_id: TextColumn
    summary: TextColumn
    position: npt.NDArray[np.int64]
    clicked: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    doc_length: npt.NDArray[np.float64]
    _times: tuple[list[str], Optional[npt.NDArray[np.float64]]]

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        # As they are now: the testbed goes on adding to its list while a thread trains.
        self.records: Sequence[Mapping[str, Any]] = list(records)
        if set(map(type, self.records)) != {dict}:
            for index, record in enumerate(self.records):
                if not isinstance(record, Mapping):
                    raise RecordError(words.NO_MAPPING.format(number=index + 1, **_shown(record)))

    def __len__(self) -> int:
        return len(self.records)

    def __getattr__(self, field: str) -> Any:
        """A field when it is first asked for."""
        if field in ("query", "doc_id", "summary"):
            values: Any = self._texts(field)
        elif field in _NUMBERS:
            values = self._numbers(field)
            values = values.astype(np.int64) if field in ("position", "clicked") else values
        elif field == "_times":
            values = self._timestamps()
        else:
            raise AttributeError(field)
        vars(self)[field] = values
        return values

    @property
    def stamps(self) -> list[str]:
        """The timestamps as text."""
        return self._times[0]

    def part(self, rows: Rows) -> ClickLog:
        """The log of some rows; what was checked before is not checked again."""
        part = ClickLog([])
        vars(part).update({field: _part(column, rows) for field, column in vars(self).items()})
        return part

    def table(self, words: bool = True) -> pa.RecordBatch:
        """query, doc_id, summary, query_words, summary_words, position, doc_length, score, clicked, timestamp, and
        `time`, a number that orders the timestamps, but where they are text and out of order: then its order is.
        Without words, which a click history does not need, the lists of them are empty and no text is segmented."""
        queries, query_words = self.query.with_words() if words else self.query.without_words()
        summaries, summary_words = self.summary.with_words() if words else self.summary.without_words()
        stamps, order = self._times
        columns = {
            "query": queries,
            "doc_id": self.doc_id.array(),
            "summary": summaries,
            "query_words": query_words,
            "summary_words": summary_words,
            **{name: pa.array(getattr(self, name)) for name in ("position", "doc_length", "score", "clicked")},
            "timestamp": pa.array(stamps, pa.utf8()),
        }
        if order is not None:
            columns["time"] = pa.array(order)
        return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))

    # --- one field of all records ---

    def _values(self, field: str) -> list[Any]:
        try:
            return list(map(operator.itemgetter(field), self.records))
        except KeyError:
            index = next(index for index, record in enumerate(self.records) if field not in record)
            present = fields_of(self.records[index])
            raise RecordError(words.NO_FIELD.format(number=index + 1, field=field, present=present)) from None

    def _texts(self, field: str) -> TextColumn:
        values = self._values(field)
        return TextColumn.of(values if set(map(type, values)) == {str} else _checked(field, values))

    def _numbers(self, field: str) -> npt.NDArray[np.float64]:
        values = self._lengths() if field == "doc_length" else self._values(field)
        if set(map(type, values)) <= {int, float}:
            with contextlib.suppress(OverflowError):
                array = np.array(values, dtype=np.float64)
                if (_NUMBERS[field].accept(array) & (array < _MOST)).all():
                    return array
        return np.array(_checked(field, values), dtype=np.float64)

    def _lengths(self) -> list[Any]:
        given = [record.get("doc_length") for record in self.records]
        if set(map(type, given)) != {int} and any(map(_is_missing, given)):
            of_texts = self.summary.lengths().tolist()
            given = [length if _is_missing(value) else value for value, length in zip(given, of_texts)]
        return given

    def _timestamps(self) -> tuple[list[str], Optional[npt.NDArray[np.float64]]]:
        values = self._values("timestamp")
        if set(map(type, values)) == {str} or {_timestamp_kind(value) for value in values} == {"text"}:
            values = encodable(values)
            in_order = all(map(operator.le, values, itertools.islice(values, 1, None)))
            return values, np.arange(len(values), dtype=np.float64) if in_order else None
        first = _timestamp_kind(values[0]) if values else None
        for index, value in enumerate(values):
            if (kind := _timestamp_kind(value)) is None or kind != first:
                _refuse(index, "timestamp", value, words.TIME)
        try:
            ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
        except TypeError:  # datetimes with and without a time zone have no order
            index = next(i for i, value in enumerate(values) if _zone(value) != _zone(values[0]))
            _refuse(index, "timestamp", values[index], words.ZONE)
        return [str(value) for value in values], np.array([ranks[value] for value in values], dtype=np.float64)


# --- one value of a field ---


class _Number(NamedTuple):
    expected: Message
    accept: Callable[[Any], Any]  # of a number, or an array of them


def _is_length(value: Any) -> Any:
    # A Python number is compared as it is, not in NumPy's narrower type.
    value = value.item() if isinstance(value, np.generic) else value
    return (value >= 0) & (value <= _MOST)


_NUMBERS = {
    "position": _Number(words.POSITION, lambda value: _is_length(value) & (value == np.floor(value))),
    "score": _Number(words.NUMBER, np.isfinite),
    "clicked": _Number(words.CLICK, lambda value: (value == 0) | (value == 1)),
    "doc_length": _Number(words.LENGTH, _is_length),
}
_EXPECTED = {**{field: one.expected for field, one in _NUMBERS.items()}, "doc_id": words.ID}


def checked(field: str, value: Any) -> Any:
    """A field's value as a str, or as a number as it is. ValueError, TypeError or OverflowError where it is wrong."""
    is_boolean = isinstance(value, (bool, np.bool_))
    if field in _NUMBERS:
        value = int(value) if is_boolean and field == "clicked" else value
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
            raise TypeError
        if not _NUMBERS[field].accept(value):
            raise ValueError
        return value
    if field == "doc_id" and isinstance(value, numbers.Integral) and not is_boolean:
        return str(int(value))
    return str.__str__(value)


def _checked(field: str, values: list[Any]) -> list[Any]:
    found = []
    for index, value in enumerate(values):
        try:
            found.append(checked(field, value))
        except (OverflowError, ValueError, TypeError):  # infinity or NaN as an int, an int too large for a float
            _refuse(index, field, value, _EXPECTED.get(field, words.TEXT))
    return found


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, (float, np.floating)) and bool(np.isnan(value)))


def _part(column: Any, rows: Rows) -> Any:
    if isinstance(column, TextColumn):
        return column.part(rows)
    if isinstance(column, np.ndarray):
        return column[rows]
    if isinstance(column, tuple):
        return tuple(_part(one, rows) for one in column)
    return None if column is None else [column[row] for row in rows.tolist()]


def fields_of(record: Mapping[str, Any]) -> str:
    """What a record has, as a message shows it."""
    return f"{', '.join(map(str, record)) or '–':.200}"


def _timestamp_kind(value: Any) -> Optional[str]:
    if isinstance(value, str):
        return "text"
    if isinstance(value, (bool, np.bool_)):
        return None
    if isinstance(value, numbers.Real):
        try:
            return "number" if math.isfinite(value) else None
        except OverflowError:  # a whole number beyond any double
            return None
    if isinstance(value, datetime.date):
        # pandas' NaT is a datetime that is not equal to itself.
        return type(value).__name__ if type(value) is datetime.date else ("datetime" if value == value else None)
    return "datetime64" if isinstance(value, np.datetime64) and not np.isnat(value) else None


def _zone(value: Any) -> bool:
    return getattr(value, "tzinfo", None) is not None


def _refuse(index: int, field: str, value: Any, expected: Message) -> NoReturn:
    if expected in (words.POSITION, words.LENGTH) and isinstance(value, (int, float)) and value > _MOST:
        expected = words.TOO_LARGE.format(expected=expected)
    raise RecordError(words.WRONG.format(number=index + 1, field=field, expected=expected, **_shown(value)))


def _shown(value: Any) -> dict[str, str]:
    try:
        text = repr(value)
    except Exception:  # nested too deeply, of thousands of digits, or its own
        text = "…"
    return {"value": text if len(text) <= 80 else text[:77] + "…", "kind": type(value).__name__}
