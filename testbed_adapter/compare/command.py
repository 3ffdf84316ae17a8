"""The command: from its arguments to the table, results.json and the report."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Optional

from .. import packages
from ..clicklog.world import PAGE
from ..output import STOPPED
from . import CANDIDATES, RECORDS, REQUESTS, SEEDS
from .ablation import COVERAGE, Ablation
from .ablation_table import text as ablation_text
from .job import Comparison, Log, compare, contenders
from .logs import LogError, read_log
from .lr import TestbedError, folder_of
from .measure import Contender, TrainingError
from .online import FEWEST, OnlineLearning
from .online_table import text as online_text
from .simulation import MOST_CANDIDATES
from .stages import Stages
from .table import decisions, explained, table, wrapped

_MOST_RANKED = 10_000_000  # candidates of all of a seed's requests: some 300 MB


def run(args: argparse.Namespace, models: Optional[list[Contender]] = None) -> int:
    """Runs the command. `models`, for tests, takes the place of the models to train."""
    written: list[Path] = []
    try:
        misuse = _misuse(args)
        if misuse:
            return _fail(misuse, 2)
        if args.testbed is not None:
            try:
                folder_of(args.testbed)
            except TestbedError as error:
                return _fail(str(error), 2)
        return _run(args, models, written)
    except BrokenPipeError:  # nobody reads the table any more: the command line's affair
        raise
    except ImportError as error:
        return _fail(str(packages.advice(error)), 1)
    except (LogError, TestbedError, TrainingError, OSError) as error:
        return _fail(str(error), 1)
    except MemoryError as error:
        return _fail(str(error) or "not enough memory", 1)
    except KeyboardInterrupt:
        return _fail(f"stopped: {', '.join(map(str, written)) or 'nothing'} was written", STOPPED)


def _misuse(args: argparse.Namespace) -> Optional[str]:
    """What is wrong with the options together; fills in those that were not given."""
    if args.ablation and args.online:
        return "--ablation and --online are experiments of their own: leave one out"
    if args.data is not None and args.ablation:
        return "--ablation needs generated logs, whose click probabilities are known: leave --data out"
    if args.data is not None and args.online:
        return "--online needs generated logs, which go on after their end: leave --data out"
    if args.online and (args.records or RECORDS) < FEWEST:
        return f"--records {args.records}: --online needs at least {FEWEST}"
    if not args.ablation and (args.requests is not None or args.candidates is not None):
        return "--requests and --candidates are for the online simulation: add --ablation"
    args.seeds = args.seeds or (SEEDS if args.ablation or args.online else 1)
    if args.data is not None and args.seeds > 1:
        return "--seeds needs generated logs: with --data there is only the one"
    args.requests, args.candidates = args.requests or REQUESTS, args.candidates or CANDIDATES
    if args.requests < COVERAGE:
        return f"--requests {args.requests}: at least {COVERAGE} are needed"
    if not PAGE <= args.candidates <= MOST_CANDIDATES:
        return f"--candidates {args.candidates}: between {PAGE}, a page, and {MOST_CANDIDATES}, what the world can find"
    if args.requests * args.candidates > _MOST_RANKED:
        return (
            f"--requests {args.requests} with {args.candidates} candidates each: more than {_MOST_RANKED:,} together; "
            f"{_MOST_RANKED // args.candidates} requests are the most"
        )
    return None


def _fail(message: str, code: int) -> int:
    print(f"compare: {message}", file=sys.stderr)
    return code


def _run(args: argparse.Namespace, models: Optional[list[Contender]], written: list[Path]) -> int:
    # Everything by its full path now: training changes the working folder.
    out = args.out.resolve()
    _prepare(out)
    logs = _logs(args)
    ablation = Ablation(args.requests, args.candidates) if args.ablation else None
    online = OnlineLearning(args.records or RECORDS) if args.online else None
    trained = len(models) if models else 4
    more = online.stages if online else 0
    if ablation:
        more = trained + 1  # the oracle serves too
    with Stages(2 + len(logs) * (2 + trained + more)) as stages:
        stage = stages.next
        stage("starting")
        if models is None:
            models = contenders(args.testbed.resolve() if args.testbed is not None else None)
        warm_up()
        comparison = compare(logs, models, stage, ablation, online)
        stage("the report")
        try:
            failure = _write(comparison, out, written)
        except Exception:  # whatever else is wrong with the report: the models are trained
            _print(comparison)
            raise
    _print(comparison)
    if failure is not None:
        return _fail(f"the table above is all there is, as the report cannot be written: {failure}", 1)
    results, page = written
    print(f"\nReport: {page}\nFigures: {results}")
    return 0


def _write(comparison: Comparison, out: Path, written: list[Path]) -> Optional[OSError]:
    """Both files, each whole; what was wrong with them, when the models are trained and the table can still be had."""
    from ..report import write_report

    try:
        write_report(comparison, out, written)
    except OSError as error:
        return error
    return None


def _prepare(out: Path) -> None:
    """Fails before the training, not after it, where the report cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OSError(f"the report cannot be written to {out}: {error.strerror or error}") from error


def _logs(args: argparse.Namespace) -> list[Callable[[], Log]]:
    if args.data is not None:
        path = args.data.resolve()
        return [lambda: Log(read_log(path, args.records), None, args.seed, str(path))]

    def generated(seed: int) -> Log:
        from ..clicklog import generate

        records, probabilities = generate(args.records or RECORDS, seed)
        return Log(records, probabilities, seed, f"generated, seed {seed}")

    return [lambda seed=seed: generated(seed) for seed in range(args.seed, args.seed + args.seeds)]  # type: ignore[misc]


def warm_up() -> None:
    """Loads jieba's dictionary before any clock runs."""
    from ..words import segmenter

    segmenter()


def _print(comparison: Comparison) -> None:
    keys = list(comparison.names)
    count = len(comparison.seeds)
    title = comparison.run.log.source if count == 1 else f"generated, mean over {count} seeds"
    figures = comparison.results()["log"]
    print(
        f"\n{figures['records']} records ({title}), click rate {figures['click_rate']:.3f}, "
        f"{figures['queries']} queries, {figures['documents']} documents; tested on {figures['test_records']}\n"
    )
    if comparison.ablation is not None:
        print(ablation_text(comparison, comparison.ablation))
        return
    if comparison.online is not None:
        print(online_text(comparison.online))
        return
    print(table([(comparison.names[key], comparison.mean(key)) for key in keys]))
    if count > 1:
        errors = [(comparison.names[key], comparison.standard_error(key)) for key in keys]
        print("\n" + table(errors, "standard error"))
    print("\n" + explained())
    print("\n" + "\n".join(wrapped(said) for said in decisions(comparison)))
    print("\n" + summary(comparison.gains()))


def summary(gains: dict[str, Any]) -> str:
    text = f"Wide & Deep against the LR: AUC {gains['auc']:+.4f}, log loss {gains['log_loss']:+.4f}"
    if "share_of_gap" in gains:
        text += f", {gains['share_of_gap']:.0%} of the way to the oracle"
    times = [
        f"predict_ctr {gains['predict_new_us_ratio']:.1f}× as fast on new text, "
        f"{gains['predict_seen_us_ratio']:.1f}× on text seen before"
    ]
    note = ""
    if "train_seconds_ratio" in gains:
        times.insert(0, f"training {gains['train_seconds_ratio']:.1f}× as fast")
    else:
        note = "\nThis LR trains on features that our library computes; --testbed DIR times the testbed's own."
    return f"{text};\n{', '.join(times)}.{note}"
