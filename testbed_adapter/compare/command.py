"""The command: from its arguments to the table, results.json and the report."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Optional

from . import RECORDS
from .job import Comparison, Log, compare, contenders
from .logs import LogError, read_log
from .lr import TestbedError, folder_of
from .measure import Contender, TrainingError
from .stages import Stages
from .table import table


def run(args: argparse.Namespace, models: Optional[list[Contender]] = None) -> int:
    """Runs the command. `models`, for tests, takes the place of the models to train."""
    try:
        if args.data is not None and args.seeds > 1:
            return _fail("--seeds needs generated logs: with --data there is only the one", 2)
        if args.testbed is not None:
            try:
                folder_of(args.testbed)
            except TestbedError as error:
                return _fail(str(error), 2)
        return _run(args, models)
    except (LogError, TestbedError, TrainingError, ImportError, OSError) as error:
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        return _fail("stopped: nothing was written", 130)


def _fail(message: str, code: int) -> int:
    print(f"compare: {message}", file=sys.stderr)
    return code


def _run(args: argparse.Namespace, models: Optional[list[Contender]]) -> int:
    # Everything by its full path now: training changes the working folder.
    out = args.out.expanduser().resolve()
    _prepare(out)
    logs = _logs(args)
    with _progress(len(logs), len(models) if models else 4) as stage:
        stage("starting")
        if models is None:
            models = contenders(args.testbed.expanduser().resolve() if args.testbed is not None else None)
        _warm_up()
        comparison = compare(logs, models, stage)
        stage("the report")
        results = out / "results.json"
        results.write_text(json.dumps(comparison.results(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        from ..report import write_report

        page = write_report(comparison, out / "report.html")
    _print(comparison)
    print(f"\nReport: {page}\nFigures: {results}")
    return 0


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
        path = args.data.expanduser().resolve()
        return [lambda: Log(read_log(path, args.records), None, args.seed, str(path))]

    def generated(seed: int) -> Log:
        from ..clicklog import generate

        records, probabilities = generate(args.records or RECORDS, seed)
        return Log(records, probabilities, seed, f"generated, seed {seed}")

    return [lambda seed=seed: generated(seed) for seed in range(args.seed, args.seed + args.seeds)]  # type: ignore[misc]


@contextlib.contextmanager
def _progress(logs: int, models: int) -> Iterator[Callable[[str], None]]:
    with Stages(2 + logs * (2 + models)) as stages:
        yield stages.next


def _warm_up() -> None:
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
    print(table([(comparison.names[key], comparison.mean(key)) for key in keys]))
    if count > 1:
        errors = [(comparison.names[key], comparison.standard_error(key)) for key in keys]
        print("\n" + table(errors, "standard error"))
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
