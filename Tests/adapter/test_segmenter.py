"""Words that were cut once are cut anew after any change of what jieba segments by."""

from __future__ import annotations

import json
import threading
from typing import Any

from testbed_adapter.host import segmenter as segmenter_room
from testbed_adapter.host import words as words_room

WAYS = {
    "add_word": "jieba.add_word(TEXT)",
    "a name that was taken before": "add_word(TEXT)",
    "del_word": "jieba.del_word('盖浇饭'); jieba.del_word('鱼香肉丝')",
    "suggest_freq": "jieba.suggest_freq(('鱼香', '肉丝'), True); jieba.suggest_freq(('盖', '浇饭'), True)",
    "load_userdict": "jieba.load_userdict(io.BytesIO(f'{TEXT} 9 n'.encode()))",
    "set_dictionary": "jieba.set_dictionary(DICTIONARY)",
    "initialize": "jieba.initialize(DICTIONARY)",
    "a write": "jieba.dt.FREQ['香肉'] = 10**9",
    "a removal": "del jieba.dt.FREQ['盖']; jieba.dt.FREQ.pop('鱼香肉丝')",
    "an update": "jieba.dt.FREQ |= {TEXT[:end]: 10 ** (end // 2) for end in range(1, 10)}",
    "other frequencies": "jieba.dt.FREQ = {'鱼香': 9, '鱼': 9}",
    "what is always split": "jieba.finalseg.add_force_split('盖浇饭')",
}
CODE = """
import io, json, sys, jieba, jieba.finalseg
from jieba import add_word
from testbed_adapter.host.words import words
TEXT, DICTIONARY = '鱼香肉丝盖浇饭套餐', 'dictionary.txt'
open(DICTIONARY, 'w', encoding='utf-8').write('鱼香 60101967 n\\n')  # the total of the default dictionary
def cut():
    found = words(TEXT)
    return [found.text[start:end].decode() for start, end in zip([0, *found.word_ends], found.word_ends)]
before, plain, said = cut(), dict(jieba.dt.FREQ), {}
for way, code in json.loads(sys.argv[1]).items():
    # The word is out of the dictionary where only what is always split can change its cut.
    jieba.dt.FREQ, jieba.dt.total, jieba.dt.initialized = dict(plain), 60101967, True
    if 'force' in code:
        jieba.dt.FREQ['盖浇饭'] = 0
    jieba.dt.dictionary = None
    jieba.finalseg.Force_Split_Words.clear()
    first = cut()
    assert first == jieba.lcut(TEXT)
    exec(code)
    said[way] = cut() == jieba.lcut(TEXT) != first, first, cut()
print(json.dumps(said))
"""


def test_each_change_of_the_dictionary_is_seen(fresh: Any) -> None:
    said = json.loads(fresh(CODE, json.dumps(WAYS)))
    assert list(said) == list(WAYS) and all(right for right, *_ in said.values()), said


def test_jieba_keeps_a_dictionary_that_it_has_loaded(fresh: Any) -> None:
    """In its cache file, which it writes with marshal: plain dicts alone."""
    said = fresh(
        "import jieba, os; from testbed_adapter.host.words import words; words('词')\n"
        "open('d.txt', 'w', encoding='utf-8').write('鱼香 60 n\\n'); jieba.dt.tmp_dir = '.'\n"
        "jieba.set_dictionary('d.txt'); words('鱼香肉丝')\n"
        "print(sorted(os.listdir()))"
    )
    assert "jieba.u" in said and "d.txt" in said


def test_what_was_cut_during_a_change_is_not_kept(monkeypatch: Any) -> None:
    """Jieba writes a word, the total and the word's beginnings one after the other."""
    cache = words_room.WordCache()
    segment, begun, changed = words_room.segment, threading.Event(), threading.Event()

    def slow(text: str) -> words_room.Words:
        begun.set()
        assert changed.wait(10)
        return segment(text)

    monkeypatch.setattr(words_room, "segment", slow)
    thread = threading.Thread(target=cache.words, args=("半途",))
    thread.start()
    assert begun.wait(10)
    total = segmenter_room.segmenter().total
    segmenter_room.segmenter().total = total  # a write, as `add_word` does it
    changed.set()
    thread.join()
    assert len(cache) == 0
    cache.words("半途")
    assert len(cache) == 1 and cache.words("半途") is cache.words("半途")


def test_noting_costs_a_look_up_nothing() -> None:
    """The dictionary's own look-ups are dict's, which jieba's cut lives by."""
    frequencies = segmenter_room.segmenter().FREQ
    for name in ("__getitem__", "__contains__", "get"):
        assert getattr(type(frequencies), name) is getattr(dict, name)
    assert type(segmenter_room.segmenter()).__name__ == "Tokenizer"
