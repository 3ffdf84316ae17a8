"""`doctor`: what is there, what is missing, and what to do about it. Reads only; writes nothing into the testbed.

Exit codes: 0 ready, 1 something must be done, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json

from ...lab.clock import Clock
from ...messages import doctor as words
from .. import options
from .entries import KEYS

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = str(words.ABOUT)
    parser.add_argument("--testbed", type=options.path, metavar="DIR", help=str(words.TESTBED))
    parser.add_argument(
        "--for",
        dest="wanted",
        action="append",
        choices=KEYS,
        metavar="ENTRY",
        help=str(words.FOR.format(keys=", ".join(KEYS))),
    )
    parser.add_argument("--json", action="store_true", help=str(words.JSON))
    parser.add_argument(
        "--timeout",
        type=options.seconds,
        default=120,
        metavar="S",
        help=str(words.TIMEOUT),
    )


def run(given: argparse.Namespace) -> int:
    from .examination import sections

    found = []
    with Clock(str(words.LOOKING)) as clock:  # the testbed's imports take ten seconds and more
        for section, findings in sections(given.testbed, given.timeout, tuple(given.wanted or KEYS)):
            found += [(section, finding) for finding in findings]
            if not given.json:
                clock.print("\n".join([str(section.title), *(finding.text() for finding in findings)]))
    ready = not any(finding.bad for _, finding in found)
    if given.json:
        told = [{"section": section.key, **finding.as_dict()} for section, finding in found]
        print(json.dumps({"ready": ready, "findings": told}, indent=2))
    else:
        print(words.READY if ready else words.NOT_READY)
    return 0 if ready else 1
