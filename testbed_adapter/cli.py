"""python -m testbed_adapter: `run` starts a script of the testbed with Wide & Deep in place, `compare` compares."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Optional

from . import __version__, hook
from .errors import LibraryError

_ABOUT = "Wide & Deep click models (a Swift library) in the course testbed's place of the logistic regression."

_EXAMPLES = """examples:
  python -m testbed_adapter compare
      train the LR and Wide & Deep on one simulated click log; a table here, report/report.html to open
  python -m testbed_adapter compare --testbed ~/test_bed --data ~/test_bed/models/ctr_data.json
      the same with the testbed's own LR, on its own log
  python -m testbed_adapter run --testbed ~/test_bed start_system.py
      start the testbed with Wide & Deep in both model slots; its files are not changed
  CTR_MODEL=logistic_regression python -m testbed_adapter run --testbed ~/test_bed start_system.py
      the same command, the testbed as it is
"""

_RUN_ABOUT = """Runs a Python script as `cd DIR && python SCRIPT ARGS…` would, with the testbed's model classes
replaced: CTRModel and WideAndDeepCTRModel are then Wide & Deep models. Python processes that the script starts are
switched too. TensorFlow is not imported. No file of the testbed is changed; model files that it wrote before, which are
pickles, are not read, and are backed up beside before one is overwritten."""

_RUN_EXAMPLES = """examples:
  python -m testbed_adapter run --testbed ~/test_bed start_system.py
  python -m testbed_adapter run --testbed ~/test_bed --model logistic_regression start_system.py --port 7861
  python -m testbed_adapter run --testbed ~/test_bed -m src.search_engine.portal
"""


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Runs a command line; returns the exit code. (`run` passes a script's own SystemExit through.)"""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(arguments)
    given = parser.parse_args(arguments)
    if given.command == "run":
        return _run(parser, given)
    if given.command == "compare":
        from . import compare

        return int(compare.run(given))
    parser.print_help()
    return 2


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m testbed_adapter", description=_ABOUT, epilog=_EXAMPLES, formatter_class=raw
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    run = commands.add_parser(
        "run",
        help="run a script of the testbed with Wide & Deep in its model slots",
        description=_RUN_ABOUT,
        epilog=_RUN_EXAMPLES,
        formatter_class=raw,
    )
    run.add_argument("--testbed", metavar="DIR", required=True, help="the testbed's checkout; the script runs in it")
    run.add_argument(
        "--model",
        choices=hook.CHOICES,
        help="what the slots hold; logistic_regression: what the testbed puts there. "
        f"Without it the environment variable {hook.ENVIRONMENT_VARIABLE} says, else {hook.WIDE_DEEP}",
    )
    script = run.add_argument_group("what to run")
    script.add_argument("-m", dest="module", metavar="MODULE", nargs=argparse.REMAINDER, help="a module, and arguments")
    script.add_argument(
        "script", metavar="SCRIPT", nargs="?", help="a Python file; a relative path is looked for in DIR"
    )
    script.add_argument("args", metavar="ARGS", nargs=argparse.REMAINDER, help="the script's own arguments")

    compare = commands.add_parser("compare", help="train the LR and Wide & Deep on the same click log and report")
    if "compare" in arguments[:1]:
        from .compare import add_arguments

        add_arguments(compare)
    return parser


def _run(parser: argparse.ArgumentParser, given: argparse.Namespace) -> int:
    from . import running

    if not os.path.isdir(given.testbed):
        parser.error(f"--testbed {given.testbed}: there is no such folder")
    if given.module is not None and not given.module:
        parser.error("-m wants the name of a module")
    if given.module is None and given.script is None:
        parser.error("what is to be run? Give a SCRIPT, or -m MODULE")
    try:
        model = hook.chosen(given.model)
        if model == hook.WIDE_DEEP:
            from . import _library

            _library.library()  # now, rather than when the first model is made
    except (ValueError, LibraryError) as error:
        print(error, file=sys.stderr)
        return 1
    if given.module is not None:
        return running.run_module(given.testbed, model, given.module)
    return running.run_script(given.testbed, model, [given.script, *given.args])
