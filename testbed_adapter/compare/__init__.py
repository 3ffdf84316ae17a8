"""`python -m testbed_adapter compare`: the LR and Wide & Deep on the same click log, as a table and a report.

Exit codes: 0 it ran, 1 the log or a training failed, 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import options

__all__ = ["add_arguments", "run"]

RECORDS = 20_000
SEEDS = 5  # of --ablation and --online
# Of --ablation. As many candidates as the testbed's search retrieves for a page of ten.
REQUESTS, CANDIDATES = 20_000, 20

_ABOUT = """Trains the testbed's LR, Wide & Deep, and Wide & Deep's parts alone, on one click log and on the testbed's
own split of it. Prints a table of the held-out 30%; writes report.html, to open in a browser, and results.json."""

_ABLATION = """The experiment of the Wide & Deep paper's Table 1. The models are trained and measured as ever. Then
each serves the same new requests in the generated world: for each request 20 candidates, ranked as the testbed's
IndexService.rank does it (predict_ctr, with a candidate's place by text score as its position), the best ten shown,
and clicks drawn from the true probabilities at the positions shown. The gain is how much more a model's pages are
clicked than the LR's, with a 95% interval over the seeds. Beside it stands how much of the catalogue is shown, and
how often the long tail is. The oracle ranks by the true probabilities. Some two minutes; with --testbed a minute
more for each seed."""

_ONLINE = """The models are compared as ever. Then Wide & Deep is trained on half of a log, and the rest arrives in 1,
5, 20, 100 or 500 triggers, each of which trains further from the present weights, as the testbed's online training
does. On further records, which no model has seen, the model is measured beside one trained from nothing on the whole
log: AUC, log loss, calibration, and the time of the triggers beside that of training from nothing each time. Once more
from a tenth of the log, in 100 triggers. A trigger brings at least ten records: few --records leave rows out. Some
fifteen minutes."""

_EXAMPLES = """examples:
  python -m testbed_adapter compare
      on a generated log, with our stand-in for the testbed's LR
  python -m testbed_adapter compare --testbed ~/test_bed --data ~/test_bed/models/ctr_data.json
      with the testbed's own LR, on its own log
  python -m testbed_adapter compare --ablation
      LR, wide only, deep only, Wide & Deep: offline AUC and online gain, over five seeds
  python -m testbed_adapter compare --ablation --records 3000 --seeds 2 --requests 2000
      the same in seconds, with wide intervals
  python -m testbed_adapter compare --online
      what training further is worth against training from nothing, by number of triggers
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = _ABOUT, _EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--testbed", type=options.path, metavar="DIR", help="the testbed's checkout, to compare with its own LR"
    )
    parser.add_argument(
        "--data", type=options.path, metavar="FILE", help="a click log: the testbed's JSON or a CSV export"
    )
    parser.add_argument(
        "--records",
        type=options.count,
        metavar="N",
        help=f"so many records: generated ({RECORDS}), or the first of FILE (all)",
    )
    parser.add_argument("--seed", type=options.seed, default=0, metavar="S", help="of the generated log (0)")
    parser.add_argument(
        "--seeds",
        type=options.count,
        metavar="K",
        help=f"average over K logs, seeds S, S+1, … (1; {SEEDS} with --ablation or --online)",
    )
    parser.add_argument(
        "--out", type=options.path, default=Path("report"), metavar="DIR", help="for the report (./report/)"
    )
    online = parser.add_argument_group("online simulation", _ABLATION)
    online.add_argument("--ablation", action="store_true", help="after the comparison, serve and count clicks")
    online.add_argument("--requests", type=options.count, metavar="N", help=f"so many, for each seed ({REQUESTS})")
    online.add_argument(
        "--candidates", type=options.count, metavar="N", help=f"so many to choose the ten of a page from ({CANDIDATES})"
    )
    learning = parser.add_argument_group("online learning", _ONLINE)
    learning.add_argument("--online", action="store_true", help="after the comparison, train in triggers")


def run(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit code."""
    from .command import run as run_command  # scikit-learn and the library: not for --help

    return run_command(args)
