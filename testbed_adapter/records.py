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
import math
import numbers
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable, NoReturn, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from .errors import RecordError
from .words import Words, words

__all__ = ["ClickLog", "RecordError", "records_table"]

_MOST = 2**53  # whole numbers up to here are exact as doubles
_LARGEST_TABLE = 2**31 - 1  # bytes of text, or words, that one Arrow column with 32-bit offsets can hold


def records_table(records: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    """The table that ctr_model_extract_features takes, one row a record. Raises RecordError (a ValueError)."""
    return ClickLog(records).table()


class ClickLog:
    """Records, each field checked when it is first asked for. RecordError names the record (from 1) and the field."""

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        self.records: Sequence[Mapping[str, Any]] = records if isinstance(records, (list, tuple)) else list(records)
        for index, record in enumerate(self.records):
            if type(record) is not dict and not isinstance(record, Mapping):
                raise RecordError(f"第 {index + 1} 条记录应为字典，实际是 {_shown(record)}")
        self._columns: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.records)

    @property
    def clicked(self) -> npt.NDArray[np.int64]:
        return self._numbers("clicked", "0 或 1", _is_click, booleans=True).astype(np.int64)

    @property
    def query(self) -> list[str]:
        return self._column("query", lambda: self._texts("query"))

    @property
    def summary(self) -> list[str]:
        return self._column("summary", lambda: self._texts("summary"))

    @property
    def doc_id(self) -> list[str]:
        return self._column("doc_id", lambda: self._texts("doc_id", "字符串或整数", _whole_text))

    @property
    def position(self) -> npt.NDArray[np.int64]:
        return self._numbers(
            "position", "不小于 0 的整数", lambda value: _is_length(value) & (value == np.floor(value))
        ).astype(np.int64)

    @property
    def score(self) -> npt.NDArray[np.float64]:
        return self._numbers("score", "有限的数值", np.isfinite)

    @property
    def doc_length(self) -> npt.NDArray[np.float64]:
        def lengths() -> npt.NDArray[np.float64]:
            given = [record.get("doc_length") for record in self.records]
            if set(map(type, given)) != {int} and any(_is_missing(value) for value in given):
                given = [len(text) if _is_missing(value) else value for value, text in zip(given, self.summary)]
            return self._checked_numbers("doc_length", given, "不小于 0 的数值", _is_length)

        return self._column("doc_length", lengths)

    @property
    def stamps(self) -> list[str]:
        """The timestamps as text."""
        return self._times[0]

    @property
    def _times(self) -> tuple[list[str], Optional[npt.NDArray[np.float64]]]:
        answer: tuple[list[str], Optional[npt.NDArray[np.float64]]] = self._column("timestamp", self._timestamps)
        return answer

    def table(self) -> pa.RecordBatch:
        """query, doc_id, summary, query_words, summary_words, position, doc_length, score, clicked, timestamp, and
        where the timestamps are no text `time`: the place of each in their order."""
        queries, query_words = _segmented(self.query)
        documents = pa.array(self.doc_id, pa.utf8())
        summaries, summary_words = _segmented(self.summary)
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
            return [record[field] for record in self.records]
        except KeyError:
            index = next(index for index, record in enumerate(self.records) if field not in record)
            raise RecordError(f"第 {index + 1} 条记录缺少字段 '{field}'") from None

    def _texts(
        self, field: str, expected: str = "字符串", convert: Optional[Callable[[Any], Optional[str]]] = None
    ) -> list[str]:
        values = self._values(field)
        if set(map(type, values)) != {str}:
            for index, value in enumerate(values):
                if isinstance(value, str):
                    values[index] = str(value)
                elif convert is not None and (text := convert(value)) is not None:
                    values[index] = text
                else:
                    _refuse(index, field, value, expected)
        return _encodable(values)

    def _numbers(
        self, field: str, expected: str, accept: Callable[[Any], Any], booleans: bool = False
    ) -> npt.NDArray[np.float64]:
        answer: npt.NDArray[np.float64] = self._column(
            field, lambda: self._checked_numbers(field, self._values(field), expected, accept, booleans)
        )
        return answer

    def _checked_numbers(
        self, field: str, values: list[Any], expected: str, accept: Callable[[Any], Any], booleans: bool = False
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
        kinds = {_timestamp_kind(value) for value in values}
        if kinds == {"text"}:
            return _encodable(values), None
        expected = "字符串、数值或 datetime，且所有记录为同一种类型"
        first = _timestamp_kind(values[0]) if values else None
        for index, value in enumerate(values):
            if (kind := _timestamp_kind(value)) is None or kind != first:
                _refuse(index, "timestamp", value, expected)
        try:
            place = {value: rank for rank, value in enumerate(sorted(set(values)))}
        except TypeError:  # datetimes with and without a time zone have no order
            index = next(i for i, value in enumerate(values) if _zone(value) != _zone(values[0]))
            _refuse(index, "timestamp", values[index], "datetime，且所有记录都带时区或都不带时区")
        return [str(value) for value in values], np.array([place[value] for value in values], dtype=np.float64)


def _segmented(texts: Sequence[str]) -> tuple[pa.Array, pa.Array]:
    """The texts as utf8, and their words as list<utf8>. Each distinct text is segmented once, and since a text's words
    are its bytes cut up, both arrays are views of the same bytes."""
    place: dict[str, int] = {}
    rows = np.array([place.setdefault(text, len(place)) for text in texts], dtype=np.int64)
    distinct: list[Words] = [words(text) for text in place]
    sizes = np.array([found.size for found in distinct], dtype=np.int64)
    counts = np.array([found.count for found in distinct], dtype=np.int64)
    if sizes[rows].sum() > _LARGEST_TABLE or counts[rows].sum() > _LARGEST_TABLE:
        raise RecordError(f"文本总量过大：所有查询或摘要合计应小于 2 GB，实际是 {int(sizes[rows].sum())} 字节")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ends = [np.frombuffer(found.word_ends, dtype=np.int32) + start for found, start in zip(distinct, starts)]
    offsets = np.concatenate([[0], *ends]).astype(np.int32)
    data = pa.py_buffer(b"".join(found.text for found in distinct))
    flat = pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), data)
    bounds = pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
    lists = pa.ListArray.from_arrays(bounds, flat)
    whole = pa.StringArray.from_buffers(len(distinct), pa.py_buffer(starts.astype(np.int32)), data)
    return whole.take(pa.array(rows)), lists.take(pa.array(rows))


