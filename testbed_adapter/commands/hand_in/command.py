"""The command: from its arguments to the report's files."""

from __future__ import annotations

import argparse
import datetime
import os
import shlex
import sys
from pathlib import Path
from typing import Any, Optional

from ...host import evaluation
from ...host.ctr_model import CTRModel
from ...host.records import ClickLog
from ...lab.compare.job import Comparison, compare
from ...lab.compare.logs import LogError, read_log
from ...lab.compare.lr import TestbedError, folder_of
from ...lab.compare.measure import TrainingError
from ...lab.compare.run import WIDE_DEEP, Log, contenders
from ...lab.compare.stages import Stages
from ...lab.hand_in import bootstrap
from ...lab.hand_in.example import example_of
from ...lab.hand_in.log_facts import LogFacts, facts_of
from ...lab.report.inside import look_inside
from ...messages import commands, language
from ...messages import hand_in as words
from ...switch import hook
from ...switch.choice import Choice
from .. import checkout_state, packages
from ..compare.command import warm_up
from ..log import PLACE
from ..output import STOPPED
from . import folder
from .body import body, page_of
from .found import Found
from .markdown import Markdown
from .page_models import page_models
from .results import results

_MODELS = 4
_STAGES = 1 + 1 + _MODELS + 1 + 1 + 1  # the start, the log, the models, their times, the resampling, the report


def run(args: argparse.Namespace) -> int:
    written: list[Path] = []
    try:
        folder_of(args.testbed)
        choice = hook.chosen()
    except ValueError as error:  # a TestbedError is one
        return _fail(error, 2)
    try:
        return _run(args, choice, written)
    except BrokenPipeError:  # the command line's affair
        raise
    except ImportError as error:
        return _fail(packages.advice(error), 1)
    except (LogError, TestbedError, TrainingError, OSError) as error:
        return _fail(error, 1)
    except MemoryError:
        return _fail(commands.NO_MEMORY, 1)
    except KeyboardInterrupt:
        return _fail(commands.STOPPED_AFTER.format(written=", ".join(map(str, written)) or commands.NOTHING), STOPPED)


def _fail(message: Any, code: int) -> int:
    print(f"hand-in: {message}", file=sys.stderr)
    return code


def _run(args: argparse.Namespace, choice: Choice, written: list[Path]) -> int:
    # By their full paths from now on: training changes the working folder.
    out, testbed, here = args.out.resolve(), args.testbed.resolve(), os.getcwd()
    given = args.data or args.testbed / PLACE
    path = given.resolve()
    folder.prepare(out, args.force)
    with Stages(_STAGES) as stages:
        stages.next(str(words.STARTING))
        records = _records(path, given, args)
        log = facts_of(path, records)
        models = contenders(testbed)
        warm_up()
        try:
            made = compare([lambda: Log(records, None, args.seed, _short(given))], models, stages.next)
        except TrainingError as error:
            raise TrainingError(words.UNTRAINABLE.format(error=error, command=_more(path, args))) from error
        stages.next(str(words.RESAMPLING))
        resamples = _resamples(made, args.seed)
        stages.next(str(words.WRITING))
        found = _found(args, choice, here, made, log, resamples)
        languages = ("en", "zh") if args.language == "both" else (args.language or language(),)
        folder.write(out, _files(found, languages), written)
    markdown = ", ".join(str(out / folder.markdown_name(one)) for one in languages)
    left = words.LEFT if found.student else words.LEFT_AND_NAME
    page, figures = out / folder.PAGE, out / folder.RESULTS
    print(words.WRITTEN.format(page=page, markdown=markdown, results=figures, left=left))
    return 0


