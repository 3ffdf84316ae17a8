"""What the doctor finds out in processes of their own, where a crash or an endless import does no harm.

    python -m testbed_adapter.commands.doctor.probe library|host

The request comes as JSON on stdin, the answer goes as JSON to stdout.
What else is printed meanwhile, the testbed's messages, goes to stderr.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any, Callable, Optional

from ...messages import said
from ...switch.slots import FIRST_SLOT, SECOND_SLOT
from .. import packages

Answer = dict[str, Any]
# Label, module and name of what stands in a slot.
_SLOTS = (
    (FIRST_SLOT, "search_engine.training_tab.ctr_model", "CTRModel"),
    (SECOND_SLOT, "search_engine.training_tab.ctr_wide_deep_model", "WideAndDeepCTRModel"),
    ("ModelService", "search_engine.model_service", "CTRModel"),
)


def library(request: Answer) -> Answer:
    """The library, by training and predicting; then the model files and click logs that it is asked about."""
    answer: Answer = {"files": {}, "logs": {}}
    answer["library"] = _attempt(_library)
    answer["words"] = _attempt(_words)
    if "error" not in answer["library"]:
        answer["files"] = {path: _attempt(_model_file, path) for path in request["files"]}
        answer["logs"] = {path: _attempt(_log, path) for path in request["logs"]}
    return answer


def _attempt(function: Callable[..., Answer], *arguments: Any) -> Answer:
    try:
        return function(*arguments)
    except Exception as error:
        told = said(error)
        answer = {"error": [told.en, told.zh], "kind": type(error).__name__, "missing": getattr(error, "name", None)}
        return {**answer, "broken": packages.culprit(error)}


def _library() -> Answer:
    import numpy as np

    from ...estimator.wide_deep import WideDeepClassifier
    from ...native import library as _library
    from ...native import model as _native

    X = np.random.default_rng(0).normal(size=(200, 3))
    model = WideDeepClassifier(epochs=2, hidden_units=(4,), random_state=0).fit(X, X[:, 0] > 0)
    probabilities = model.predict_proba(X)[:, 1]
    found = _library.library()
    return {
        "path": str(found._name),
        "build": _native.build_info(),
        "abi": int(found.ctr_abi_version()),
        "predicts": bool(((probabilities > 0) & (probabilities < 1)).all()),
    }


def _words() -> Answer:
    from ...host.segmenter import segmenter

    return {"words": segmenter().lcut("a word")}


def _model_file(path: str) -> Answer:
    from ...native.model import NativeModel

    info = NativeModel.load(path).info()
    return {name: info.get(name) for name in ("trained", "rows", "format", "version")}


def _log(path: str) -> Answer:
    from ...host import evaluation
    from ...host.ctr_model import CTRModel
    from ...host.records import ClickLog
    from ...lab.compare.logs import read_log

    quality = evaluation.data_quality(ClickLog(read_log(Path(path))))
    lacking = evaluation.too_little(quality, CTRModel.MIN_SAMPLES)
    return {
        "records": quality.total_samples,
        "clicks": quality.clicks,
        "too_little": lacking and [lacking.en, lacking.zh],
    }


def host(request: Answer) -> Answer:
    """Which class stands in which slot, as `run` would have it; and whether this Python was switched at its start."""
    from ...switch import hook

    answer: Answer = {"switched at start": hook.is_installed(), "slots": {}}
    hook.install()
    present = hook.present()
    answer["holds"] = present and present.holds
    sys.path.insert(0, request["source"])
    for label, module, name in _SLOTS:
        answer["slots"][label] = _attempt(_slot, module, name)
    return answer


def _slot(module: str, name: str) -> Answer:
    found: Optional[Any] = getattr(importlib.import_module(module), name, None)
    if found is None:
        raise LookupError(f"{module} has no {name}")
    return {"class": f"{found.__module__}.{found.__qualname__}"}


def main() -> None:
    # Only the answer goes where it is read from.
    answers = os.dup(1)
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    answer = {"library": library, "host": host}[sys.argv[1]](request)
    sys.stdout.flush()
    with os.fdopen(answers, "w", encoding="utf-8") as file:
        json.dump(answer, file, ensure_ascii=False)


if __name__ == "__main__":
    main()
