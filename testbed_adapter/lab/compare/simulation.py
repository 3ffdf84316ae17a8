"""The generated world after its log's end: requests come, documents are retrieved, pages shown, clicks drawn.

A search retrieves more candidates than a page shows, by the same process that made the log's pages: the documents of
the query's pool, here and there one from anywhere instead, and once the pool is used up all the others from anywhere.
They stand in the order of their text score. Whoever ranks them sees the same requests, and a document of a request
meets the same random number at whichever position it is shown, so that differences between rankings are paired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..clicklog.records import _scores
from ..clicklog.world import DIFFICULTY, PAGE, World

Array = npt.NDArray[Any]

# So many documents lie outside a query's pool.
MOST_CANDIDATES = DIFFICULTY.documents - DIFFICULTY.pool
_BLOCK = 4096  # requests retrieved for at once: bounds the memory


@dataclass(frozen=True)
class Traffic:
    """Requests, a row each. Candidate j of a request has position j + 1 while it is ranked."""

    query: Array  # (requests,)
    candidates: Array  # (requests, candidates) documents, best text score first
    score: Array  # (requests, candidates) their text scores
    luck: Array  # (requests, candidates) uniform in [0, 1): a click where it is below the click probability


def arrivals(world: World, seed: int, requests: int, candidates: int) -> Traffic:
    """Same arguments, same traffic. `candidates` is at most MOST_CANDIDATES."""
    rng = np.random.default_rng([seed, 6])
    query = rng.choice(len(world.popularity), size=requests, p=world.popularity)
    blocks = [_retrieved(world, rng, query[start : start + _BLOCK], candidates) for start in range(0, requests, _BLOCK)]
    found = np.concatenate(blocks)
    score = _scores(world)[query[:, None], found]
    order = np.argsort(-score, axis=1, kind="stable")
    found, score = (np.take_along_axis(values, order, axis=1) for values in (found, score))
    return Traffic(query, found, score, rng.random(found.shape))


def _retrieved(world: World, rng: np.random.Generator, query: Array, count: int) -> Array:
    """Distinct documents for each query, in no order."""
    pool = world.pools[query]
    drawn = rng.random((len(query), len(world.summaries)))
    np.put_along_axis(drawn, pool, np.inf, axis=1)
    found = np.argsort(drawn, axis=1)[:, :count].astype(np.int16)  # from anywhere but the pool
    pool = rng.permuted(pool, axis=1)[:, :count]
    kept = rng.random(pool.shape) >= DIFFICULTY.stray
    found[:, : pool.shape[1]] = np.where(kept, pool, found[:, : pool.shape[1]])
    return found


def attractiveness(world: World, traffic: Traffic) -> Array:
    """The click probability of each candidate once it is looked at, (requests, candidates): the best to rank by."""
    probability: Array = 1 / (1 + np.exp(-world.attraction[traffic.query[:, None], traffic.candidates]))
    return probability


@dataclass(frozen=True)
class Shown:
    """Pages of PAGE documents, a row a request."""

    documents: Array
    clicked: Array


def show(world: World, traffic: Traffic, ranked_by: Array) -> Shown:
    """The candidates of highest value first, as many as a page holds; equal ones in the order of their text score."""
    page = np.argsort(-ranked_by, axis=1, kind="stable")[:, :PAGE]
    examined = np.arange(1, page.shape[1] + 1) ** -DIFFICULTY.examination
    probability = examined * np.take_along_axis(attractiveness(world, traffic), page, axis=1)
    documents, luck = (np.take_along_axis(values, page, axis=1) for values in (traffic.candidates, traffic.luck))
    return Shown(documents, luck < probability)
