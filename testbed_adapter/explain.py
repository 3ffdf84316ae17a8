"""`explain`: why a model file's model gives one impression its click probability.

Exit codes: 0 explained, 1 the model or the impression cannot be used, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys

from . import options

__all__ = ["add_arguments", "run"]

_ABOUT = """Prints what each feature adds to the logit of one impression's click probability: the wide part's weights
one by one, and the deep part as a whole. FILE is one that the testbed's training wrote with Wide & Deep in its slots,
models/ctr_model.pkl or models/wide_deep_ctr_model; a pickle is never opened."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = _ABOUT
    parser.add_argument("--model", type=options.path, required=True, metavar="FILE", help="the model file")
    parser.add_argument("--query", required=True, metavar="TEXT", help="what is searched for")
    parser.add_argument("--doc", required=True, metavar="ID", help="the document's id")
    parser.add_argument(
        "--position", type=options.whole, required=True, metavar="N", help="its place, counted as in the log"
    )
    parser.add_argument("--score", type=options.number, required=True, metavar="X", help="its text match score")
    parser.add_argument("--summary", required=True, metavar="TEXT", help="its summary")


def run(given: argparse.Namespace) -> int:
    from . import explanation, model_files
    from ._native import ModelFileError, NativeModel

    try:
        native = NativeModel.load(given.model)
        told = explanation.of_impression(native, given.query, given.doc, given.position, given.score, given.summary)
    except ModelFileError as error:
        foreign = "" if model_files.is_ours(given.model) else " 不是 Wide & Deep 模型文件（可能是逻辑回归的 pickle）"
        return _fail(f"{given.model}{foreign}: {error}")
    except (OSError, ValueError, ImportError, MemoryError) as error:
        return _fail(str(error) or "not enough memory")
    print(told)
    return 0


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1
