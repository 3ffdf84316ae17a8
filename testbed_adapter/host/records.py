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
from typing import Any, Callable, NoReturn, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..messages import Message
from ..messages import records as words
from ..native.errors import RecordError
from .text_column import Rows, Texts, encodable

__all__ = ["ClickLog", "RecordError", "records_table"]

_MOST = 2**53  # whole numbers up to here are exact as doubles


def records_table(records: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    """The table that ctr_model_extract_features takes, one row a record. Raises RecordError (a ValueError)."""
    return ClickLog(records).table()


class ClickLog:
    """Records, each field checked when it is first asked for. RecordError names the record (from 1) and the field."""

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        # As they are now: the testbed goes on adding to its list while a thread trains.
        self.records: Sequence[Mapping[str, Any]] = list(records)
        if set(map(type, self.records)) != {dict}:
            for index, record in enumerate(self.records):
                if not isinstance(record, Mapping):
                    raise RecordError(words.NO_MAPPING.format(number=index + 1, **_shown(record)))
        self._columns: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.records)

    @property
    def clicked(self) -> npt.NDArray[np.int64]:
        return self._numbers("clicked", words.CLICK, _is_click, np.int64, booleans=True)

    @property
    def query(self) -> Texts:
        return self._column("query", lambda: Texts.of(self._texts("query")))

    @property
    def summary(self) -> Texts:
        return self._column("summary", lambda: Texts.of(self._texts("summary")))

    @property
    def doc_id(self) -> Texts:
        return self._column("doc_id", lambda: Texts.of(self._texts("doc_id", words.ID, _whole_text)))

    @property
    def position(self) -> npt.NDArray[np.int64]:
        return self._numbers("position", words.PLACE, _is_place, np.int64)

    @property
    def score(self) -> npt.NDArray[np.float64]:
        return self._numbers("score", words.NUMBER, np.isfinite, np.float64)

    @property
    def doc_length(self) -> npt.NDArray[np.float64]:
        def lengths() -> npt.NDArray[np.float64]:
            try:
                given = list(map(operator.itemgetter("doc_length"), self.records))
            except KeyError:
                given = [record.get("doc_length") for record in self.records]
            if set(map(type, given)) != {int} and any(_is_missing(value) for value in given):
                of_texts = self.summary.lengths().tolist()
                given = [length if _is_missing(value) else value for value, length in zip(given, of_texts)]
            return self._checked_numbers("doc_length", given, words.LENGTH, _is_length)

        return self._column("doc_length", lengths)

    @property
    def stamps(self) -> list[str]:
        """The timestamps as text."""
        return self._times[0]

    @property
    def _times(self) -> tuple[list[str], Optional[npt.NDArray[np.float64]]]:
        answer: tuple[list[str], Optional[npt.NDArray[np.float64]]] = self._column("timestamp", self._timestamps)
        return answer

    def part(self, rows: Rows) -> ClickLog:
        """The log of some rows; what was checked before is not checked again."""
        part = ClickLog([])
        part.records = [self.records[row] for row in rows.tolist()]
        for field, column in self._columns.items():
            part._columns[field] = _part(column, rows)
        return part

    def table(self, words: bool = True) -> pa.RecordBatch:
        """query, doc_id, summary, query_words, summary_words, position, doc_length, score, clicked, timestamp, and
        `time`, a number that orders the timestamps, but where they are text and out of order: then its order is.
        Without words, which a click history does not need, the lists of them are empty and no text is segmented."""
        queries, query_words = self.query.with_words() if words else self.query.without_words()
        documents = self.doc_id.array()
        summaries, summary_words = self.summary.with_words() if words else self.summary.without_words()
        stamps, order = self._times
        columns = {
            "query": queries,
            "doc_id": documents,
            "summary": summaries,
            "query_words": query_words,
            "summary_words": summary_words,
            "position": pa.array(self.position),
            "doc_length": pa.array(self.doc_length),
            "score": pa.array(self.score),
            "clicked": pa.array(self.clicked),
            "timestamp": pa.array(stamps, pa.utf8()),
        }
        if order is not None:
            columns["time"] = pa.array(order)
        return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))

    # --- one field of all records ---

    def _column(self, field: str, make: Callable[[], Any]) -> Any:
        if field not in self._columns:
            self._columns[field] = make()
        return self._columns[field]

    def _values(self, field: str) -> list[Any]:
        try:
            return list(map(operator.itemgetter(field), self.records))
        except KeyError:
            index = next(index for index, record in enumerate(self.records) if field not in record)
            present = fields_of(self.records[index])
            raise RecordError(words.NO_FIELD.format(number=index + 1, field=field, present=present)) from None

    def _texts(
        self, field: str, expected: Message = words.TEXT, convert: Optional[Callable[[Any], Optional[str]]] = None
    ) -> list[str]:
        values = self._values(field)
        if set(map(type, values)) != {str}:
            for index, value in enumerate(values):
                if isinstance(value, str):
                    values[index] = str.__str__(value)
                elif convert is not None and (text := convert(value)) is not None:
                    values[index] = text
                else:
                    _refuse(index, field, value, expected)
        return values

    def _numbers(
        self, field: str, expected: Message, accept: Callable[[Any], Any], dtype: Any, booleans: bool = False
    ) -> npt.NDArray[Any]:
        def read() -> npt.NDArray[Any]:
            return self._checked_numbers(field, self._values(field), expected, accept, booleans).astype(dtype)

        answer: npt.NDArray[Any] = self._column(field, read)
        return answer

    def _checked_numbers(
        self, field: str, values: list[Any], expected: Message, accept: Callable[[Any], Any], booleans: bool = False
    ) -> npt.NDArray[np.float64]:
        # `accept` takes one number, or an array of them: usually that is all there is to do.
        if set(map(type, values)) <= {int, float}:
            with contextlib.suppress(OverflowError):
                array = np.array(values, dtype=np.float64)
                if (accept(array) & (array < _MOST)).all():
                    return array
        for index, value in enumerate(values):
            kind = type(value)
            if kind is not float and kind is not int:
                is_boolean = isinstance(value, (bool, np.bool_))
                if is_boolean and booleans:
                    values[index] = int(value)
                    continue
                if is_boolean or not isinstance(value, numbers.Real):
                    _refuse(index, field, value, expected)
            try:
                if not accept(value):
                    _refuse(index, field, value, expected)
            except (OverflowError, ValueError, TypeError):  # infinity or NaN as an int, an int too large for a float
                _refuse(index, field, value, expected)
        return np.array(values, dtype=np.float64)

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
            place = {value: rank for rank, value in enumerate(sorted(set(values)))}
        except TypeError:  # datetimes with and without a time zone have no order
            index = next(i for i, value in enumerate(values) if _zone(value) != _zone(values[0]))
            _refuse(index, "timestamp", values[index], words.ZONE)
        return [str(value) for value in values], np.array([place[value] for value in values], dtype=np.float64)


