"""Runs checks on demand: `python -m Tests.host.patterns.server SETTINGS`, a JSON line in, a JSON line out for each.

The host is imported once; a check runs in a fork of this process, in a folder of its own. Nothing of our library has
run before a fork: its threads start with the first training.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# What the host prints where it goes on after an error, and what Python does.
TROUBLE = re.compile(r"失败|❌|错误|Traceback|Error:|error:")
PACKAGE = os.sep + "testbed_adapter" + os.sep
# The switch imports the host's modules and wraps methods of theirs: what is called from there is not ours.
SWITCH = ("hook.py", "methods.py", "patches.py")


def main() -> None:
    settings = json.loads(sys.argv[1])
    # Whatever the host prints while it is imported must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    log = prepared(settings)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line), settings, log)), file=answers, flush=True)
    os._exit(0)  # nothing of what was imported has to be taken down in order


def prepared(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Imports the host, with the slots as CTR_MODEL says, and everything that takes time to import."""
    sys.path.insert(0, settings["path"])
    import testbed_adapter

    assert testbed_adapter.install(settings["model"]) == (settings["model"] != "logistic_regression")
    import jieba
    import sklearn.ensemble
    import sklearn.model_selection  # noqa: F401

    from testbed_adapter.lab import clicklog

    from .checks import all_checks
    from .host import Host

    host = Host("", settings["model"], settings["ours"], False, [], None)
    for name in ("data_service", "index_service", "model_service", "training_tab.training_tab"):
        host.module(name)
    for name in ("automl", "evaluation", "fairness", "interpretability"):
        host.module(f"training_tab.model_{name}")
    all_checks(settings["miniature"])
    jieba.setLogLevel(60)
    jieba.initialize()
    return clicklog.generate(settings["records"])[0]


def run(request: dict[str, Any], settings: dict[str, Any], log: list[dict[str, Any]]) -> dict[str, Any]:
    folder = Path(request["folder"])
    (folder / "work").mkdir(parents=True)
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.setsid()
            in_child(request, settings, log, folder)
            code = 0
        finally:
            os._exit(code)
    start = time.monotonic()
    status = None
    while status is None:
        done, value = os.waitpid(process, os.WNOHANG)
        if done:
            status = os.waitstatus_to_exitcode(value)
        elif time.monotonic() - start > settings["timeout"]:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return {"error": f"not done after {settings['timeout']} s\n{printed(folder)[-2000:]}"}
        else:
            time.sleep(0.01)
    if not (folder / "answer.json").exists():
        return {"error": f"the process ended with {status}\n{printed(folder)[-2000:]}"}
    answer: dict[str, Any] = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    answer["seconds"] = time.monotonic() - start
    warned = answer.pop("warnings")
    if "error" not in answer and settings["ours"]:
        answer.update(trouble(printed(folder), warned, request["refusals"]))
    return answer


def printed(folder: Path) -> str:
    path = folder / "printed.txt"
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def trouble(text: str, warned: list[str], refusals: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if TROUBLE.search(line)]
    lines = [line for line in lines if not refusals or not re.search(refusals, line)]
    if lines:
        return {"error": "printed: " + "\n".join(lines[:5])}
    return {"error": "warned: " + "\n".join(warned[:5])} if warned else {}


def in_child(request: dict[str, Any], settings: dict[str, Any], log: Any, folder: Path) -> None:
    from .checks import CHECKS, SLOTS
    from .host import Host

    os.chdir(folder / "work")
    output = os.open(folder / "printed.txt", os.O_WRONLY | os.O_CREAT)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1)
    load = SimpleNamespace(**request["load"])
    slot = request["slot"] if request["slot"] in SLOTS else SLOTS[0]
    host = Host(slot, settings["model"], settings["ours"], request["full"], log, load)
    answer: dict[str, Any] = {}
    warned: list[str] = []
    watch_warnings(warned)
    try:
        CHECKS[request["check"]].function(host)
    except BaseException:
        answer["error"] = traceback.format_exc()
    answer.update(figures=host.figures, notes=host.notes, warnings=warned)
    sys.stdout.flush()
    (folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


def watch_warnings(warned: list[str]) -> None:
    """Keeps the warnings that come from our package or from what it calls. The host's modules turn all warnings off as
    they are imported: this turns them on again."""
    show = warnings.showwarning

    def kept(message: Any, category: Any, filename: str, lineno: int, *more: Any, **named: Any) -> None:
        stack = [frame.filename for frame in traceback.extract_stack()[:-1]]
        if any(PACKAGE in name and not name.endswith(SWITCH) for name in [filename, *stack]):
            warned.append(f"{category.__name__}: {message} ({filename}:{lineno})")
        show(message, category, filename, lineno, *more, **named)

    warnings.showwarning = kept
    warnings.simplefilter("always")


if __name__ == "__main__":
    main()
