"""`predict_ctr`, and `rank` as the testbed's IndexService does it once its search has found the candidates."""

from __future__ import annotations

import contextlib
import io
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any, NamedTuple

import jieba
import numpy as np

from testbed_adapter.host import words
from testbed_adapter.lab.compare.lr import Impression
from testbed_adapter.lab.compare.measure import Rewriter, impressions, median_time

from ..rounds import take_turns
from ..section import Settings

CANDIDATES = (10, 1_000)
_PAGES = {10: 50, 1_000: 1}  # so many are ranked in a turn
_SHOWN = 400


class Prediction(NamedTuple):
    """µs of one `predict_ctr`, the median: on new text, on seen text; and of cutting new text into words alone."""

    new: float
    seen: float
    segmentation: float

    @property
    def beyond(self) -> float:
        return self.new - self.segmentation


class Ranking(NamedTuple):
    """ms of one `rank`, the median: of candidates with new texts, and of the same again."""

    new: float
    seen: float


@dataclass(frozen=True)
class Serving:
    """Each round's times, by tool; those of `rank` by number of candidates too."""

    predict: dict[str, list[Prediction]]
    rank: dict[int, dict[str, list[Ranking]]]
    segmented_again: int

    @classmethod
    def done(cls, models: Mapping[str, Any], records: Sequence[dict[str, Any]], settings: Settings) -> Serving:
        rewriter = Rewriter(records, settings.seed)
        shown = impressions(records, np.arange(len(records)), 50 if settings.quick else _SHOWN, settings.seed)

        def predict(model: Any) -> Prediction:
            return time_of_prediction(model, rewriter, shown)

        def ranking(model: Any, count: int) -> Ranking:
            pages = [page(rewriter, shown, count) for _ in range(_PAGES[count])]
            return Ranking(time_of_rank(model, pages), time_of_rank(model, pages))

        turns = {key: partial(predict, model) for key, model in models.items()}
        predicted = take_turns(turns, settings.rounds, "predict_ctr")
        ranked = {}
        for count in CANDIDATES:
            ranking_turns = {key: partial(ranking, model, count) for key, model in models.items()}
            ranked[count] = take_turns(ranking_turns, settings.rounds, f"rank {count:,}")
        return cls(predicted, ranked, segmented_again(models, [rewriter.anew(one) for one in shown]))


def time_of_prediction(model: Any, rewriter: Rewriter, shown: Sequence[Impression]) -> Prediction:
    """An impression's new texts are cut, and another's predicted on, in turn: both see the same machine."""
    asked, cut = ([rewriter.anew(one) for one in shown] for _ in range(2))
    new, alone = [], []
    with contextlib.redirect_stdout(io.StringIO()):
        for index in range(len(shown)):
            calls = [(new, model.predict_ctr, asked), (alone, segmented, cut)]
            for times, call, texts in calls if index % 2 else calls[::-1]:
                start = time.perf_counter_ns()
                call(*texts[index])
                times.append((time.perf_counter_ns() - start) / 1000)
    return Prediction(median(new), median_time(model.predict_ctr, asked), median(alone))


def segmented(query: str, doc_id: str, position: int, score: float, summary: str) -> None:
    jieba.lcut(query)
    jieba.lcut(summary)


def page(rewriter: Rewriter, shown: Sequence[Impression], count: int) -> list[Impression]:
    """Candidates for one query, each with a summary of its own; texts that have not been there before."""
    query = rewriter.anew(shown[0])[0]
    rows = [rewriter.anew(shown[index % len(shown)]) for index in range(count)]
    return [(query, doc_id, place, score, summary) for place, (_, doc_id, _, score, summary) in enumerate(rows, 1)]


def time_of_rank(model: Any, pages: Sequence[Sequence[Impression]]) -> float:
    """ms of one, the median."""
    times = []
    with contextlib.redirect_stdout(io.StringIO()):
        for candidates in pages:
            start = time.perf_counter_ns()
            rank(model, candidates)
            times.append((time.perf_counter_ns() - start) / 1e6)
    return median(times)


def rank(model: Any, candidates: Sequence[Impression]) -> list[tuple[str, float, float, str]]:
    """The testbed's loop: a call a candidate, then its sort."""
    answers = []
    for query, doc_id, position, score, summary in candidates:
        answers.append((doc_id, score, model.predict_ctr(query, doc_id, position, score, summary), summary))
    return sorted(answers, key=lambda answer: answer[2], reverse=True)


def segmented_again(models: Mapping[str, Any], shown: Sequence[Impression]) -> int:
    """How many of these texts our models segment more than once in two predictions each."""
    ours = [model for model in models.values() if type(model).__module__.startswith("testbed_adapter.host.ctr_model")]
    with counted_segmentations() as counts:
        for model in ours:
            for impression in [*shown, *shown]:
                model.predict_ctr(*impression)
    return sum(count > 1 for count in counts.values())


@contextlib.contextmanager
def counted_segmentations() -> Iterator[Counter[str]]:
    counts: Counter[str] = Counter()
    segment = words.segment

    def counting(text: str) -> words.Words:
        counts[text] += 1
        return segment(text)

    words.segment = counting
    try:
        yield counts
    finally:
        words.segment = segment
