"""python -m Tests.benchmarks.choices: see the package."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ..quality.__main__ import BUILD, ROOT, _listed, _positive
from ..quality.datasets import DATA_SETS
from ..quality.protocol import Outcome
from . import table
from .child import asked
from .choice import Choice, PatchError
from .listed import CHOICES
from .run import new_outcome, run
from .source import Libraries

FOLDER = ROOT / ".build" / "choices"
SHOWN = ("adult", "bank", "amazon", "click-log-20000")


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    choices = [choice for key, choice in CHOICES.items() if not given.choices or key in given.choices]
    seeds = range(given.seeds or (1 if given.quick else 3))
    try:
        libraries = _libraries(choices)
    except (FileNotFoundError, PatchError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    outcomes: list[Outcome] = []
    for name in given.datasets or SHOWN:
        outcomes.append(new_outcome(name))
        run(
            name,
            choices,
            seeds,
            given.data,
            FOLDER / "cells",
            given.quick,
            libraries,
            asked,
            outcomes[-1],
            lambda: write(choices, outcomes, given.out, given.quick),  # after each cell, in case that it is stopped
        )
    write(choices, outcomes, given.out, given.quick)
    print(table.text(choices, outcomes, given.quick), end="")
    print(f"Written to {given.out} and {_results(given.out).name}", file=sys.stderr)
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def _libraries(choices: Sequence[Choice]) -> dict[str, Path]:
    """The checkout's own by "", and those with a choice patched away by its key."""
    made = Libraries(ROOT, FOLDER)
    for choice in choices:
        if choice.patch:
            choice.patch.applied(ROOT)  # one that does not fit is told of before any is built
    return {"": made.own(), **{choice.key: made.patched(choice) for choice in choices if choice.patch}}


def write(choices: Sequence[Choice], outcomes: Sequence[Outcome], path: Path, quick: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(table.text(choices, outcomes, quick), encoding="utf-8")
    results = json.dumps([asdict(outcome) for outcome in outcomes], indent=1, ensure_ascii=False)
    _results(path).write_text(results, encoding="utf-8")


def _results(path: Path) -> Path:
    """`make quality` has a results.json in the same folder."""
    return path.with_name(f"{path.stem}-results.json")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m Tests.benchmarks.choices",
        description=textwrap.fill(
            "Trains Wide & Deep with default settings, and once more for each modelling choice with that one taken "
            "back, and prints a Markdown table of what that changes: AUC and log loss, paired by seed, with standard "
            "errors. Choices that are no options are patched out of a copy of the Swift sources, in .build/choices. "
            "`make choices` builds the library first and runs this.",
            118,
        ),
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--datasets", nargs="+", choices=DATA_SETS, metavar="NAME", help=f"in this order (default {' '.join(SHOWN)})"
    )
    parser.add_argument("--choices", nargs="+", choices=CHOICES, metavar="KEY", help="only these; listed below")
    parser.add_argument("--seeds", type=_positive, metavar="N", help="seeds 0 to N − 1 (default 3, with --quick 1)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="3,000 rows of each data set: a smoke run, whose figures are noise",
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", default=BUILD / "data", help="the data sets (default .build/quality/data)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        default=BUILD / "choices.md",
        help="the table (default .build/quality/choices.md); choices-results.json beside it",
    )
    return parser


def _epilog() -> str:
    return "\n".join(
        [
            "Data sets are those of `make quality`, see its --help; one that is not there is skipped.",
            "\nChoices, and what is there instead where one is taken back:",
            *_listed({key: f"{choice.name}: {choice.taken_back}" for key, choice in CHOICES.items()}),
            "\nWhat was measured is kept in .build/choices/cells, by library, adapter and data.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
