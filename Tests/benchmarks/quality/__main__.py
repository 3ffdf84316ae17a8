"""python -m Tests.benchmarks.quality: see the package."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path

from . import summary, table
from .cache import Cache
from .datasets import DATA_SETS
from .models import MODELS
from .protocol import Outcome, run

ROOT = Path(__file__).resolve().parents[3]
BUILD = ROOT / ".build" / "quality"


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    data_sets = [DATA_SETS[name] for name in given.datasets or DATA_SETS]
    models = [model for key, model in MODELS.items() if not given.models or key in given.models]
    seeds = range(given.seeds or (1 if given.quick else 5))
    if given.quick and not given.datasets:  # the longer logs would be the first one over again
        data_sets = [known for known in data_sets if known.records in (None, 3_000)]
    cache = Cache(BUILD / "cache")
    outcomes: list[Outcome] = []
    for data_set in data_sets:
        outcomes.append(run(data_set, models, seeds, given.data, cache, given.quick))
        write(outcomes, given.out, given.quick)  # now too, in case that a later one is stopped
    print(report(outcomes, given.quick), end="")
    print(f"Written to {given.out / 'quality.md'} and results.json", file=sys.stderr)
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def report(outcomes: list[Outcome], quick: bool) -> str:
    tables = [table.data_set(outcome) for outcome in outcomes] + [table.overview(outcomes), table.shares(outcomes)]
    smoke = [table.SMOKE] if quick else []
    return "\n".join([*smoke, *(text for text in tables if text), summary.words(outcomes)])


def write(outcomes: list[Outcome], folder: Path, quick: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "quality.md").write_text(report(outcomes, quick), encoding="utf-8")
    results = [asdict(outcome) for outcome in outcomes]
    (folder / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m Tests.benchmarks.quality",
        description=textwrap.fill(
            "Trains Wide & Deep with default settings and its peers on the same rows, and prints a Markdown table a "
            "data set (AUC, log loss, differences from ours paired by seed, standard errors, training time) and in "
            "words where ours is not best. `make quality` installs the peers first and runs this.",
            118,
        ),
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--datasets", nargs="+", choices=DATA_SETS, metavar="NAME", help="only these; listed below")
    parser.add_argument("--models", nargs="+", choices=MODELS, metavar="KEY", help="only these; listed below")
    parser.add_argument("--seeds", type=_positive, metavar="N", help="seeds 0 to N − 1 (default 5, with --quick 1)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="3,000 rows of each data set: a smoke run, whose figures are noise",
    )
    folder = {"type": Path, "metavar": "DIR"}
    parser.add_argument("--data", **folder, default=BUILD / "data", help="the data sets (default .build/quality/data)")
    parser.add_argument("--out", **folder, default=BUILD, help="for quality.md, results.json (default .build/quality)")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _epilog() -> str:
    data_sets = {name: known.about for name, known in DATA_SETS.items()}
    models = {key: f"{known.name} ({known.role})" for key, known in MODELS.items()}
    return "\n".join(
        [
            "Data sets are not part of the project: put what you want into --data. One that is not there is skipped.",
            *_listed(data_sets),
            "\nModels:",
            *_listed(models),
            "\nA seed is another draw of the test rows or another generated log (adult has its own test rows), and",
            "each model's own seed. What was measured is kept in .build/quality/cache: the next run trains only what",
            "changed, and shows the other training times as they were. Empty it to measure all anew.",
        ]
    )


def _listed(items: dict[str, str]) -> list[str]:
    width = max(map(len, items)) + 2
    return [
        textwrap.fill(text, 118, initial_indent=f"  {name:<{width}}", subsequent_indent=" " * (width + 2))
        for name, text in items.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
