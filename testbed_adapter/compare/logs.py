"""Reads a click log from a file: the testbed's JSON, or a CSV export. Errors name the file, the row and the field."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, Optional

from .. import numerals
from ..texts import encodable

WHOLE = ("position", "clicked", "doc_length", "query_length", "summary_length", "click_count")
REAL = ("score", "match_score", "query_ctr", "doc_ctr", "position_decay")
# What every model needs. Without a doc_length the summary's length stands in, as the testbed's data service has it.
REQUIRED = ("timestamp", "query", "doc_id", "position", "score", "clicked", "summary")
_NUMBER = "a finite number in plain digits, as 12, 0.5 or 1e-05"
_WANTED = {"clicked": "0 or 1, true or false", "position": "a whole number ≥ 0 in plain digits, as 12"}
_READ = (*REQUIRED, "doc_length")


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
        raise LogError(f"{path} holds no records")
    return records


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LogError(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LogError(f"{path} is not UTF-8: byte {error.start}. {_other_encoding(path, data)}") from None


def _other_encoding(path: Path, data: bytes) -> str:
    """What to do about it. It is not guessed: text of the wrong encoding would be trained on."""
    start = "Save it as UTF-8 and try again"
    # What Excel saves as "CSV" in Chinese, and as "Unicode text".
    for name, marks in (("UTF-16", (b"\xff\xfe", b"\xfe\xff")), ("GB18030", (b"",))):
        if data.startswith(marks):
            try:
                data.decode(name)
            except UnicodeDecodeError:
                continue
            return f"{start}; if it is {name}: iconv -f {name} -t UTF-8 {path.name} > utf8{path.suffix}"
    return start


def _json_rows(path: Path) -> Iterator[tuple[str, Any]]:
    text = _text(path)
    try:
        data = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise LogError(f"{path} is not JSON: {error.msg}, line {error.lineno}, column {error.colno}") from None
    except ValueError as error:  # a number of thousands of digits
        raise LogError(f"{path} cannot be read as JSON: {error}") from None
    except RecursionError:
        raise LogError(f"{path} is nested too deeply for a click log") from None
    if isinstance(data, dict):
        _refuse_twice(path, "at the top", data, ("records",))
        if "records" not in data:
            raise LogError(f"{path} is a JSON object without `records`")
        data = data["records"]
    if not isinstance(data, list):
        raise LogError(f"{path}: the records are {_shown(data)}, not a list")
    for index, row in enumerate(data):
        _refuse_twice(path, f"record {index + 1}", row, _READ)
        yield f"record {index + 1}", row


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


def _refuse_twice(path: Path, place: str, row: Any, read: Sequence[str]) -> None:
    for name in row.names if isinstance(row, _Twice) else ():
        if name in read:
            raise LogError(f"{path}, {place}: the field {name} stands there twice; keep one")


def _csv_rows(path: Path) -> Iterator[tuple[str, Any]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    if not reader.fieldnames:
        raise LogError(f"{path} is empty")
    missing = [field for field in REQUIRED if field not in reader.fieldnames]
    if missing:
        other = next((sign for sign in (";", "\t", "|") if sign in reader.fieldnames[0]), None)
        hint = f". Its columns must be separated by commas, not by {other!r}" if other else ""
        raise LogError(f"{path}: its header has no column {', '.join(missing)}{hint}")
    for field in _READ:
        places = [str(place) for place, name in enumerate(reader.fieldnames, start=1) if name == field]
        if len(places) > 1:
            raise LogError(
                f"{path}: its header has the column {field} {len(places)} times, as columns "
                f"{' and '.join(places)}; keep one"
            )
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise LogError(f"{path}, line {reader.line_num}: {error}") from None
        if row is None:
            return
        place = f"line {reader.line_num}"
        if None in row:
            raise LogError(f"{path}, {place}: more cells than the header has columns")
        absent = [field for field, cell in row.items() if cell is None]
        if absent:
            raise LogError(f"{path}, {place}: no cell for {', '.join(absent)}")
        yield place, {field: _cell(path, place, field, cell) for field, cell in row.items()}


def _cell(path: Path, place: str, field: str, cell: str) -> Any:
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
        _refuse(path, place, field, cell, _WANTED.get(field, _NUMBER))
    # pandas writes whole numbers as 3.0 where a column has gaps.
    return int(number) if field in WHOLE and number == int(number) else number


def _checked(path: Path, place: str, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise LogError(f"{path}, {place}: {_shown(row)} is no record")
    for field in REQUIRED:
        if field not in row:
            raise LogError(f"{path}, {place}: there is no field {field}")
    record = {name: encodable([value])[0] if isinstance(value, str) else value for name, value in row.items()}
    if isinstance(record["doc_id"], int) and not isinstance(record["doc_id"], bool):
        record["doc_id"] = str(record["doc_id"])
    for field in ("query", "doc_id", "summary"):
        if not isinstance(record[field], str):
            _refuse(path, place, field, record[field], "text")
    if record.get("doc_length") is None:
        record["doc_length"] = len(record["summary"])
    time = record["timestamp"]
    if not isinstance(time, str) and not _is_finite(time):
        _refuse(path, place, "timestamp", time, "text or a number")
    if isinstance(record["clicked"], bool):
        record["clicked"] = int(record["clicked"])
    for field, wanted, fits in (
        ("position", "a whole number ≥ 0", lambda value: value >= 0 and value == int(value)),
        ("score", "a finite number", lambda value: True),
        ("clicked", "0 or 1, true or false", lambda value: value in (0, 1)),
        ("doc_length", "a number ≥ 0", lambda value: value >= 0),
    ):
        value = record[field]
        if not _is_finite(value) or not fits(value):
            _refuse(path, place, field, value, wanted)
    return record


def _is_finite(value: Any) -> bool:
    """A number that a double holds, and no bool."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


def _refuse(path: Path, place: str, field: str, value: Any, wanted: str) -> NoReturn:
    raise LogError(f"{path}, {place}, field {field}: {_shown(value)} is not {wanted}")
