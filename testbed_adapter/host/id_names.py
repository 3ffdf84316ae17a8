"""The words that the ids in a click log's columns stand for: ids are hashes, so the records tell."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np
import numpy.typing as npt

from ..messages import host_page
from ..native.model import NativeModel
from .impressions import DOCUMENT, QUERY, QUERY_WORDS, SUMMARY_WORDS
from .records import records_table
from .words import words_of

_LONGEST = 40
# Of this thread (or task): the testbed's page extracts the features first, and then asks for an explanation of them.
_extracted: ContextVar[Sequence[Mapping[str, Any]]] = ContextVar("testbed_adapter.extracted", default=())


def remember(records: Sequence[Mapping[str, Any]]) -> None:
    """The records whose features were extracted just now."""
    _extracted.set(records)


class IdNames:
    """What LIME takes as `categorical_names` of one column: the name of an id, by subscription. An id that the records
    do not tell keeps its number. For the testbed's page, which is HTML: a query may hold any character."""

    def __init__(self, column: int, rows: npt.NDArray[np.float64]) -> None:
        self._column, self._ids, self._records = column, rows[:, column], _extracted.get()

    def __getitem__(self, identity: int) -> str:
        if not identity:
            return host_page.NO_WORD.zh
        found = np.flatnonzero(self._ids == identity)
        if not len(found) or len(self._ids) != len(self._records):
            return str(identity)
        name = _name(self._records[int(found[0])], self._column, identity) or str(identity)
        return html.escape(name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…", quote=False)


def _name(record: Mapping[str, Any], column: int, identity: int) -> str:
    """Empty where the record has another id in that column: then the rows are of other records."""
    if NativeModel().extract_features(records_table([record]))[0, column] != identity:
        return ""
    if column in (QUERY, DOCUMENT):
        return str(record["query" if column == QUERY else "doc_id"])
    field, columns = ("query", QUERY_WORDS) if column in QUERY_WORDS else ("summary", SUMMARY_WORDS)
    return words_of(record[field])[column - columns[0]]
