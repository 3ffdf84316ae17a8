"""`python -m testbed_adapter compare`: the LR and our models on the same click log, as a table and a report.

Exit codes: 0 it ran, 1 the log or a training failed, 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ...messages import compare as words
from .. import options
from .defaults import CANDIDATES, QUICK_RECORDS, QUICK_REQUESTS, RECORDS, REQUESTS, SEEDS

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = str(words.ABOUT), str(words.EXAMPLES)
    parser.add_argument("--testbed", type=options.path, metavar="DIR", help=str(words.TESTBED))
    parser.add_argument("--data", type=options.path, metavar="FILE", help=str(words.DATA))
    parser.add_argument(
        "--records",
        type=options.count,
        metavar="N",
        help=str(words.RECORDS.format(default=RECORDS)),
    )
    parser.add_argument("--models", type=options.models, default=[], metavar="A,B", help=str(words.MODELS))
    parser.add_argument("--seed", type=options.seed, default=0, metavar="S", help=str(words.SEED))
    parser.add_argument(
        "--seeds",
        type=options.count,
        metavar="K",
        help=str(words.SEEDS.format(default=SEEDS)),
    )
    parser.add_argument("--out", type=options.path, default=Path("report"), metavar="DIR", help=str(words.OUT))
    online = parser.add_argument_group(str(words.ABLATION_GROUP), str(words.ABLATION))
    online.add_argument("--ablation", action="store_true", help=str(words.ABLATION_FLAG))
    quick = words.QUICK.format(records=QUICK_RECORDS, requests=QUICK_REQUESTS)
    online.add_argument("--quick", action="store_true", help=str(quick))
    online.add_argument(
        "--requests", type=options.count, metavar="N", help=str(words.REQUESTS.format(default=REQUESTS))
    )
    online.add_argument(
        "--candidates", type=options.count, metavar="N", help=str(words.CANDIDATES.format(default=CANDIDATES))
    )
    learning = parser.add_argument_group(str(words.ONLINE_GROUP), str(words.ONLINE))
    learning.add_argument("--online", action="store_true", help=str(words.ONLINE_FLAG))


def run(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit code."""
    from .command import run as run_command  # scikit-learn and the library: not for --help

    return run_command(args)
