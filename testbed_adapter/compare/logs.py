"""Reads a click log from a file: the testbed's JSON, or a CSV export. Errors name the file, the row and the field."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, Optional

WHOLE = ("position", "clicked", "doc_length", "query_length", "summary_length", "click_count")
REAL = ("score", "match_score", "query_ctr", "doc_ctr", "position_decay")
# What every model needs. Without a doc_length the summary's length stands in, as the testbed's data service has it.
REQUIRED = ("timestamp", "query", "doc_id", "position", "score", "clicked", "summary")


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
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LogError(f"{path} is not UTF-8: byte {error.start}. Save it as UTF-8 and try again") from None
    except OSError as error:
        raise LogError(f"{path} cannot be read: {error.strerror or error}") from None


def _json_rows(path: Path) -> Iterator[tuple[str, Any]]:
    text = _text(path)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise LogError(f"{path} is not JSON: {error.msg}, line {error.lineno}, column {error.colno}") from None
    except ValueError as error:  # a number of thousands of digits
        raise LogError(f"{path} cannot be read as JSON: {error}") from None
    except RecursionError:
        raise LogError(f"{path} is nested too deeply for a click log") from None
    if isinstance(data, dict):
        if "records" not in data:
            raise LogError(f"{path} is a JSON object without `records`")
        data = data["records"]
    if not isinstance(data, list):
        raise LogError(f"{path}: the records are {_shown(data)}, not a list")
    for index, row in enumerate(data):
        yield f"record {index + 1}", row


def _csv_rows(path: Path) -> Iterator[tuple[str, Any]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    if not reader.fieldnames:
        raise LogError(f"{path} is empty")
    missing = [field for field in REQUIRED if field not in reader.fieldnames]
    if missing:
        raise LogError(f"{path}: its header has no column {', '.join(missing)}")
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
    if field == "clicked" and cell.strip().lower() in ("true", "false"):
        return cell.strip().lower() == "true"
    try:
        number = float(cell)
    except ValueError:
        _refuse(path, place, field, cell, "a number")
    # pandas writes whole numbers as 3.0 where a column has gaps.
    return int(number) if field in WHOLE and _is_finite(number) and number == int(number) else number


def _checked(path: Path, place: str, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise LogError(f"{path}, {place}: {_shown(row)} is no record")
    for field in REQUIRED:
        if field not in row:
            raise LogError(f"{path}, {place}: there is no field {field}")
    record = dict(row)
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
        ("clicked", "0 or 1", lambda value: value in (0, 1)),
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
