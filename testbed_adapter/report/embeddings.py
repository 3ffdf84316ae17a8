"""The deep part's embeddings, by the queries, documents and words that they are of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .names import Named
from .weights import entries

Array = npt.NDArray[Any]


def embeddings(tensors: Mapping[str, Array], feature: str) -> dict[str, Array]:
    """A feature's vectors, by the entries of its vocabulary."""
    table = tensors.get(f"deep.{feature}.embedding")
    if table is None or f"vocabulary.{feature}.bytes" not in tensors:
        return {}
    return dict(zip(entries(tensors, feature), table[2:]))


def pooled(tensors: Mapping[str, Array], named: Mapping[str, Named], words: str) -> dict[str, Array]:
    """The means of the vectors of each one's words, as the deep part pools them."""
    table = embeddings(tensors, words)
    known = {entry: [table[word] for word in one.words if word in table] for entry, one in named.items()}
    return {entry: np.mean(vectors, axis=0) for entry, vectors in known.items() if vectors}


def vectors(tensors: Mapping[str, Array], named: Mapping[str, Named], feature: str, words: str) -> dict[str, Array]:
    """Those of queries or documents themselves or, in a model that knows them by their words only, the pooled ones."""
    return embeddings(tensors, feature) or pooled(tensors, named, words)
