"""The comparison itself: for each seed a run, and the means over seeds."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, Callable, Optional, Union

import numpy as np
import numpy.typing as npt

from ...messages import Message
from ...messages import compare as words
from ...messages.figures import FIGURES
from .ablation import Ablation
from .measure import Contender
from .online import OnlineLearning
from .run import BASELINE, DEEP, LR, ORACLE, WIDE, WIDE_DEEP, Log, Run, Stage, run_once

Array = npt.NDArray[Any]


@dataclass
class Comparison:
    """The first seed's run whole, for the report's plots, and every seed's figures."""

    run: Run
    figures: list[dict[str, dict[str, float]]]  # a dict a seed: row key → figures
    names: dict[str, Union[str, Message]]
    environment: dict[str, Any]
    seeds: list[int] = field(default_factory=list)
    ablation: Optional[Ablation] = None
    online: Optional[OnlineLearning] = None

    @property
    def told(self) -> list[str]:
        """The keys of the models that are told of against the LR: the main one, and what was asked for beside it."""
        parts = (LR, WIDE, DEEP, ORACLE, BASELINE)
        return [key for key in self.names if key not in parts]

    def _against_lr(self) -> dict[str, Any]:
        if self.told == [WIDE_DEEP]:
            return {"wide_deep_against_lr": self.gains(WIDE_DEEP)}
        return {"against_lr": {key: self.gains(key) for key in self.told}}

    def mean(self, key: str) -> dict[str, float]:
        rows = [figures[key] for figures in self.figures]
        return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}

    def standard_error(self, key: str) -> dict[str, float]:
        """Over the seeds; nothing where there is but one."""
        rows = [figures[key] for figures in self.figures]
        if len(rows) < 2:
            return {}
        return {name: float(np.std([row[name] for row in rows], ddof=1) / len(rows) ** 0.5) for name in rows[0]}

    def gains(self, key: str) -> dict[str, float]:
        """A model against the LR."""
        lr, ours = self.mean(LR), self.mean(key)
        gains = {
            "auc": ours["auc"] - lr["auc"],
            "log_loss": ours["log_loss"] - lr["log_loss"],
            **{f"{figure}_ratio": lr[figure] / ours[figure] for figure in ("predict_new_us", "predict_seen_us")},
        }
        if "train_seconds" in lr:
            gains["train_seconds_ratio"] = lr["train_seconds"] / ours["train_seconds"]
        if ORACLE in self.names:
            gap = self.mean(ORACLE)["auc"] - lr["auc"]
            if gap > 0.01:  # on a tiny test part chance may put the LR above the truth
                gains["share_of_gap"] = gains["auc"] / gap
        return gains

    def results(self) -> dict[str, Any]:
        """All figures and the environment, for results.json."""
        log = self.run.log
        return {
            "log": {**describe(log.records), "source": log.source, "test_records": len(self.run.test)},
            "seeds": self.seeds,
            "models": [
                {
                    "key": key,
                    "name": name.en if isinstance(name, Message) else name,
                    "mean": self.mean(key),
                    "standard_error": self.standard_error(key),
                    "runs": [figures[key] for figures in self.figures],
                }
                for key, name in self.names.items()
            ],
            **self._against_lr(),
            **({} if self.ablation is None else {"ablation": self.ablation.results()}),
            **({} if self.online is None else {"online": self.online.results()}),
            "figures": {key: figure.title.en for key, figure in FIGURES.items()},
            "environment": self.environment,
        }


def describe(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "records": len(records),
        "click_rate": sum(record["clicked"] for record in records) / len(records),
        "queries": len({record["query"] for record in records}),
        "documents": len({record["doc_id"] for record in records}),
        "positions": len({record["position"] for record in records}),
    }


def compare(
    logs: Sequence[Callable[[], Log]],
    models: Sequence[Contender],
    stage: Stage,
    ablation: Optional[Ablation] = None,
    online: Optional[OnlineLearning] = None,
) -> Comparison:
    """On each log in turn; with an ablation, which needs generated logs, the models then serve new requests. Online
    learning is then measured on logs of its own, by the same seeds."""
    first: Optional[Run] = None
    figures = []
    seeds = []
    for make_log in logs:
        stage(str(words.THE_LOG))
        run = run_once(make_log(), models, stage)
        figures.append({**{outcome.key: outcome.figures for outcome in run.outcomes}, BASELINE: run.baseline()})
        seeds.append(run.log.seed)
        if ablation is not None:
            ablation.measure(run, stage)
        if online is not None:
            online.measure(run.log.seed, stage)
        first = first or run
    if first is None:
        raise ValueError(words.NO_LOG)
    names = {outcome.key: outcome.name for outcome in first.outcomes}
    names[BASELINE] = first.majority
    return Comparison(first, figures, names, environment(), seeds, ablation, online)


def environment() -> dict[str, Any]:
    """What the figures were measured with."""
    versions = {}
    for name in ("ctr-models", "numpy", "scikit-learn", "pyarrow", "pandas", "jieba", "safetensors"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": cores,
        "library": _library(),
        "packages": versions,
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _library() -> str:
    try:
        from ...native.model import build_info

        return str(build_info())
    except ImportError:
        return "not there"
