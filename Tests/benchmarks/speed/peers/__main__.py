"""python -m Tests.benchmarks.speed.peers NAME[:VARIANT] DATA WORK: a tool that obeys lines on stdin, JSON out.

train-with WORK-NAME | train | loss | save | ready BATCH | predict BATCH CALLS | gemm
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from ..data import read
from ..work import MODELS, TRAININGS
from .tool import Tool


def main(name: str, data: str, work: str) -> None:
    # Libraries write to stdout what they like; answers go where it was.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    kind, *variant = name.split(":")
    module = importlib.import_module(f".{kind}_tool", __package__)
    tool: Tool = module.make(read(Path(data)), Path(work), *variant)
    for line in sys.stdin:
        try:
            answer = _obey(tool, line.split())
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _obey(tool: Any, words: list[str]) -> Any:
    verb, given = words[0], words[1:]
    if verb == "train-with":
        return tool.prepare(next(work for work in (*TRAININGS, *MODELS) if work.name == given[0]))
    if verb in ("train", "loss", "save", "gemm"):
        return getattr(tool, verb)()
    if verb == "ready":
        return tool.ready(int(given[0]))
    if verb == "predict":
        return tool.predict(int(given[0]), int(given[1]))
    raise ValueError(f"no command {verb!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
