"""jieba's default tokenizer, and a mark that is another one after each change of what it segments by.

Words that were cut once are kept (words.py), and would be wrong after `add_word`, `del_word`, `suggest_freq`,
`load_userdict`, `set_dictionary`, or a write to `FREQ`. No figure of the dictionary tells of all of these: `del_word`
leaves total and size as they were. So the tokenizer, its frequencies and the words that it always splits track each
write.
"""

from __future__ import annotations

import logging
import os
import tempfile
from typing import Any, Optional

from ..messages import packages as messages
from ..messages import reason, said
from ..messages.packages import reinstall
from ..native.errors import DictionaryError

mark: Optional[object] = None  # None until `segmenter` was called
_segmenter: Optional[Any] = None


def segmenter() -> Any:
    """jieba's default tokenizer, its dictionary loaded, its messages about that silenced."""
    global _segmenter
    if _segmenter is None:
        import jieba
        from jieba import finalseg

        jieba.setLogLevel(logging.WARNING)
        jieba.default_logger.addFilter(_told_in_a_line)
        _loaded(jieba.dt)
        if not isinstance(jieba.dt, _Tracked):
            jieba.dt.__class__ = _tracked(type(jieba.dt))
            jieba.dt.initialized = True
            finalseg.Force_Split_Words = _ForceSplit(finalseg.Force_Split_Words)
        _segmenter = jieba.dt
    _loaded(_segmenter)  # `set_dictionary` leaves that to the next use
    return _segmenter


def _loaded(tokenizer: Any) -> None:
    """DictionaryError where it cannot be."""
    try:
        tokenizer.check_initialized()
    except (OSError, ValueError) as error:  # no such file, say; a line of it that is no entry
        import jieba

        own = tokenizer.dictionary
        path = own or os.path.join(os.path.dirname(jieba.__file__), jieba.DEFAULT_DICT_NAME)
        why = reason(error) if isinstance(error, OSError) else said(error)
        command = messages.OWN_DICTIONARY if own else reinstall("jieba")
        raise DictionaryError(messages.NO_DICTIONARY.format(path=path, error=why, command=command)) from error


def _told_in_a_line(record: logging.LogRecord) -> bool:
    """Of a cache that cannot be written jieba logs the traceback, and goes on."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, OSError):
        import jieba

        folder = jieba.dt.tmp_dir or tempfile.gettempdir()
        record.msg, record.args = str(messages.NO_CACHE.format(path=folder, error=reason(error))), ()
        record.exc_info = record.exc_text = None
    return True


def _changed() -> None:
    global mark
    mark = object()


class _Tracked:
    """What a tokenizer whose changes are tracked is one of."""


def _tracked(kind: Any) -> Any:
    def __setattr__(self: Any, name: str, value: Any) -> None:
        write = super(tracked, self).__setattr__
        write(name, value)
        # While jieba loads a dictionary it has a plain dict, which it writes to its cache file.
        if name in ("FREQ", "initialized") and self.initialized and type(self.FREQ) is dict:
            write("FREQ", _Frequencies(self.FREQ))
        _changed()

    tracked: Any = type(kind.__name__, (_Tracked, kind), {"__setattr__": __setattr__, "__module__": kind.__module__})
    return tracked


def _tracking(kind: Any, *methods: str) -> Any:
    """A dict or set whose methods that write are tracked."""

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
_Frequencies = _tracking(dict, *_REMOVE, "__setitem__", "__delitem__", "update", "setdefault", "popitem")
_SETS = ("update", "difference_update", "intersection_update", "symmetric_difference_update")
_ForceSplit = _tracking(set, *_REMOVE, *_SETS, "add", "discard", "remove", "__iand__", "__isub__", "__ixor__")
