"""The world behind the generated click log: queries, documents, and what makes people click.

The world has a fixed size, whatever the number of records: a longer log is more evidence about the same queries and
documents, as in a site's life. Everything in it is drawn from the seed.

A click needs two things, which are multiplied: the visitor looks at the position (examination), and what is seen
attracts. Attraction is a logit made of
- relevance: query and document each have a mixture of topics, shown by their words, and an affinity says how well
  documents of a topic serve queries of another. A model that learns topics from words knows it for any pair;
- the query's eagerness and the document's quality, which show in their histories and ids;
- for a share of the pairs an effect of their own, which no word or topic tells: only memorising the pair learns it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .vocabulary import GENERIC, GLUED, JOINERS, LINK, TOPICS

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Difficulty:
    """The sizes and effects. Set once against the reference points in the package's docstring, then left alone."""

    queries: int = 90
    documents: int = 300
    pool: int = 12  # documents that a query's pages mostly draw from
    zipf: float = 1.0  # query popularity ∝ 1 / rank**zipf
    stray: float = 0.04  # share of a page's documents that come from anywhere
    examination: float = 0.25  # position k is looked at with probability k**-examination
    base: float = -1.2
    relevance: float = 0.95
    off_topic: float = 0.7  # spread of the affinities between different topics
    quality: float = 0.15
    eagerness: float = 0.1
    pair_share: float = 0.3
    pair: float = 1.4
    word_zipf: float = 1.2  # a topic's words are used ∝ 1 / rank**word_zipf, in the order of their list
    score_noise: float = 5.0  # of the text match score, against a relevance of spread 1
    order_noise: float = 0.7  # how loosely pages are ordered by the score


DIFFICULTY = Difficulty()


@dataclass(frozen=True)
class World:
    query_texts: list[str]
    summaries: list[str]
    query_words: list[list[str]]
    summary_words: list[list[str]]
    query_topics: Array  # (queries, topics), rows sum to 1
    doc_topics: Array
    popularity: Array  # (queries,), sums to 1
    pools: Array  # (queries, pool) documents
    attraction: Array  # (queries, documents) logits
    match: Array  # (queries, documents) text match scores


def _topic_mixtures(rng: np.random.Generator, rows: int, second: float) -> Array:
    """A main topic each, and for a share of the rows a second one with less weight."""
    topics = len(TOPICS)
    mixtures = np.zeros((rows, topics))
    main = rng.integers(topics, size=rows)
    other = (main + rng.integers(1, topics, size=rows)) % topics
    weight = np.where(rng.random(rows) < second, rng.uniform(0.2, 0.5, rows), 0.0)
    mixtures[np.arange(rows), main] = 1 - weight
    mixtures[np.arange(rows), other] += weight
    return mixtures


def _words(rng: np.random.Generator, mixture: Array, count: int, generic: float, zipf: float) -> list[str]:
    """Distinct words: of the topics in proportion, some of them generic."""
    chosen: list[str] = []
    while len(chosen) < count:
        source = GENERIC if rng.random() < generic else TOPICS[int(rng.choice(len(TOPICS), p=mixture))]
        usage = np.arange(1, len(source) + 1) ** -zipf
        word = source[int(rng.choice(len(source), p=usage / usage.sum()))]
        if word not in chosen:
            chosen.append(word)
    return chosen


def query_text(words: list[str]) -> str:
    """The words as a query is typed: nothing between them, but for pairs that would be read as another word."""
    text = words[0]
    for left, right in zip(words, words[1:]):
        text += (LINK if left + right in GLUED else "") + right
    return text


def summary_text(words: list[str], joiners: Array) -> str:
    text = words[0]
    for word, joiner in zip(words[1:], joiners):
        text += JOINERS[int(joiner)] + word
    return text + "。"


