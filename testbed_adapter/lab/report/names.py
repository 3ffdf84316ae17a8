"""What the ids in a trained model stand for: its vocabularies hold hashes of texts that the records still have.

`extract_features` answers a record's ids in known columns, so each record tells what its numbers mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ...host.impressions import DOCUMENT, QUERY, QUERY_WORDS, SUMMARY_WORDS
from ...host.text_column import encodable
from ...host.words import words_of

Array = npt.NDArray[Any]


@dataclass
class Named:
    """One query, document or word: its name, its text, and how it fared in the log."""

    name: str
    text: str
    words: list[str] = field(default_factory=list)  # ids
    shown: int = 0
    clicks: int = 0

    @property
    def click_rate(self) -> float:
        return self.clicks / self.shown if self.shown else 0.0


@dataclass
class Names:
    queries: dict[str, Named] = field(default_factory=dict)
    documents: dict[str, Named] = field(default_factory=dict)
    words: dict[str, Named] = field(default_factory=dict)

    def of(self, feature: str) -> dict[str, Named]:
        """The names that a feature's vocabulary is about."""
        if "term" in feature or "word" in feature:
            return self.words
        if "doc" in feature:
            return self.documents
        return self.queries if "query" in feature else {}

    def label(self, feature: str, entry: str) -> str:
        named = self.of(feature).get(entry)
        return entry if named is None else named.name


def name_ids(records: Sequence[dict[str, Any]], features: Array) -> Names:
    names = Names()
    ids = features.astype(np.int64)
    cut: dict[str, list[str]] = {}
    for record, row in zip(records, ids.tolist()):
        # As training had them.
        query, summary, doc_id = encodable([record["query"], record["summary"], str(record["doc_id"])])
        click = record["clicked"]
        found = []
        for table, column, name, text, whole, columns in (
            (names.queries, QUERY, query, query, query, QUERY_WORDS),
            (names.documents, DOCUMENT, doc_id, summary, f"{doc_id} {summary}", SUMMARY_WORDS),
        ):
            words = cut.get(text)
            if words is None:
                words = cut[text] = words_of(text)
            named = table.get(str(row[column]))
            if named is None:
                numbers = [str(row[at]) for at in columns if row[at]]
                named = table[str(row[column])] = Named(name, whole, numbers)
            found.append(named)
            for word, at in zip(words, columns):
                if row[at]:
                    found.append(names.words.setdefault(str(row[at]), Named(word, word)))
        for named in found:
            named.shown += 1
            named.clicks += click
    return names
