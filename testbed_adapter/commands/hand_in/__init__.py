"""`python -m testbed_adapter hand-in`: the student's report of the exercise, from their own log and testbed.

Exit codes: 0 it is written, 1 the log, a training or the writing failed, 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ...messages import hand_in as words
from .. import options

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = str(words.ABOUT), str(words.EXAMPLES)
    parser.add_argument("--testbed", type=options.path, metavar="DIR", required=True, help=str(words.TESTBED))
    parser.add_argument("--data", type=options.path, metavar="FILE", help=str(words.DATA))
    parser.add_argument("--name", metavar="NAME", help=str(words.NAME))
    parser.add_argument("--seed", type=options.seed, default=0, metavar="S", help=str(words.SEED))
    parser.add_argument("--out", type=options.path, default=Path("hand-in"), metavar="DIR", help=str(words.OUT))
    parser.add_argument("--language", choices=("en", "zh", "both"), help=str(words.LANGUAGE))
    parser.add_argument("--force", action="store_true", help=str(words.FORCE))


def run(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit code."""
    from .command import run as run_command  # scikit-learn and the library: not for --help

    return run_command(args)
