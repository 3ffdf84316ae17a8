"""Embeddings in two dimensions: where documents, queries and words stand on a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from ...host.words import words_of
from ...messages import Message
from ..clicklog.vocabulary import TOPIC_OF
from .embeddings import embeddings, vectors
from .names import Named, Names

Array = npt.NDArray[Any]
MOST = 700  # points on a map, the most frequent ones
_POOLED = Message(" (mean of words)", "（词均值）")


class Point(NamedTuple):
    named: Named
    x: float
    y: float
    topic: Optional[int]  # of the generated log's, which one of its words are mostly of


class Map(NamedTuple):
    key: str
    title: Message
    is_pooled: bool
    points: list[Point]


def maps(tensors: Mapping[str, Array], names: Names, least: int) -> list[Map]:
    """Of documents, queries and words, as far as the model has vectors for them."""
    drawn = []
    for key, title, named, found, is_pooled in (
        (
            *("documents", Message("documents", "文档"), names.documents),
            vectors(tensors, names.documents, "doc_id", "summary_terms", least),
            not embeddings(tensors, "doc_id", least),
        ),
        (
            *("queries", Message("queries", "查询"), names.queries),
            vectors(tensors, names.queries, "query_id", "query_terms", least),
            not embeddings(tensors, "query_id", least),
        ),
        (
            "words",
            Message("words of summaries", "摘要词"),
            names.words,
            embeddings(tensors, "summary_terms", least),
            False,
        ),
    ):
        chosen = sorted(found, key=lambda entry: -named[entry].shown if entry in named else 1)[:MOST]
        chosen = [entry for entry in chosen if entry in named]
        if len(chosen) >= 3 and len(found[chosen[0]]) >= 2:
            places = project(np.array([found[one] for one in chosen])).tolist()
            points = [Point(named[one], x, y, topic_of(named[one].text)) for one, (x, y) in zip(chosen, places)]
            drawn.append(Map(key, title + (_POOLED if is_pooled else ""), is_pooled, points))
    return drawn


def topic_of(text: str) -> Optional[int]:
    """The generated log's topic that most of the words are of."""
    counts = Counter(TOPIC_OF[word] for word in words_of(text) if word in TOPIC_OF)
    return counts.most_common(1)[0][0] if counts else None


def project(vectors: Array) -> Array:
    """Two dimensions: t-SNE where there are points enough for it, else the principal components."""
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    vectors = np.asarray(vectors, dtype=np.float64)
    spread = vectors.std()
    if not np.isfinite(spread) or spread == 0:
        return np.zeros((len(vectors), 2))
    scaled = (vectors - vectors.mean(axis=0)) / spread
    if len(vectors) < 40:
        flat: Array = PCA(2, random_state=0).fit_transform(scaled)
    else:
        # On one thread: so few points gain little from two, and where the processors are busy two wait for each other.
        with threadpool_limits(1):
            flat = TSNE(2, perplexity=min(30, len(vectors) / 4), init="pca", random_state=0).fit_transform(scaled)
    return flat