def _encodable(texts: list[str]) -> list[str]:
    """Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark."""
    try:
        "".join(texts).encode("utf-8")
    except UnicodeEncodeError:
        return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    return texts


def _whole_text(value: Any) -> Optional[str]:
    if isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_)):
        return str(int(value))
    return None


def _is_click(value: Any) -> Any:
    return (value == 0) | (value == 1)


def _is_length(value: Any) -> Any:
    return (value >= 0) & (value <= _MOST)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, (float, np.floating)) and bool(np.isnan(value)))


def _timestamp_kind(value: Any) -> Optional[str]:
    if isinstance(value, str):
        return "text"
    if isinstance(value, (bool, np.bool_)):
        return None
    if isinstance(value, numbers.Real):
        return "number" if math.isfinite(value) else None
    if isinstance(value, datetime.date):
        # pandas' NaT is a datetime that is not equal to itself.
        return type(value).__name__ if type(value) is datetime.date else ("datetime" if value == value else None)
    return "datetime64" if isinstance(value, np.datetime64) and not np.isnat(value) else None


def _zone(value: Any) -> bool:
    return getattr(value, "tzinfo", None) is not None


def _refuse(index: int, field: str, value: Any, expected: str) -> NoReturn:
    raise RecordError(f"第 {index + 1} 条记录的字段 '{field}' 应为{expected}，实际是 {_shown(value)}")


def _shown(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 80 else text[:77] + '…'}（{type(value).__name__}）"
