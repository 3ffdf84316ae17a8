"""Maps of what the deep part has learnt: documents, queries and words whose vectors are alike lie together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ..clicklog.vocabulary import TOPIC_OF, TOPICS
from .names import Named, Names, words_of
from .svg import scatter
from .weights import entries

Array = npt.NDArray[Any]
MOST = 700  # points on a map, the most frequent ones

# Colours that stay apart, one a topic of the generated log.
_TOPIC_COLOURS = ("#1f6fd6", "#e8730c", "#2a9d4a", "#d43a3a", "#8552c2", "#12a3b4", "#c9a400", "#e05ba5")
_UNKNOWN = "#c4c8ce"


def topic_of(text: str) -> Optional[int]:
    """The generated log's topic that most of the words are of."""
    counts = Counter(TOPIC_OF[word] for word in words_of(text) if word in TOPIC_OF)
    return counts.most_common(1)[0][0] if counts else None


def topic_legend() -> list[tuple[str, str]]:
    return [(words[0], colour) for words, colour in zip(TOPICS, _TOPIC_COLOURS)]


def rate_colour(rate: float, low: float, high: float) -> str:
    """From pale to dark blue."""
    share = min(1.0, max(0.0, (rate - low) / ((high - low) or 1)))
    pale, dark = (198, 219, 247), (11, 49, 120)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(pale, dark))


def maps(tensors: Mapping[str, Array], names: Names, by_topic: bool) -> list[tuple[str, str]]:
    """(title, SVG) for documents, queries and words, as far as the model has vectors for them."""
    drawn = []
    pooled = " (mean of words 词均值)"
    for title, named, vectors in (
        (
            "documents 文档" + ("" if _table(tensors, "doc_id") else pooled),
            names.documents,
            _vectors(tensors, names.documents, "doc_id", "summary_terms"),
        ),
        (
            "queries 查询" + ("" if _table(tensors, "query_id") else pooled),
            names.queries,
            _vectors(tensors, names.queries, "query_id", "query_terms"),
        ),
        ("words of summaries 摘要词", names.words, _table(tensors, "summary_terms")),
    ):
        chosen = sorted(vectors, key=lambda entry: -named[entry].shown if entry in named else 1)[:MOST]
        chosen = [entry for entry in chosen if entry in named]
        if len(chosen) >= 3 and len(vectors[chosen[0]]) >= 2:
            drawn.append(
                (title, _map(title, [named[one] for one in chosen], [vectors[one] for one in chosen], by_topic))
            )
    return drawn


def _table(tensors: Mapping[str, Array], feature: str) -> dict[str, Array]:
    """A feature's vectors, by the entries of its vocabulary."""
    table = tensors.get(f"deep.{feature}.embedding")
    if table is None or f"vocabulary.{feature}.bytes" not in tensors:
        return {}
    return dict(zip(entries(tensors, feature), table[2:]))


def _vectors(tensors: Mapping[str, Array], named: Mapping[str, Named], feature: str, words: str) -> dict[str, Array]:
    """The vectors of queries or documents themselves or, in a model that knows them by their words only, the means of
    their words'."""
    own = _table(tensors, feature)
    if own:
        return own
    table = _table(tensors, words)
    known = {entry: [table[word] for word in one.words if word in table] for entry, one in named.items()}
    return {entry: np.mean(vectors, axis=0) for entry, vectors in known.items() if vectors}


def _map(title: str, named: Sequence[Named], vectors: Sequence[Array], by_topic: bool) -> str:
    places = project(np.array(vectors))
    rates = sorted(one.click_rate for one in named)
    low, high = rates[len(rates) // 20], rates[-1 - len(rates) // 20]
    colours = [_colour(one, low, high, by_topic) for one in named]
    titles = [f"{one.text}\nclick rate {one.click_rate:.3f}, {one.shown} impressions" for one in named]
    return scatter([(float(x), float(y)) for x, y in places], colours, titles, f"Embedding map: {title}")


def _colour(one: Named, low: float, high: float, by_topic: bool) -> str:
    if not by_topic:
        return rate_colour(one.click_rate, low, high)
    topic = topic_of(one.text)
    return _UNKNOWN if topic is None else _TOPIC_COLOURS[topic]


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
