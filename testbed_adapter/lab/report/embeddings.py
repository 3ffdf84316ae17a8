"""The deep part's embeddings, by the queries, documents and words that they are of.

`least` is the model's min_count: what it saw less often has no embedding of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ...messages import Message
from ...native.tensors import FIRST, of_ensemble, vocabulary
from .names import Named

Array = npt.NDArray[Any]


def embeddings(tensors: Mapping[str, Array], feature: str, least: int) -> dict[str, Array]:
    """A feature's vectors, by the entries of its vocabulary. An ensemble's are its models', one behind the other."""
    tables = of_ensemble(tensors, f"deep.{feature}.embedding")
    if not tables or f"vocabulary.{feature}.bytes" not in tensors:
        return {}
    rows = np.concatenate([table.reshape(len(table), -1) for table in tables], axis=1)[FIRST:]
    counts = tensors[f"vocabulary.{feature}.counts"].tolist()
    return {entry: row for entry, row, count in zip(vocabulary(tensors, feature), rows, counts) if count >= least}


def pooled(tensors: Mapping[str, Array], named: Mapping[str, Named], words: str, least: int) -> dict[str, Array]:
    """The means of the vectors of each one's words, as the deep part pools them."""
    table = embeddings(tensors, words, least)
    known = {entry: [table[word] for word in one.words if word in table] for entry, one in named.items()}
    return {entry: np.mean(vectors, axis=0) for entry, vectors in known.items() if vectors}


def vectors(
    tensors: Mapping[str, Array], named: Mapping[str, Named], feature: str, words: str, least: int
) -> dict[str, Array]:
    """Those of queries or documents themselves or, in a model that knows them by their words only, the pooled ones."""
    return embeddings(tensors, feature, least) or pooled(tensors, named, words, least)


def few_left_out(least: int) -> Message:
    """A sentence of the note; none where every id has an embedding of its own."""
    if least < 2:
        return Message("", "")
    return Message(
        f" What training saw fewer than {least} times has no embedding of its own and is not counted here.",
        f"训练中出现不足 {least} 次的没有自己的嵌入，不计入此图表。",
    )
