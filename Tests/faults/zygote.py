"""Runs rows, each in a child made by fork: what takes long to import is imported once.

Reads lines of JSON {"row", "folder", "seconds"}, answers each with {"ended", "outcome"}. It computes nothing itself, so
that it has no threads when it forks.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from Tests.faults.table import ROWS, Skipped

MODULES = ("saving", "reading", "memory", "running", "signals")


def main() -> None:
    for name in MODULES:
        importlib.import_module(f"Tests.faults.{name}")
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.setsid()
            _run(asked["row"], Path(asked["folder"]))
            return  # through the interpreter's whole end, as any program
        print(json.dumps(_told(child, Path(asked["folder"]), asked["seconds"])), flush=True)


def _run(name: str, folder: Path) -> None:
    for path, target in (("input", 0), ("printed", 1), ("complaints", 2)):
        os.dup2(os.open(folder / path, os.O_RDWR | os.O_CREAT, 0o644), target)
    work = folder / "work"
    work.mkdir()
    os.chdir(work)
    with open(folder / "outcome", "w") as outcome:  # before the row gives up what it may open
        try:
            kind, text = "held", ROWS[name].run(work)
        except Skipped as error:
            kind, text = "skipped", str(error)
        except BaseException:
            kind, text = "failed", traceback.format_exc()
        json.dump([kind, text], outcome)


def _told(child: int, folder: Path, seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return {"ended": f"still running after {seconds:g} s", "outcome": _outcome(folder)}
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what the row may have left running
    code = os.waitstatus_to_exitcode(status)
    ended = "" if code == 0 else f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    return {"ended": ended, "outcome": _outcome(folder)}


def _outcome(folder: Path) -> list[str]:
    try:
        kind, text = json.loads((folder / "outcome").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        kind, text = "failed", "no outcome"
    complaints = (folder / "complaints").read_text("utf-8", "replace")[-3000:]
    return [kind, text if kind == "held" else f"{text}\n{complaints}"]


if __name__ == "__main__":
    main()
