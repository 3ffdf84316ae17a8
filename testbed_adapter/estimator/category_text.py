"""A value as a category: one text for one value, whatever holds it and whatever stands beside it.

A whole number is its digits, any other the shortest text that reads back as the same double, as the library spells
columns of numbers (Column.categoryText). Equal moments are one text in any unit and any time zone.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
import numbers
import sys
from typing import Any, Optional

import numpy as np
import pyarrow as pa

# How a column spells 0, 1, False and True, which are the same two values: as the digits where it was learnt with
# numbers, as the words where it was learnt with booleans alone. None: it was learnt with neither.
DIGITS, WORDS = "digits", "words"

_NANOSECONDS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1, "m": 60 * 10**9, "h": 3600 * 10**9, "D": 86400 * 10**9}
_DAY = _NANOSECONDS["D"]
_EPOCH = datetime.datetime(1970, 1, 1)


def is_missing(value: Any) -> bool:
    """None, NaN, NaT and NA, of whatever type."""
    if value is None:
        return True
    if isinstance(value, (str, bytes, bool, int)):
        return False
    if isinstance(value, decimal.Decimal):
        return value.is_nan()
    if isinstance(value, (float, np.floating)):
        return math.isnan(value)
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    pandas = sys.modules.get("pandas")
    return pandas is not None and (value is pandas.NA or value is pandas.NaT)


def is_boolean(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_))


def is_number(value: Any) -> bool:
    return isinstance(value, (numbers.Real, decimal.Decimal)) and not isinstance(value, (bool, np.timedelta64))


def is_time(value: Any) -> bool:
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta, np.datetime64, np.timedelta64)):
        return True
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.Period)


def is_infinite(number: Any) -> bool:
    """Whether no double is near it."""
    try:
        return math.isinf(float(number))
    except OverflowError:
        return True


def category(value: Any, truth: Optional[str] = None) -> str:
    """The text of a value that is not missing."""
    if isinstance(value, str):
        text = str(value)
    elif is_boolean(value):
        text = str(int(value)) if truth == DIGITS else "true" if value else "false"
    elif is_number(value):
        text = number(value)
        if truth == WORDS and text in ("0", "1"):
            text = "true" if text == "1" else "false"
    elif isinstance(value, (bytes, bytearray, memoryview)):
        text = bytes(value).decode("utf-8", "backslashreplace")  # two that differ stay two
    elif is_time(value):
        text = _time(value)
    elif hasattr(value, "left") and hasattr(value, "right") and hasattr(value, "closed_left"):
        text = interval(value.left, value.right, value.closed)
    else:
        text = str(value)
    return text.encode("utf-8", "replace").decode("utf-8")


def number(value: Any) -> str:
    """A finite number's text."""
    if isinstance(value, (decimal.Decimal, fractions.Fraction)):
        whole = value == int(value)
    elif isinstance(value, numbers.Integral):
        whole = True
    else:
        value = float(value)
        whole = value.is_integer()
    return str(int(value)) if whole else repr(float(value))


def interval(left: Any, right: Any, closed: str) -> str:
    opens = "[" if closed in ("left", "both") else "("
    return f"{opens}{category(left)}, {category(right)}{']' if closed in ('right', 'both') else ')'}"


# --- times ---


def arrow_times(column: pa.Array) -> list[Optional[str]]:
    """The texts of a column of dates, timestamps, times of day or durations."""
    type_ = column.type
    if pa.types.is_date32(type_):
        return [None if days is None else _date(days) for days in column.cast(pa.int32()).to_pylist()]
    counts = column.cast(pa.int32() if pa.types.is_time32(type_) else pa.int64()).to_pylist()
    if pa.types.is_date64(type_):
        return [None if count is None else _date(count * 10**6 // _DAY) for count in counts]
    unit = _NANOSECONDS[type_.unit]
    if pa.types.is_timestamp(type_):
        aware = type_.tz is not None
        return [None if count is None else _moment(count * unit, aware) for count in counts]
    spell = _duration if pa.types.is_duration(type_) else _clock
    return [None if count is None else spell(count * unit) for count in counts]


def _time(value: Any) -> str:
    if hasattr(value, "asm8"):  # pandas' own, which are also the standard library's but know nanoseconds
        if getattr(value, "tzinfo", None) is not None:
            return _moment(_nanoseconds(value.tz_convert("UTC").tz_localize(None).asm8), aware=True)
        value = value.asm8
    if isinstance(value, np.datetime64):
        return _moment(_nanoseconds(value), aware=False)
    if isinstance(value, np.timedelta64):
        return _duration(_nanoseconds(value))
    if isinstance(value, datetime.datetime):
        aware = value.utcoffset() is not None
        moment = value.astimezone(datetime.timezone.utc) if aware else value
        return _moment(_delta(moment.replace(tzinfo=None) - _EPOCH), aware)
    if isinstance(value, datetime.date):
        return _date(value.toordinal() - _EPOCH.toordinal())
    if isinstance(value, datetime.timedelta):
        return _duration(_delta(value))
    return str(value)


def _nanoseconds(value: Any) -> int:
    unit, step = np.datetime_data(value.dtype)
    if unit not in _NANOSECONDS:
        # Years, months and weeks; or parts of a nanosecond.
        coarse = "D" if unit in ("Y", "M", "W") else "ns"
        value, unit, step = value.astype(f"{value.dtype.kind}8[{coarse}]"), coarse, 1
    return int(value.astype(np.int64)) * step * _NANOSECONDS[unit]


def _delta(value: datetime.timedelta) -> int:
    return ((value.days * 86400 + value.seconds) * 10**6 + value.microseconds) * 1000


def _date(days: int) -> str:
    return str(np.datetime_as_string(np.datetime64(days, "D")))


def _clock(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, 10**9)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text if rest == 0 else f"{text}.{rest // 1000:06}" if rest % 1000 == 0 else f"{text}.{rest:09}"


def _moment(nanoseconds: int, aware: bool) -> str:
    days, rest = divmod(nanoseconds, _DAY)
    return f"{_date(days)} {_clock(rest)}{'+00:00' if aware else ''}"


def _duration(nanoseconds: int) -> str:
    days, rest = divmod(nanoseconds, _DAY)
    return f"{days} days {_clock(rest)}"