def _part(column: Any, rows: Rows) -> Any:
    if isinstance(column, Texts):
        return column.part(rows)
    if isinstance(column, np.ndarray):
        return column[rows]
    if isinstance(column, tuple):
        return tuple(_part(one, rows) for one in column)
    return None if column is None else [column[row] for row in rows.tolist()]


def _whole_text(value: Any) -> Optional[str]:
    if isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_)):
        with contextlib.suppress(ValueError):  # of thousands of digits
            return str(int(value))
    return None


def _is_click(value: Any) -> Any:
    return (value == 0) | (value == 1)


def _is_place(value: Any) -> Any:
    return _is_length(value) & (value == np.floor(value))


def _is_length(value: Any) -> Any:
    # A Python number is compared as it is, not in NumPy's narrower type.
    value = value if isinstance(value, np.ndarray) or not isinstance(value, np.generic) else value.item()
    return (value >= 0) & (value <= _MOST)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, (float, np.floating)) and bool(np.isnan(value)))


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
    if expected in (words.PLACE, words.LENGTH) and isinstance(value, (int, float)) and value > _MOST:
        expected = words.TOO_LARGE.format(expected=expected)
    raise RecordError(words.WRONG.format(number=index + 1, field=field, expected=expected, **_shown(value)))


def _shown(value: Any) -> dict[str, str]:
    try:
        text = repr(value)
    except Exception:  # nested too deeply, of thousands of digits, or its own
        text = "…"
    return {"value": text if len(text) <= 80 else text[:77] + "…", "kind": type(value).__name__}
