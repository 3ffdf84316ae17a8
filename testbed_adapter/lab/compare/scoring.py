"""Click probabilities of a request's candidates, as the testbed's IndexService.rank asks a model for them: one
`predict_ctr` each, whose position is the candidate's place in the order of the text scores."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from ...messages import Message
from ...messages.compare import NO_PROBABILITY, NOT_RANKED
from ..clicklog.world import World
from .lr import COLUMNS, Impression, serving_columns
from .measure import TrainingError
from .simulation import Traffic

Array = npt.NDArray[Any]

_CHECKED = 100  # impressions by which a batch's answers are compared with predict_ctr's
_FAILED = "预测失败"  # the testbed's models print this, and answer with the score itself


def score(model: Any, name: Union[str, Message], world: World, traffic: Traffic) -> Array:
    """Shape (requests, candidates). What recurs (query, document and position) is asked for once: a model's answer
    depends on nothing else. TrainingError, with the model's name, where an answer is no probability."""
    documents = len(world.summaries)
    places = traffic.candidates.shape[1]
    pair = traffic.query[:, None] * documents + traffic.candidates
    _, first, inverse = np.unique(pair * places + np.arange(places), return_index=True, return_inverse=True)
    impressions = _impressions(world, traffic, first)
    answers = _batch(model, impressions)
    if answers is None:
        answers = _one_by_one(model, name, impressions)
    if not ((answers >= 0) & (answers <= 1)).all():
        wrong = int(np.argmin((answers >= 0) & (answers <= 1)))
        raise TrainingError(NO_PROBABILITY.format(name=name, answer=answers[wrong], impression=impressions[wrong]))
    return answers[inverse.reshape(pair.shape)]


def _impressions(world: World, traffic: Traffic, cells: Array) -> list[Impression]:
    """Candidates as `predict_ctr` takes them; `cells` count through the requests' candidates."""
    row, place = np.divmod(cells, traffic.candidates.shape[1])
    return [
        (world.query_texts[query], f"doc_{document:04d}", position, score, world.summaries[document])
        for query, document, position, score in zip(
            traffic.query[row].tolist(),
            traffic.candidates[row, place].tolist(),
            (place + 1).tolist(),
            traffic.score[row, place].tolist(),
        )
    ]


def _one_by_one(model: Any, name: Union[str, Message], impressions: Sequence[Impression]) -> Array:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        answers = np.array([model.predict_ctr(*impression) for impression in impressions], dtype=np.float64)
    if _FAILED in said.getvalue():
        failure = next(line for line in said.getvalue().splitlines() if _FAILED in line)
        raise TrainingError(NOT_RANKED.format(name=name, failure=failure))
    return answers


def _batch(model: Any, impressions: Sequence[Impression]) -> Optional[Array]:
    """A logistic regression over the testbed's columns answers in half a millisecond, hundreds of times what its sum
    takes. So all sums at once, if on a sample they are `predict_ctr`'s to the last bit; None if not."""
    import jieba

    inner: Any = getattr(model, "model", None)
    scaler: Any = getattr(model, "scaler", None)
    if getattr(inner, "coef_", np.empty(0)).shape != (1, COLUMNS) or getattr(scaler, "n_features_in_", 0) != COLUMNS:
        return None
    words = {text: jieba.lcut(text) for text in {text for one in impressions for text in (one[0], one[4])}}
    distinct = {text: frozenset(found) for text, found in words.items()}
    rows = [serving_columns(one, words.__getitem__, distinct.__getitem__) for one in impressions]
    scaled = scaler.transform(np.array(rows, dtype=np.float64))
    # Row by row, as one call has it: a matrix product may add up in another order.
    logits = (scaled[:, None, :] @ inner.coef_.T)[:, 0, 0] + inner.intercept_[0]
    answers: Array = expit(logits)
    sample = np.linspace(0, len(impressions) - 1, _CHECKED).astype(int)
    with contextlib.redirect_stdout(io.StringIO()):
        asked = [model.predict_ctr(*impressions[row]) for row in sample]
    return answers if np.array_equal(answers[sample], asked) else None
