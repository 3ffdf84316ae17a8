"""`python -m testbed_adapter compare`: the LR and Wide & Deep on the same click log, as a table and a report.

Exit codes: 0 it ran, 1 the log or a training failed, 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["add_arguments", "run"]

RECORDS = 20_000


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not at least 1")
    return number


def _seed(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError(f"{number} is not between 0 and 2^32")
    return number


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--testbed", type=Path, metavar="DIR", help="the testbed's checkout, to compare with its own LR"
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="a click log: the testbed's JSON or a CSV export")
    parser.add_argument(
        "--records",
        type=_count,
        metavar="N",
        help=f"so many records: generated ({RECORDS}), or the first of FILE (all)",
    )
    parser.add_argument("--seed", type=_seed, default=0, metavar="S", help="of the generated log (0)")
    parser.add_argument("--seeds", type=_count, default=1, metavar="K", help="average over K logs, seeds S, S+1, … (1)")
    parser.add_argument("--out", type=Path, default=Path("report"), metavar="DIR", help="for the report (./report/)")


def run(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit code."""
    try:
        from .command import run as run_command  # scikit-learn and the library: not for --help
    except KeyboardInterrupt:
        return 130

    return run_command(args)
