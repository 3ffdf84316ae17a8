"""python -m testbed_adapter COMMAND: each command is a module with `add_arguments(parser)` and `run(given) -> code`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any, Callable, Optional

from . import __version__, output, packages

_ABOUT = "Wide & Deep click models (a Swift library) in the course testbed's place of the logistic regression."

_EXAMPLES = """examples:
  python -m testbed_adapter doctor --testbed ~/test_bed
      what is there, what is missing, and what to do about it
  python -m testbed_adapter log --testbed ~/test_bed
      a click log of 20,000 records, where the testbed looks for one
  python -m testbed_adapter compare
      train the LR and Wide & Deep on one simulated click log; a table here, report/report.html to open
  python -m testbed_adapter compare --testbed ~/test_bed --data ~/test_bed/models/ctr_data.json
      the same with the testbed's own LR, on its own log
  python -m testbed_adapter run --testbed ~/test_bed start_system.py
      start the testbed with Wide & Deep in both model slots; its files are not changed
  CTR_MODEL=logistic_regression python -m testbed_adapter run --testbed ~/test_bed start_system.py
      the same command, the testbed as it is
  python -m testbed_adapter explain --model models/ctr_model.pkl --query 天气 --doc doc_1 --position 1 \\
      --score 0.5 --summary 今天的天气
      what each feature of that impression adds to the logit
  python -m testbed_adapter enable
      from now on every Python of this environment is switched, without `run`; `disable` undoes it
"""

# name: module, what it does
_COMMANDS = {
    "run": ("running", "run a script of the testbed with Wide & Deep in its model slots"),
    "compare": ("compare", "train the LR and Wide & Deep on the same click log and report"),
    "explain": ("explain", "print why a model gives one impression its click probability"),
    "log": ("log", "write a generated click log for the testbed, or add to one"),
    "doctor": ("doctor", "check the environment, the library, the switch, the testbed and its files"),
    "enable": ("enable", "switch the testbed in every Python of this environment"),
    "disable": ("disable", "undo enable"),
}


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Runs a command line; returns the exit code: 130 after Ctrl-C, 141 where nobody reads the output any more. (`run`
    passes what a script raises through, its SystemExit too, as Python would.)"""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parsed: list[tuple[Any, argparse.Namespace]] = []

    def parse() -> int:
        parsed.extend(_parsed(arguments))
        return 0 if parsed else 2

    code = _guarded(parse)
    if code:
        return code
    ((module, given),) = parsed
    if given.command == "run":  # whose output is the script's
        return int(module.run(given))
    return _guarded(lambda: int(module.run(given)))


def _guarded(work: Callable[[], int]) -> int:
    try:
        with output.any_text():
            try:
                return work()
            finally:
                output.finish()
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return output.STOPPED
    except BrokenPipeError:
        output.abandon()
        return output.UNREAD
    except ModuleNotFoundError as error:
        print(f"error: {packages.advice(error)}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parsed(arguments: list[str]) -> list[tuple[Any, argparse.Namespace]]:
    """The command's module and its arguments; none, and the help is printed, where no command is given."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m testbed_adapter", description=_ABOUT, epilog=_EXAMPLES, formatter_class=raw
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    module = None
    for name, (where, about) in _COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about, formatter_class=raw)
        if arguments[:1] == [name]:  # the others need not be imported
            module = importlib.import_module(f".{where}", __package__)
            module.add_arguments(command)
    given = parser.parse_args(arguments)
    if module is None:
        parser.print_help()
        return []
    return [(module, given)]
