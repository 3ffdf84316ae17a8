"""`explain`: why a model file's model gives one impression its click probability.

Exit codes: 0 explained, 1 the model or the impression cannot be used, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys

from ..messages import Message, commands, said
from ..messages import explain as words
from . import options

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = str(words.ABOUT)
    parser.add_argument("--model", type=options.path, required=True, metavar="FILE", help=str(words.MODEL))
    parser.add_argument("--query", required=True, metavar="TEXT", help=str(words.QUERY))
    parser.add_argument("--doc", required=True, metavar="ID", help=str(words.DOC))
    parser.add_argument("--position", type=options.whole, required=True, metavar="N", help=str(words.POSITION))
    parser.add_argument("--score", type=options.number, required=True, metavar="X", help=str(words.SCORE))
    parser.add_argument("--summary", required=True, metavar="TEXT", help=str(words.SUMMARY))


def run(given: argparse.Namespace) -> int:
    from ..host import model_files
    from ..host.explanation import explain_impression
    from ..native.model import ModelFileError, NativeModel

    try:
        native = NativeModel.load(given.model)
        told = explain_impression(native, given.query, given.doc, given.position, given.score, given.summary)
    except ModelFileError as error:
        text = words.UNREADABLE if model_files.is_ours(given.model) else words.FOREIGN
        return _fail(text.format(path=given.model, error=error))
    except MemoryError:
        return _fail(commands.NO_MEMORY)
    except (OSError, ValueError, ImportError) as error:
        return _fail(said(error))
    print(told)
    return 0


def _fail(error: Message) -> int:
    print(commands.ERROR.format(error=error), file=sys.stderr)
    return 1
