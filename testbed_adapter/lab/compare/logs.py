"""Reads a click log from a file: the testbed's JSON, or a CSV export. Errors name the file, the row and the field."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, Optional

from ...host.records import checked, fields_of
from ...host.text_column import encodable
from ...messages import Message, reason, values
from ...messages import logs as words
from .. import numerals

WHOLE = ("position", "clicked", "doc_length", "query_length", "summary_length", "click_count")
REAL = ("score", "match_score", "query_ctr", "doc_ctr", "position_decay")
# What every model needs. Without a doc_length the summary's length stands in, as the testbed's data service has it.
REQUIRED = ("timestamp", "query", "doc_id", "position", "score", "clicked", "summary")
_WANTED = {"clicked": words.CLICK, "position": words.PLACE_IN_DIGITS}
_READ = (*REQUIRED, "doc_length")
_EXPECTED = {
    **dict.fromkeys(("query", "doc_id", "summary"), words.TEXT),
    "timestamp": words.TIME,
    "position": words.PLACE,
    "score": words.NUMBER,
    "clicked": words.CLICK,
    "doc_length": words.LENGTH,
}


class LogError(ValueError):
    """A file that is no click log, or a record in it that cannot be used."""


def read_log(path: Path, most: Optional[int] = None) -> list[dict[str, Any]]:
    """The records of a .csv file, or of any other as JSON: a list, or an object with `records`; the first `most`."""
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _json_rows(path)
    records: list[dict[str, Any]] = []
    for place, row in rows:
        if most is not None and len(records) == most:
            break
        records.append(_checked(path, place, row))
    if not records:
        raise LogError(words.NO_RECORDS.format(path=path))
    return records


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LogError(words.UNREADABLE.format(path=path, error=reason(error))) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LogError(words.NOT_UTF8.format(path=path, byte=error.start, advice=_other_encoding(path, data))) from None


def _other_encoding(path: Path, data: bytes) -> Message:
    """What to do about it. It is not guessed: text of the wrong encoding would be trained on."""
    # What Excel saves as "CSV" in Chinese, and as "Unicode text".
    for name, marks in (("UTF-16", (b"\xff\xfe", b"\xfe\xff")), ("GB18030", (b"",))):
        if data.startswith(marks):
            try:
                data.decode(name)
            except UnicodeDecodeError:
                continue
            command = f"iconv -f {name} -t UTF-8 {path.name} > utf8{path.suffix}"
            return words.CONVERT.format(advice=words.SAVE_AS_UTF8, encoding=name, command=command)
    return words.SAVE_AS_UTF8


def _json_rows(path: Path) -> Iterator[tuple[Message, Any]]:
    text = _text(path)
    try:
        data = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise LogError(
            words.NOT_JSON.format(path=path, error=error.msg, line=error.lineno, column=error.colno)
        ) from None
    except ValueError as error:  # a number of thousands of digits
        raise LogError(words.NOT_READ_AS_JSON.format(path=path, error=error)) from None
    except RecursionError:
        raise LogError(words.NESTED.format(path=path)) from None
    if isinstance(data, dict):
        _refuse_twice(path, words.TOP, data, ("records",))
        if "records" not in data:
            raise LogError(words.NO_LIST_OF_RECORDS.format(path=path))
        data = data["records"]
    if not isinstance(data, list):
        raise LogError(words.NO_LIST.format(path=path, value=_shown(data)))
    for index, row in enumerate(data):
        _refuse_twice(path, place := words.RECORD.format(number=index + 1), row, _READ)
        yield place, row


class _Twice(dict[str, Any]):
    """A JSON object with names that stand there twice; JSON's own reader takes the last value."""

    names: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    names = [name for name, _ in pairs]
    twice.names = tuple(name for name in found if names.count(name) > 1)
    return twice


def _refuse_twice(path: Path, place: Message, row: Any, read: Sequence[str]) -> None:
    for name in row.names if isinstance(row, _Twice) else ():
        if name in read:
            raise LogError(words.TWICE.format(path=path, place=place, field=name))


def _csv_rows(path: Path) -> Iterator[tuple[Message, Any]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    if not reader.fieldnames:
        raise LogError(words.EMPTY.format(path=path))
    missing = [field for field in REQUIRED if field not in reader.fieldnames]
    if missing:
        other = next((sign for sign in (";", "\t", "|") if sign in reader.fieldnames[0]), None)
        hint = words.OTHER_SEPARATOR.format(sign=other) if other else ""
        raise LogError(words.NO_COLUMN.format(path=path, columns=", ".join(missing), hint=hint))
    for field in _READ:
        places = [str(place) for place, name in enumerate(reader.fieldnames, start=1) if name == field]
        if len(places) > 1:
            named = Message(" and ".join(places), "、".join(places))
            raise LogError(words.COLUMN_TWICE.format(path=path, column=field, count=len(places), places=named))
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise LogError(
                words.BROKEN_LINE.format(path=path, place=words.LINE.format(number=reader.line_num), error=error)
            ) from None
        if row is None:
            return
        place = words.LINE.format(number=reader.line_num)
        if None in row:
            raise _wrong(path, place, words.MORE_CELLS)
        absent = [field for field, cell in row.items() if cell is None]
        if absent:
            raise _wrong(path, place, words.NO_CELL.format(columns=", ".join(absent)))
        yield place, {field: _cell(path, place, field, cell) for field, cell in row.items()}


def _cell(path: Path, place: Message, field: str, cell: str) -> Any:
    if field not in WHOLE and field not in REAL:
        return cell
    if not cell.strip():
        return None
    if field == "clicked" and cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    try:
        number = numerals.real(cell)
    except ValueError:
        if field not in _READ:  # of a column that nobody reads
            return cell
        _refuse(path, place, field, cell, _WANTED.get(field, values.REAL))
    # pandas writes whole numbers as 3.0 where a column has gaps.
    return int(number) if field in WHOLE and number == int(number) else number


def _checked(path: Path, place: Message, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise _wrong(path, place, words.NO_RECORD.format(value=_shown(row)))
    for field in REQUIRED:
        if field not in row:
            raise _wrong(path, place, words.NO_FIELD.format(field=field, present=fields_of(row)))
    record = {name: encodable([value])[0] if isinstance(value, str) else value for name, value in row.items()}
    if record.get("doc_length") is None and isinstance(record["summary"], str):
        record["doc_length"] = len(record["summary"])
    for field, expected in _EXPECTED.items():
        if field == "timestamp" and isinstance(record[field], str):
            continue
        try:
            record[field] = checked("score" if field == "timestamp" else field, record[field])
        except (ValueError, TypeError, OverflowError):
            _refuse(path, place, field, record[field], expected)
    return record


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


def _refuse(path: Path, place: Message, field: str, value: Any, wanted: Message) -> NoReturn:
    raise LogError(words.WRONG.format(path=path, place=place, field=field, value=_shown(value), wanted=wanted))


def _wrong(path: Path, place: Message, error: Message) -> LogError:
    return LogError(words.BROKEN_LINE.format(path=path, place=place, error=error))
