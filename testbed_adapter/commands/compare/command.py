"""The command: from its arguments to the table, results.json and the report."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Callable, Optional

from ...lab.clicklog.world import PAGE
from ...lab.compare.ablation import COVERAGE, Ablation
from ...lab.compare.ablation_table import text as ablation_text
from ...lab.compare.job import Comparison, compare
from ...lab.compare.logs import LogError, read_log
from ...lab.compare.lr import TestbedError, folder_of
from ...lab.compare.measure import Contender, TrainingError
from ...lab.compare.online import FEWEST, OnlineLearning
from ...lab.compare.online_table import text as online_text
from ...lab.compare.run import Log, contenders
from ...lab.compare.simulation import MOST_CANDIDATES
from ...lab.compare.stages import Stages
from ...lab.compare.table import decisions, explained, table, wrapped
from ...messages import Message, commands, reason, said
from ...messages import compare as words
from .. import packages, whole_file
from ..output import STOPPED
from .defaults import CANDIDATES, QUICK_RECORDS, QUICK_REQUESTS, RECORDS, REQUESTS, SEEDS

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
                return _fail(said(error), 2)
        return _run(args, models, written)
    except BrokenPipeError:  # nobody reads the table any more: the command line's affair
        raise
    except ImportError as error:
        return _fail(packages.advice(error), 1)
    except (LogError, TestbedError, TrainingError, OSError) as error:
        return _fail(said(error), 1)
    except MemoryError:
        return _fail(commands.NO_MEMORY, 1)
    except KeyboardInterrupt:
        return _fail(commands.STOPPED_AFTER.format(written=", ".join(map(str, written)) or commands.NOTHING), STOPPED)


def _misuse(args: argparse.Namespace) -> Optional[Message]:
    """What is wrong with the options together; fills in those that were not given."""
    if args.ablation and args.online:
        return words.TWO_EXPERIMENTS
    if args.models and (args.ablation or args.online):
        return words.MODELS_OF_EXPERIMENT
    if args.data is not None and args.ablation:
        return words.ABLATION_OF_DATA
    if args.data is not None and args.online:
        return words.ONLINE_OF_DATA
    if args.online and (args.records or RECORDS) < FEWEST:
        return words.TOO_FEW_RECORDS.format(records=args.records, fewest=FEWEST)
    if not args.ablation and (args.requests is not None or args.candidates is not None):
        return words.WITHOUT_ABLATION
    if args.quick and not args.ablation:
        return words.QUICK_ALONE
    if args.quick:
        args.records, args.requests = args.records or QUICK_RECORDS, args.requests or QUICK_REQUESTS
    args.seeds = args.seeds or (SEEDS if args.ablation or args.online else 1)
    if args.data is not None and args.seeds > 1:
        return words.ONE_LOG
    args.requests, args.candidates = args.requests or REQUESTS, args.candidates or CANDIDATES
    if args.requests < COVERAGE:
        return words.TOO_FEW_REQUESTS.format(requests=args.requests, fewest=COVERAGE)
    if not PAGE <= args.candidates <= MOST_CANDIDATES:
        return words.NO_CANDIDATES.format(candidates=args.candidates, page=PAGE, most=MOST_CANDIDATES)
    if args.requests * args.candidates > _MOST_RANKED:
        fit = _MOST_RANKED // args.candidates
        return words.TOO_MANY_RANKED.format(
            requests=args.requests, candidates=args.candidates, most=_MOST_RANKED, fit=fit
        )
    return None


def _fail(message: Message, code: int) -> int:
    print(f"compare: {message}", file=sys.stderr)
    return code


def _run(args: argparse.Namespace, models: Optional[list[Contender]], written: list[Path]) -> int:
    # Everything by its full path now: training changes the working folder.
    out = args.out.resolve()
    _prepare(out)
    logs = _logs(args)
    ablation = Ablation(args.requests, args.candidates) if args.ablation else None
    online = OnlineLearning(args.records or RECORDS) if args.online else None
    trained = len(models) if models else 1 + (len(args.models) or 3)  # the LR, and Wide & Deep with its parts
    more = online.stages if online else 0
    if ablation:
        more = trained + 1  # the oracle serves too
    with Stages(2 + len(logs) * (2 + trained + more)) as stages:
        stage = stages.next
        stage(str(words.STARTING))
        if models is None:
            models = contenders(args.testbed.resolve() if args.testbed is not None else None, args.models)
        warm_up()
        comparison = compare(logs, models, stage, ablation, online)
        stage(str(words.THE_REPORT))
        try:
            failure = _write(comparison, out, written)
        except Exception:  # whatever else is wrong with the report: the models are trained
            _print(comparison)
            raise
    _print(comparison)
    if failure is not None:
        return _fail(words.NO_REPORT.format(error=failure), 1)
    results, page = written
    print(f"\n{words.WRITTEN.format(page=page, results=results)}")
    return 0


def _write(comparison: Comparison, out: Path, written: list[Path]) -> Optional[OSError]:
    """Both files, each whole; what was wrong with them, when the models are trained and the table can still be had."""
    from ...lab.report import report_files

    try:
        for name, content in report_files(comparison):
            whole_file.write(out / name, content)
            written.append(out / name)
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
        raise OSError(words.UNWRITABLE.format(out=out, error=reason(error))) from error


def _logs(args: argparse.Namespace) -> list[Callable[[], Log]]:
    if args.data is not None:
        path = args.data.resolve()
        return [lambda: Log(read_log(path, args.records), None, args.seed, str(path))]

    def generated(seed: int) -> Log:
        from ...lab.clicklog import generate

        records, probabilities = generate(args.records or RECORDS, seed)
        return Log(records, probabilities, seed, f"generated, seed {seed}")

    return [lambda seed=seed: generated(seed) for seed in range(args.seed, args.seed + args.seeds)]  # type: ignore[misc]


def warm_up() -> None:
    """Loads jieba's dictionary before any clock runs."""
    from ...host.words import segmenter

    segmenter()


