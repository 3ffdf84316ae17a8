"""jieba's default tokenizer, and a mark that is another one after each change of what it segments by.

Words that were cut once are kept (words.py), and would be wrong after `add_word`, `del_word`, `suggest_freq`,
`load_userdict`, `set_dictionary`, or a write to `FREQ`. No figure of the dictionary tells of all of these: `del_word`
leaves total and size as they were. So the tokenizer, its frequencies and the words that it always splits note each
write.
"""

from __future__ import annotations

import logging
from typing import Any, Optional

mark: Optional[object] = None  # None until `segmenter` was called
_segmenter: Optional[Any] = None


def segmenter() -> Any:
    """jieba's default tokenizer, its dictionary loaded, its messages about that silenced."""
    global _segmenter
    if _segmenter is None:
        import jieba
        from jieba import finalseg

        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()
        if not isinstance(jieba.dt, _Noted):
            jieba.dt.__class__ = _noted(type(jieba.dt))
            jieba.dt.initialized = True
            finalseg.Force_Split_Words = _ForceSplit(finalseg.Force_Split_Words)
        _segmenter = jieba.dt
    _segmenter.check_initialized()  # `set_dictionary` leaves that to the next use
    return _segmenter


def _changed() -> None:
    global mark
    mark = object()


class _Noted:
    """What a tokenizer whose changes are noted is one of."""


def _noted(kind: Any) -> Any:
    def __setattr__(self: Any, name: str, value: Any) -> None:
        write = super(noted, self).__setattr__
        write(name, value)
        # While jieba loads a dictionary it has a plain dict, which it writes to its cache file.
        if name in ("FREQ", "initialized") and self.initialized and type(self.FREQ) is dict:
            write("FREQ", _Frequencies(self.FREQ))
        _changed()

    noted: Any = type(kind.__name__, (_Noted, kind), {"__setattr__": __setattr__, "__module__": kind.__module__})
    return noted


def _noting(kind: Any, *methods: str) -> Any:
    """A dict or set whose methods that write note it."""

    def wrapped(name: str) -> Any:
        write = getattr(kind, name)

        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            try:
                return write(self, *arguments, **named)
            finally:  # an update that fails has written its first entries
                _changed()

        return method

    return type(kind.__name__, (kind,), {name: wrapped(name) for name in methods})


_REMOVE = ("pop", "clear", "__ior__")
_Frequencies = _noting(dict, *_REMOVE, "__setitem__", "__delitem__", "update", "setdefault", "popitem")
_SETS = ("update", "difference_update", "intersection_update", "symmetric_difference_update")
_ForceSplit = _noting(set, *_REMOVE, *_SETS, "add", "discard", "remove", "__iand__", "__isub__", "__ixor__")
