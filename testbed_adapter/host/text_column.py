"""A column of texts of which many are the same: each distinct one once, and which of them each row has."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..messages import records
from ..native.errors import RecordError
from .words import Words, words

Rows = npt.NDArray[np.int64]

_LARGEST_TABLE = 2**31 - 1  # bytes of text, or words, that one Arrow column with 32-bit offsets can hold


class TextColumn:
    """TextColumn by row. `distinct` are in the order of their first rows, `codes` are indices into them, a row each."""

    def __init__(self, distinct: list[str], codes: npt.NDArray[np.int32]) -> None:
        self.distinct = distinct
        self.codes = codes

    @classmethod
    def of(cls, texts: list[str]) -> TextColumn:
        index: dict[str, int] = dict.fromkeys(texts, 0)
        index.update(zip(index, itertools.count()))
        codes = np.fromiter(map(index.__getitem__, texts), np.int32, len(texts))
        encoded = encodable(distinct := list(index))
        if encoded is not distinct:  # two that differ may now be the same
            same = cls.of(encoded)
            return cls(same.distinct, same.codes[codes])
        return cls(distinct, codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        return self.distinct[self.codes[row]]

    def __iter__(self) -> Iterator[str]:
        return map(self.distinct.__getitem__, self.codes.tolist())

    def part(self, rows: Rows) -> TextColumn:
        """Those of some rows."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        return TextColumn([self.distinct[code] for code in used.tolist()], codes.astype(np.int32).reshape(-1))

    def lengths(self) -> npt.NDArray[np.int64]:
        """In characters."""
        return np.fromiter(map(len, self.distinct), np.int64, len(self.distinct))[self.codes]

    def array(self) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.array(self.codes), pa.array(self.distinct, pa.utf8()))

    def with_words(self) -> tuple[pa.DictionaryArray, pa.ListArray]:
        """The texts, and their words. Each distinct text is segmented once, and since a text's words are its bytes cut
        up, both are views of the same bytes."""
        found: list[Words] = [words(text) for text in self.distinct]
        sizes = np.fromiter((one.size for one in found), np.int64, len(found))
        counts = np.fromiter((one.count for one in found), np.int64, len(found))
        if max(size := int(sizes.sum()), count := int(counts[self.codes].sum())) > _LARGEST_TABLE:
            raise RecordError(records.TOO_MUCH_TEXT.format(bytes=size, words=count))
        data = pa.py_buffer(b"".join([one.text for one in found]))
        starts = _bounds(sizes)
        ends = np.frombuffer(b"".join([one.ends for one in found]), dtype=np.int32)
        offsets = np.concatenate([[0], ends + np.repeat(starts[:-1], counts)]).astype(np.int32)
        entries = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), data)
        # As a dictionary's, a word of many rows stands there once.
        numbered = pa.DictionaryArray.from_arrays(pa.array(np.arange(len(ends), dtype=np.int32)), entries)
        lists = pa.ListArray.from_arrays(pa.array(_bounds(counts).astype(np.int32)), numbered)
        whole = pa.StringArray.from_buffers(len(found), pa.py_buffer(starts.astype(np.int32)), data)
        codes = pa.array(self.codes)
        return pa.DictionaryArray.from_arrays(codes, whole), lists.take(codes)

    def without_words(self) -> tuple[pa.DictionaryArray, pa.ListArray]:
        """The texts, and an empty list of words for each."""
        bounds = pa.array(np.zeros(len(self) + 1, dtype=np.int32))
        return self.array(), pa.ListArray.from_arrays(bounds, pa.array([], pa.utf8()))

    def used(self, rows: int) -> int:
        """So many of the distinct texts are those of the first so many rows."""
        return int(self.codes[:rows].max(initial=-1)) + 1


def encodable(texts: list[str]) -> list[str]:
    """Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark. The same list where there is none."""
    try:
        "".join(texts).encode("utf-8")
    except UnicodeEncodeError:
        return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    return texts


def _bounds(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where each of consecutive stretches of these lengths begins, and at the end where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)])