def make_world(seed: int, difficulty: Difficulty = DIFFICULTY) -> World:
    d = difficulty
    rng = np.random.default_rng([seed, 1])
    query_topics = _topic_mixtures(rng, d.queries, 0.25)
    doc_topics = _topic_mixtures(rng, d.documents, 0.5)

    query_words: list[list[str]] = []
    texts: list[str] = []
    seen = set()
    for mixture in query_topics:
        while True:
            words = _words(rng, mixture, int(rng.choice([1, 2, 3], p=[0.2, 0.5, 0.3])), 0.2, d.word_zipf)
            text = query_text(words)
            if text not in seen:
                break
        seen.add(text)
        query_words.append(words)
        texts.append(text)
    summary_words = [_words(rng, mixture, int(rng.integers(6, 15)), 0.15, d.word_zipf) for mixture in doc_topics]
    summaries = [summary_text(words, rng.integers(len(JOINERS), size=len(words))) for words in summary_words]

    topics = len(TOPICS)
    affinity = rng.normal(0, d.off_topic, (topics, topics))
    affinity[np.arange(topics), np.arange(topics)] = rng.uniform(1.0, 2.0, topics)
    relevance = query_topics @ affinity @ doc_topics.T

    # A pool holds mostly documents that serve the query's topic, and some that a text match would bring up anyway.
    attractive = 1.2 * relevance + rng.gumbel(size=relevance.shape)
    pools = np.argpartition(-attractive, d.pool, axis=1)[:, : d.pool]

    centre = np.take_along_axis(relevance, pools, axis=1)
    relevance = (relevance - centre.mean()) / centre.std()
    own = rng.normal(0, d.pair, relevance.shape) * (rng.random(relevance.shape) < d.pair_share)
    attraction = (
        d.base
        + d.relevance * relevance
        + rng.normal(0, d.eagerness, (d.queries, 1))
        + rng.normal(0, d.quality, (1, d.documents))
        + own
    )
    match = relevance + rng.normal(0, d.score_noise, relevance.shape)
    popularity = np.arange(1, d.queries + 1) ** -d.zipf
    return World(
        texts, summaries, query_words, summary_words, query_topics, doc_topics, popularity / popularity.sum(), pools,
        attraction, match,
    )  # fmt: skip


@dataclass(frozen=True)
class Visits:
    """What happened, a row an impression, in time order."""

    page: Array
    query: Array
    document: Array
    position: Array  # from 1
    probability: Array
    clicked: Array


PAGE = 10


def pages_of(world: World, query: Array, rng: np.random.Generator, d: Difficulty) -> Array:
    """A page of documents for each query, in the order shown: ten of its pool; here and there one gives way to a
    stray that is not on the page yet."""
    pool = world.pools[query]
    shown = np.take_along_axis(pool, np.argsort(rng.random(pool.shape), axis=1)[:, :PAGE], axis=1)
    strays = rng.integers(d.documents, size=shown.shape)
    enters = rng.random(shown.shape) < d.stray
    enters &= ~(strays[:, :, None] == pool[:, None, :]).any(axis=2)
    enters &= np.array([(strays[:, i : i + 1] != strays[:, :i]).all(axis=1) for i in range(PAGE)]).T
    shown = np.where(enters, strays, shown)
    rank = world.match[query[:, None], shown] + rng.normal(0, d.order_noise, shown.shape)
    return np.take_along_axis(shown, np.argsort(-rank, axis=1), axis=1)


def simulate(
    world: World, records: int, seed: int, difficulty: Difficulty = DIFFICULTY, part: Sequence[int] = ()
) -> Visits:
    """Pages of ten until there are enough records; the last page may be cut short. Each `part` has others."""
    d = difficulty
    rng = np.random.default_rng([seed, *part, 2])
    pages = -(-records // PAGE)
    query = rng.choice(d.queries, size=pages, p=world.popularity)
    shown = pages_of(world, query, rng, d)

    position = np.arange(1, PAGE + 1)
    examined = position**-d.examination
    attracted = 1 / (1 + np.exp(-world.attraction[query[:, None], shown]))
    probability = examined * attracted
    clicked = rng.random(shown.shape) < probability
    return Visits(
        page=np.repeat(np.arange(pages), PAGE)[:records],
        query=np.repeat(query, PAGE)[:records],
        document=shown.ravel()[:records],
        position=np.tile(position, pages)[:records],
        probability=probability.ravel()[:records],
        clicked=clicked.ravel()[:records].astype(np.int64),
    )
