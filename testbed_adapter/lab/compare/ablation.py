"""`compare --ablation`: the experiment of the Wide & Deep paper's Table 1 on the generated world.

Offline the models are measured as `compare` measures them. Then each of them ranks the same new requests, and the gain
is what its pages are clicked more than the control's, the LR's: the paper's online acquisition gain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ...messages import Message
from ...messages.compare import SERVING
from ...messages.experiments import OF_ONE_SEED, OVER_SEEDS
from ..clicklog.world import PAGE, make_world
from .run import DEEP, LR, ORACLE, WIDE, WIDE_DEEP, Run, Stage
from .scoring import score
from .simulation import Shown, arrivals, attractiveness, show

Array = npt.NDArray[Any]

# As in the paper: the control, the parts, the whole; then what nothing can beat.
ORDER = (LR, WIDE, DEEP, WIDE_DEEP, ORACLE)
COVERAGE = 100  # requests in a row, and the fewest that can be simulated
_Z = 1.959964


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95% interval."""

    mean: float
    low: float
    high: float


@dataclass
class Ablation:
    """What the models' pages brought, a dict a seed: row key → figures, and clicks of each request."""

    requests: int
    candidates: int
    figures: list[dict[str, dict[str, float]]] = field(default_factory=list)
    clicks: list[dict[str, Array]] = field(default_factory=list)

    def measure(self, run: Run, stage: Stage) -> None:
        """Adds a seed: its world goes on after the log's end, and each model of the run ranks."""
        world = make_world(run.log.seed)
        traffic = arrivals(world, run.log.seed, self.requests, self.candidates)
        tail = long_tail(run, len(world.summaries))
        figures, clicks = {}, {}
        for outcome in run.outcomes:
            stage(str(SERVING.format(name=outcome.name)))
            if outcome.key == ORACLE:
                ranked_by = attractiveness(world, traffic)
            else:
                ranked_by = score(outcome.model, outcome.name, world, traffic)
            page = show(world, traffic, ranked_by)
            figures[outcome.key] = exposure(page, tail)
            clicks[outcome.key] = page.clicked.sum(axis=1)
        self.figures.append(figures)
        self.clicks.append(clicks)

    def mean(self, key: str) -> dict[str, float]:
        rows = [figures[key] for figures in self.figures]
        return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}

    def standard_error(self, key: str) -> dict[str, float]:
        """Over the seeds, of which there are two at least."""
        rows = [figures[key] for figures in self.figures]
        return {name: float(np.std([row[name] for row in rows], ddof=1) / len(rows) ** 0.5) for name in rows[0]}

    def gains(self, key: str, over: str = LR) -> list[float]:
        """By how much more the pages were clicked than another model's, a share a seed."""
        return [float(clicks[key].sum() / clicks[over].sum() - 1) for clicks in self.clicks]

    def gain(self, key: str, over: str = LR) -> Interval:
        """The seeds' mean. Each seed is a world of its own with its own models, so the interval is Student's over the
        seeds, however many requests there were. Of a single seed it can only be over the requests."""
        gains = self.gains(key, over)
        mean = float(np.mean(gains))
        if len(gains) > 1:
            from scipy.stats import t

            half = t.ppf(0.975, len(gains) - 1) * np.std(gains, ddof=1) / len(gains) ** 0.5
        else:
            mine, others = self.clicks[0][key], self.clicks[0][over]
            spread = mine - (1 + mean) * others  # of a ratio of two sums, paired by request
            half = _Z * np.std(spread, ddof=1) * len(spread) ** 0.5 / others.sum()
        return Interval(mean, mean - float(half), mean + float(half))

    def results(self) -> dict[str, Any]:
        """For results.json."""
        keys = [key for key in ORDER if key in self.figures[0]]
        return {
            "requests": self.requests,
            "candidates": self.candidates,
            "page": PAGE,
            "control": LR,
            "interval": interval_of(len(self.figures)).en,
            "models": [
                {
                    "key": key,
                    "gain": vars(self.gain(key)),
                    "gain_by_seed": self.gains(key),
                    "mean": self.mean(key),
                    "runs": [figures[key] for figures in self.figures],
                }
                for key in keys
            ],
            "wide_deep_over_parts": {part: vars(self.gain(WIDE_DEEP, part)) for part in (WIDE, DEEP)},
        }


def interval_of(seeds: int) -> Message:
    if seeds > 1:
        return OVER_SEEDS.format(seeds=seeds)
    return OF_ONE_SEED


def long_tail(run: Run, documents: int) -> Array:
    """Whether a document is of the lower half by training impressions, shape (documents,)."""
    trained = np.ones(len(run.labels), dtype=bool)
    trained[run.test] = False
    shown = np.zeros(documents, dtype=np.int64)
    for record, counts in zip(run.log.records, trained):
        shown[int(record["doc_id"][4:])] += counts
    tail = np.zeros(documents, dtype=bool)
    tail[np.argsort(shown, kind="stable")[: documents // 2]] = True
    return tail


def exposure(page: Shown, tail: Array) -> dict[str, float]:
    """How the impressions are spread over the catalogue, and how often they are clicked."""
    shown = np.bincount(page.documents.ravel(), minlength=len(tail))
    share = np.sort(shown) / shown.sum()
    even = np.arange(1, len(shown) + 1)
    return {
        "click_rate": float(page.clicked.mean()),
        "catalogue": _coverage(page.documents, len(tail)),
        "long_tail": float(shown[tail].sum() / shown.sum()),
        "gini": float((2 * even - len(shown) - 1) @ share / len(shown)),
    }


def _coverage(documents: Array, catalogue: int) -> float:
    """The share of the catalogue that so few requests in a row show, on average. (Enough requests show all of it.)"""
    runs = len(documents) // COVERAGE
    pages = documents[: runs * COVERAGE].reshape(runs, -1)
    return len(np.unique(np.arange(runs)[:, None] * catalogue + pages)) / (runs * catalogue)
