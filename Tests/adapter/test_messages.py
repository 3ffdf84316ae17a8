"""What the package says, in both languages: whole, alike, and the reader's."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest

from testbed_adapter import messages
from testbed_adapter.messages import Message, chinese, joined, language, reason, said, spoken

HAN = re.compile(r"[\u4e00-\u9fff]")

# What is called the same in both languages.
NAMES = re.compile(r"testbed_adapter|CTR_MODEL|AUC|F1|Wide & Deep")


def constants() -> Iterator[tuple[str, Message]]:
    for found in pkgutil.iter_modules(messages.__path__):
        module = importlib.import_module(f"{messages.__name__}.{found.name}")
        for name, value in vars(module).items():
            for place, one in enumerate(members(value)):
                yield f"{found.name}.{name}[{place}]", one


def members(value: Any) -> Iterator[Message]:
    if isinstance(value, Message):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from members(one)
    elif isinstance(value, dict):
        yield from members(list(value.values()))


def places(text: str) -> list[str]:
    """The values that a text names, as str.format and % have them."""
    # argparse's and the switch file's texts are for %, and a text of str.format may hold argparse's %(default)s.
    percent = re.findall(r"%\(\w+\)\w|%[sr]", text)
    return sorted(percent + [name for _, name, _, _ in string.Formatter().parse(text) if name is not None])


def test_every_message_is_whole_in_both_languages() -> None:
    found = dict(constants())
    assert len(found) > 200
    for name, message in found.items():
        assert message.en and message.zh, name
        assert places(message.en) == places(message.zh), name
        words = re.sub(r"\{[^}]*\}|%\(\w+\)\w|%[sr]", "", message.en)
        if re.search("[a-zA-Z]", NAMES.sub("", words)):
            assert HAN.search(message.zh), f"{name} has no Chinese: {message.zh}"


def test_no_english_message_holds_chinese() -> None:
    for name, message in constants():
        assert not HAN.search(message.en), f"{name}: {message.en}"
        assert not re.search(r"[，。；：（）、]", message.en), f"{name} has Chinese punctuation: {message.en}"


@pytest.mark.parametrize(
    ("environment", "spoken_there"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_locale_chooses(environment: dict[str, str], spoken_there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken_there and str(Message("en", "zh")) == spoken_there


COUNT = Message("{count:,} {thing}", "{thing}：{count:,}")
APPLE = Message("apples", "苹果")


def test_values_are_in_the_same_language() -> None:
    error = ValueError(APPLE)
    assert COUNT.format(count=1000, thing=APPLE) == Message("1,000 apples", "苹果：1,000")
    assert COUNT.format(count=1, thing=error) == Message("1 apples", "苹果：1")
    assert COUNT.format(count=1, thing="{count}") == Message("1 {count}", "{count}：1")  # a value is no template
    assert joined([APPLE, "b"]) == Message("apples, b", "苹果, b")
    with pytest.raises(KeyError):
        COUNT.format(count=1)


def test_an_exception_says_both() -> None:
    for error in (ValueError(APPLE), OSError(2, APPLE, "path"), ImportError(APPLE, name="x"), MemoryError(APPLE)):
        assert "apples" in str(error) and "苹果" not in str(error)
        for same in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
            assert "apples" in said(same).en and "苹果" in chinese(same) and type(same) is type(error)
        assert "苹果" in spoken("zh", lambda: str(error))  # noqa: B023
    assert reason(OSError(2, APPLE, "path")) == APPLE
    assert reason(FileNotFoundError(2, "No such file", "path")).zh == "No such file"
    assert chinese(KeyError("others'")) == '"others\'"' and chinese(MemoryError()) == "MemoryError"


def test_a_language_is_spoken_in_one_call_alone() -> None:
    with pytest.raises(ZeroDivisionError):
        spoken("zh", lambda: 1 // 0)
    assert language() == "en"
