"""python -m testbed_adapter COMMAND: each command is a module with `add_arguments(parser)` and `run(given) -> code`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any, Callable, Optional

from ..messages import commands
from ..version import __version__
from . import output, packages
from .parser import Parser

# name: module, what it does
_COMMANDS = {
    "run": ("run", commands.RUN),
    "page": ("page", commands.PAGE),
    "compare": ("compare", commands.COMPARE),
    "explain": ("explain", commands.EXPLAIN),
    "log": ("log", commands.LOG),
    "hand-in": ("hand_in", commands.HAND_IN),
    "doctor": ("doctor", commands.DOCTOR),
    "enable": ("enable", commands.ENABLE),
    "disable": ("disable", commands.DISABLE),
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
        try:
            return int(module.run(given))
        except ImportError as error:  # the script's own, too: its traceback follows
            print(commands.ERROR.format(error=packages.advice(error)), file=sys.stderr)
            raise
    return _guarded(lambda: int(module.run(given)))


def _guarded(work: Callable[[], int]) -> int:
    try:
        with output.any_text():
            try:
                return work()
            finally:
                output.finish()
    except KeyboardInterrupt:
        print(commands.STOPPED, file=sys.stderr)
        return output.STOPPED
    except BrokenPipeError:
        output.abandon()
        return output.UNREAD
    except ImportError as error:
        print(commands.ERROR.format(error=packages.advice(error)), file=sys.stderr)
        return 1
    except OSError as error:
        print(commands.ERROR.format(error=error), file=sys.stderr)
        return 1


def _parsed(arguments: list[str]) -> list[tuple[Any, argparse.Namespace]]:
    """The command's module and its arguments; none, and the help is printed, where no command is given."""
    parser = Parser(prog="python -m testbed_adapter", description=str(commands.ABOUT), epilog=str(commands.EXAMPLES))
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}", help=str(commands.VERSION))
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    module = None
    for name, (where, about) in _COMMANDS.items():
        command = subparsers.add_parser(name, help=str(about), description=str(about))
        if arguments[:1] == [name]:  # the others need not be imported
            module = importlib.import_module(f".{where}", __package__)
            module.add_arguments(command)
    given = parser.parse_args(arguments)
    if module is None:
        parser.print_help()
        return []
    return [(module, given)]