def _print(comparison: Comparison) -> None:
    keys = list(comparison.names)
    count = len(comparison.seeds)
    title = comparison.run.log.source if count == 1 else words.GENERATED.format(count=count)
    figures = comparison.results()["log"]
    told = words.LOG.format(
        title=title,
        rate=figures["click_rate"],
        tested=figures["test_records"],
        **{name: figures[name] for name in ("records", "queries", "documents")},
    )
    print(f"\n{told}\n")
    if comparison.ablation is not None:
        print(ablation_text(comparison, comparison.ablation))
        return
    if comparison.online is not None:
        print(online_text(comparison.online))
        return
    print(table([(str(comparison.names[key]), comparison.mean(key)) for key in keys]))
    if count > 1:
        errors = [(str(comparison.names[key]), comparison.standard_error(key)) for key in keys]
        print("\n" + table(errors, words.STANDARD_ERROR))
    print("\n" + explained())
    print("\n" + "\n".join(map(wrapped, decisions(comparison))))
    print("\n" + summary(comparison))


def summary(comparison: Comparison) -> str:
    """A line a model; of one alone its speed too."""
    if len(comparison.told) > 1:
        return "\n".join(str(_against(comparison, key)) for key in comparison.told)
    gains, told = comparison.gains(comparison.run.main), _against(comparison, comparison.run.main)
    speed = words.SPEED.format(new=gains["predict_new_us_ratio"], seen=gains["predict_seen_us_ratio"])
    if "train_seconds_ratio" in gains:
        speed = words.TRAINING_SPEED.format(ratio=gains["train_seconds_ratio"], speed=speed)
        return str(words.SUMMARY.format(said=told, speed=speed))
    return f"{words.SUMMARY.format(said=told, speed=speed)}\n{words.OWN_COLUMNS}"


def _against(comparison: Comparison, key: str) -> Message:
    gains = comparison.gains(key)
    told = words.AGAINST.format(name=comparison.names[key], auc=gains["auc"], log_loss=gains["log_loss"])
    return words.OF_GAP.format(said=told, share=gains["share_of_gap"]) if "share_of_gap" in gains else told
