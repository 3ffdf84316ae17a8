"""Chinese words of queries and summaries by jieba, as the testbed segments them, kept for texts seen before."""

from __future__ import annotations

import itertools
import re
import threading
from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple, Optional

from ..messages.records import NO_TEXT
from . import segmenter as _segmenting
from .segmenter import segmenter

__all__ = ["CACHE", "WordCache", "Words", "segment", "segmenter", "words", "words_of"]

# jieba takes memory of hundreds of bytes a character for an unbroken run of text: longer text goes to it in pieces.
_PIECE = 50_000
# jieba looks at each run of these characters by itself, so between two runs a text can be cut without any change.
_OUTSIDE_RUN = re.compile(r"[^\s\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]")
_LONGEST_TAG = 64  # words


class Words(NamedTuple):
    """A text as `ctr_model_predict_ctr` takes it: UTF-8, and where each word ends, in bytes, as int32."""

    text: bytes
    size: int
    ends: bytes
    count: int  # type: ignore[assignment]  # tuple's own method is not missed

    @classmethod
    def of(cls, text: str, words: list[str]) -> Words:
        data = text.encode("utf-8")
        in_bytes: Iterable[Any] = words if len(data) == len(text) else map(str.encode, words)
        return cls(data, len(data), array("i", itertools.accumulate(map(len, in_bytes))).tobytes(), len(words))

    @property
    def word_ends(self) -> memoryview:
        return memoryview(self.ends).cast("i")


class WordCache:
    """Segmented texts, bounded by their number and their total length, least recently used out first (roughly).

    Two generations: what is asked for is, or comes, in the younger; when that is full it becomes the older, and the
    older is dropped. A text found in the younger costs one dict look-up and no lock. Safe from many threads.
    """

    def __init__(self, texts: int = 60_000, characters: int = 8_000_000) -> None:
        self._texts = texts // 2
        self._characters = characters // 2
        self._lock = threading.Lock()
        self._young: dict[str, Words] = {}
        self._old: dict[str, Words] = {}
        self._held = 0
        self._mark: object = self  # of the segmenter when these were cut; of none yet

    def words(self, text: str) -> Words:
        """The words of a text. TypeError if it is no str."""
        if _segmenting.mark is self._mark:
            found = self._young.get(text)
            if found is not None:
                return found
        return self._words(text)

    def _words(self, text: str) -> Words:
        if not isinstance(text, str):
            raise TypeError(NO_TEXT.format(kind=type(text).__name__))
        segmenter()
        with self._lock:
            mark = _segmenting.mark
            if mark is not self._mark:  # the program has changed jieba's dictionary
                self._young, self._old, self._held, self._mark = {}, {}, 0, mark
            found = self._young.get(text) or self._old.get(text)
        if found is None:
            found = segment(text)
        if len(text) <= self._characters // 8:
            with self._lock:
                # Not what was cut while another thread changed the dictionary.
                if mark is _segmenting.mark is self._mark and text not in self._young:
                    self._keep(text, found)
        return found

    def _keep(self, text: str, words: Words) -> None:
        if len(self._young) >= self._texts or self._held + len(text) > self._characters:
            self._old, self._young, self._held = self._young, {}, 0
        self._young[text] = words
        self._held += len(text)

    def clear(self) -> None:
        """Forgets all texts."""
        with self._lock:
            self._young, self._old, self._held = {}, {}, 0

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


def segment(text: str) -> Words:
    """Segments a text anew. Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark."""
    text, cut = text.encode("utf-8", "replace").decode("utf-8"), segmenter().lcut
    if len(text) <= _PIECE:
        return Words.of(text, cut(text))
    return Words.of(text, list(itertools.chain.from_iterable(cut(piece) for piece in _pieces(text))))


def _pieces(text: str) -> Any:
    start = 0
    while start < len(text):
        end = min(start + _PIECE, len(text))
        # Where no run ends for as long again (no written text is so), the run itself is cut.
        outside = _OUTSIDE_RUN.search(text, end, end + _PIECE)
        end = outside.start() if outside else end
        yield text[start:end]
        start = end


def words_of(text: str) -> list[str]:
    """The words that have a column, as the library picks them: the distinct ones with a letter, a digit or a Han
    character, in order, without those of markup."""
    words: list[str] = []
    opened: Optional[tuple[int, int]] = None  # where a "<" is, and how many words there were then
    for at, word in enumerate(segmenter().lcut(text)):
        if word == "<":
            opened = at, len(words)
        elif word == ">":
            if opened is not None and at - opened[0] <= _LONGEST_TAG:
                del words[opened[1] :]
            opened = None
        elif word not in words and any(map(str.isalnum, word)):
            words.append(word)
    return words


CACHE = WordCache()
words = CACHE.words
