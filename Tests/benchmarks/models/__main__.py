"""python -m Tests.benchmarks.models: see the package."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Optional

from ..quality.__main__ import BUILD, ROOT, _listed, _positive
from ..quality.datasets import DATA_SETS
from ..quality.protocol import Outcome
from ..quality.table import SMOKE
from . import pages, table
from .candidates import ABLATIONS, Candidate, candidates
from .run import run
from .words import ENGLISH

SHOWN = ("adult", "click-log-20000")


def main(arguments: Optional[list[str]] = None) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.pages and (given.quick or given.models or given.datasets):
        parser.error("--pages takes a whole run: leave out --quick, --models and --datasets")
    chosen = candidates(given.models)
    seeds = range(given.seeds or (2 if given.quick else 5))
    data_sets = [DATA_SETS[name] for name in given.datasets or SHOWN]
    outcomes: list[Outcome] = []
    stopped = False
    try:
        run(data_sets, chosen, seeds, given.data, given.quick, outcomes)
    except KeyboardInterrupt:
        stopped = True
    report = write(given.out, outcomes, chosen, given.quick)
    print(report, end="")
    print(f"Written to {given.out} and {_results(given.out).name}", file=sys.stderr)
    if stopped:
        print("Stopped: the tables have the seeds that were measured whole", file=sys.stderr)
        return 130
    skipped = [outcome.name for outcome in outcomes if outcome.skipped is not None]
    if given.pages:
        if skipped:
            print(f"The pages stay as they were: {', '.join(skipped)} was not measured", file=sys.stderr)
            return 1
        written = pages.fill(given.pages, outcomes, chosen)
        print(f"Written to {len(written)} pages in {given.pages}", file=sys.stderr)
    return 1 if len(skipped) == len(outcomes) else 0


def write(path: Path, outcomes: Sequence[Outcome], chosen: Sequence[Candidate], quick: bool) -> str:
    """The tables, which are written, too."""
    report = "\n".join([*([SMOKE] if quick else []), table.family(outcomes, chosen, ENGLISH)])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report, encoding="utf-8")
    results = json.dumps([asdict(outcome) for outcome in outcomes], indent=1, ensure_ascii=False)
    _results(path).write_text(results, encoding="utf-8")
    return report


def _results(path: Path) -> Path:
    return path.with_name(f"{path.stem}-results.json")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m Tests.benchmarks.models",
        description=textwrap.fill(
            "Trains each model of the library with default settings, and its ablations (what it has without what it "
            "adds) on the same rows from the same seeds, and prints Markdown tables: AUC, log loss, the time of one "
            "thread, parameters, and what each model is worth beside its ablations, paired by seed, with 95% "
            "intervals. `make models` builds the library first and runs this.",
            118,
        ),
        epilog="\n".join(
            [
                "Data sets are those of `make quality`, see its --help; one that is not there is skipped.",
                "\nModels, and their ablations:",
                *_listed({model: ", ".join(others) or "none" for model, others in ABLATIONS.items()}),
                "\nNothing is kept: each run measures all anew. Ctrl-C prints what was measured till then.",
            ]
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--datasets", nargs="+", choices=DATA_SETS, metavar="NAME", help=f"in this order (default {' '.join(SHOWN)})"
    )
    parser.add_argument("--models", nargs="+", choices=ABLATIONS, metavar="KEY", help="these and their ablations")
    parser.add_argument("--seeds", type=_positive, metavar="N", help="seeds 0 to N − 1 (default 5, with --quick 2)")
    parser.add_argument(
        "--quick", action="store_true", help="3,000 rows of each data set: a smoke run, whose figures are noise"
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", default=BUILD / "data", help="the data sets (default .build/quality/data)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        default=ROOT / ".build" / "models" / "models.md",
        help="the tables (default .build/models/models.md); models-results.json beside it",
    )
    parser.add_argument(
        "--pages", type=Path, metavar="DIR", help="write each model's figures into its pages there, too: docs/models"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