def _records(path: Path, given: Path, args: argparse.Namespace) -> list[dict[str, Any]]:
    """The log's, if there are enough to train on. LogError, which says what to do, if not."""
    if args.data is None and not path.exists():
        raise LogError(words.NO_LOG.format(path=given, command=_generate(args, "")))
    try:
        records = read_log(path)
    except LogError as error:
        command = _generate(args, " --force" if args.data is None else "")
        raise LogError(words.LOG_UNREADABLE.format(error=error, command=command)) from error
    quality = evaluation.data_quality(ClickLog(records))
    if evaluation.too_little(quality, CTRModel.MIN_SAMPLES) is not None:
        counts = {
            "records": quality.total_samples,
            "clicks": quality.clicks,
            "queries": quality.unique_queries,
            "documents": quality.unique_docs,
            "positions": quality.unique_positions,
        }
        more = _more(path, args)
        raise LogError(words.TOO_LITTLE.format(path=given, least=CTRModel.MIN_SAMPLES, command=more, **counts))
    return records


def _more(path: Path, args: argparse.Namespace) -> str:
    """The command that adds to the log, or that writes one where it cannot be added to."""
    if args.data is None:
        return _generate(args, " --append")
    if path.suffix.lower() == ".json":
        return f"python -m testbed_adapter log --out {shlex.quote(str(args.data))} --append"
    return _generate(args, " --force")


def _generate(args: argparse.Namespace, how: str) -> str:
    return f"python -m testbed_adapter log --testbed {shlex.quote(str(args.testbed))}{how}"


def _resamples(made: Comparison, seed: int) -> dict[str, bootstrap.Array]:
    run = made.run
    predictions = {outcome.key: outcome.probabilities for outcome in run.outcomes}
    return bootstrap.resampled(run.labels[run.test], predictions, seed)


def _found(
    args: argparse.Namespace,
    choice: Choice,
    here: str,
    made: Comparison,
    log: LogFacts,
    resamples: dict[str, bootstrap.Array],
) -> Found:
    testbed = args.testbed.resolve()
    inside = look_inside(made.run)
    measured = {outcome.key: outcome.figures for outcome in made.run.outcomes}
    return Found(
        student=(args.name or "").strip(),
        date=datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z"),
        seed=args.seed,
        switch=choice,
        testbed=_short(args.testbed),
        command=_command(args),
        folder=_short(Path(here)),
        comparison=made,
        checkout=checkout_state.look(testbed),
        log=log,
        differences=bootstrap.differences(measured, resamples, WIDE_DEEP),
        draws=len(resamples[WIDE_DEEP]),
        page_models=page_models(testbed, ClickLog(made.run.log.records)),
        inside=inside,
        example=None if inside is None else example_of(inside),
    )


def _command(args: argparse.Namespace) -> str:
    given: list[tuple[str, Optional[Any]]] = [
        ("--testbed", _short(args.testbed)),
        ("--data", args.data and _short(args.data)),
        ("--name", args.name),
        ("--seed", args.seed),
        ("--out", _short(args.out)),
        ("--language", args.language),
    ]
    parts = [f"{option} {_quoted(str(value))}" for option, value in given if value is not None]
    variable = os.environ.get(hook.ENVIRONMENT_VARIABLE)
    switch = f"{hook.ENVIRONMENT_VARIABLE}={shlex.quote(variable)} " if variable else ""
    force = " --force" if args.force else ""
    return f"{switch}python -m testbed_adapter hand-in {' '.join(parts)}{force}"


def _short(path: Path) -> str:
    """With ~ for the home folder: whose it is is nobody's business."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


def _quoted(text: str) -> str:
    return "~/" + shlex.quote(text[2:]) if text.startswith("~/") else shlex.quote(text)


def _files(found: Found, languages: tuple[str, ...]) -> dict[str, bytes]:
    """Pictures first: each file that shows them finds them."""
    sections = body(found)
    files: dict[str, bytes] = {}
    texts: dict[str, bytes] = {}
    for one in languages:
        markdown = Markdown(sections, one)
        files.update(markdown.pictures)
        texts[folder.markdown_name(one)] = markdown.text.encode("utf-8", "replace")
    page = page_of(sections)
    return {
        **files,
        **texts,
        folder.PAGE: page.encode("utf-8", "replace"),
        folder.RESULTS: results(found).encode("utf-8", "replace"),
    }
