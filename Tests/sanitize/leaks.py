"""`leaks.py LIBRARY LOG…`: LeakSanitizer's leaks in whose stack the library stands; fails if there are any.

CPython and the packages leak by design (interned strings, types, modules of C), and each of their stacks goes through
libpython, which ours do as well: suppressing those would suppress ours. So the reports are read instead."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def leaks(report: str, library: str) -> list[str]:
    """The report's parts, one a stack, that name the library."""
    parts = re.split(r"\n(?=(?:Direct|Indirect) leak of )", report)
    return [part for part in parts if re.match(r"(Direct|Indirect) leak", part) and library in part]


def main() -> int:
    library, logs = sys.argv[1], [Path(name) for name in sys.argv[2:]]
    found = [part for log in logs for part in leaks(log.read_text("utf-8", "replace"), library)]
    for part in found:
        print(part.strip(), end="\n\n")
    print(f"{len(logs)} reports of leaks, {len(found)} leaks of {library}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
