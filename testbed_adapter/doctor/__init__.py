"""`doctor`: what is there, what is missing, and what to do about it. Reads only; writes nothing into the testbed.

Exit codes: 0 ready, 1 something must be done, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json

from .. import options
from ..clock import Clock
from ..messages.doctor import LOOKING
from .entries import KEYS

__all__ = ["add_arguments", "run"]

_ABOUT = """Checks this environment, the library, the switch, the testbed, its entry points and its files, and says what
to do. The testbed's modules are really imported, in a process of its own. Model files are never unpickled, and nothing
is written into DIR. Exit code 0: ready, and the entry points start; 1: something must be done (✗). A line with ! is
worth knowing and needs nothing."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = _ABOUT
    parser.add_argument(
        "--testbed", type=options.path, metavar="DIR", help="the testbed's checkout; without it only the rest"
    )
    parser.add_argument(
        "--for",
        dest="wanted",
        action="append",
        choices=KEYS,
        metavar="ENTRY",
        help=f"which entry points of the testbed have to start, one of {', '.join(KEYS)}; may be given again (all)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.add_argument(
        "--timeout",
        type=options.seconds,
        default=120,
        metavar="S",
        help="seconds for the import of the testbed (%(default)g)",
    )


def run(given: argparse.Namespace) -> int:
    from .examination import sections

    found = []
    with Clock(str(LOOKING)) as clock:  # the testbed's imports take ten seconds and more
        for section, findings in sections(given.testbed, given.timeout, tuple(given.wanted or KEYS)):
            found += [(section, finding) for finding in findings]
            if not given.json:
                clock.print("\n".join([section.title, *(finding.text() for finding in findings)]))
    ready = not any(finding.bad for _, finding in found)
    if given.json:
        told = [{"section": section.key, **finding.as_dict()} for section, finding in found]
        print(json.dumps({"ready": ready, "findings": told}, indent=2))
    else:
        print("可以使用 ready" if ready else "请先按上面的 → 处理 ✗ 的各项 / first do what stands after →")
    return 0 if ready else 1
