"""Numbers as they are written in files and on command lines: ASCII digits, nothing more.

Python's own int() and float() take 1_0 for 10, digits of any script, spaces around, "nan" and "infinity".
"""

from __future__ import annotations

import math
import re

from ..messages import values

_WHOLE = re.compile(r"[+-]?[0-9]{1,400}(\.0*)?")
_REAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def whole(text: str) -> int:
    """12 or, as pandas writes it where a column has gaps, 12.0. ValueError, with what would be right, otherwise."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(values.WHOLE)
    return int(text.partition(".")[0])


def real(text: str) -> float:
    """12, 0.5 or 1e-05. ValueError, with what would be right, otherwise, and for what a double cannot hold."""
    if not _REAL.fullmatch(text) or not math.isfinite(number := float(text)):
        raise ValueError(values.REAL)
    return number
