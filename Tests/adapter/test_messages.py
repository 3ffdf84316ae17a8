"""What the package says, in both languages: whole, alike, and the reader's."""

from __future__ import annotations

import ast
import copy
import importlib
import pickle
import pkgutil
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter import messages
from testbed_adapter.host.ctr_model import CTRModel
from testbed_adapter.messages import Message, chinese, joined, language, reason, said, spoken
from testbed_adapter.native.errors import RecordError

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


# --- one place for them ---

PACKAGE = Path(messages.__file__).resolve().parents[1]
# Chinese that is no message of ours, and why it stands where it does.
CHINESE = {
    "messages": "the place",
    "lab/report": "its messages stand side by side in the page",
    "lab/clicklog/vocabulary.py": "the words of the generated documents",
    "host/ctr_model.py": "said to the testbed, whose words are Chinese",
    "host/evaluation.py": "said to the testbed",
    "switch/methods.py": "said to the testbed, and the names of its features",
    "switch/script.py": "the testbed's own words, and what stands for them",
    "switch/slots.py": "names in the testbed's page",
    "commands/page.py": "the title that the testbed's page has",
    "lab/compare/scoring.py": "what the testbed's models print where they fail",
}
# English for programmers: what Python asks of an object, what its importers take for "not mine", what cannot be.
ENGLISH = {
    "__init__.py": "AttributeError",
    "estimator/__init__.py": "AttributeError",
    "host/ctr_model.py": "AttributeError",
    "switch/hook.py": "ImportError",
    "switch/script.py": "ImportError",
    "host/model_files.py": "AssertionError",
    "commands/doctor/probe.py": "LookupError",
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_chinese_stands_in_messages() -> None:
    found = set()
    for name, tree in sources():
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        docs = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and has_doc(node)}
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        strange = [node for node in texts if HAN.search(node.value) and id(node) not in docs]
        place = next((one for one in CHINESE if f"{name}/".startswith(f"{one}/")), "")
        found.add(place if strange else "")
        lines = [(node.lineno, node.value) for node in strange]
        assert place in CHINESE or not lines, f"{name}: {lines} belongs into messages/"
    assert set(CHINESE) <= found, f"{set(CHINESE) - found} holds none any more: take it from the list"


def has_doc(node: Any) -> bool:
    return bool(node.body) and isinstance(node.body[0], ast.Expr)


def test_what_is_raised_is_a_message() -> None:
    """A plain text would be in one language."""
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                is_text = isinstance(node.exc.args[0], (ast.Constant, ast.JoinedStr))
                kind = ast.unparse(node.exc.func)
                said_in_chinese = name in CHINESE and HAN.search(ast.unparse(node))
                assert not is_text or said_in_chinese or kind == ENGLISH.get(name), (
                    f"{name}, line {node.lineno}: {ast.unparse(node)}"
                )


# --- what the testbed is told ---


def test_the_testbed_is_told_in_chinese_whatever_the_locale(
    workdir: Path, capsys: pytest.CaptureFixture[str], trained: Any
) -> None:
    assert language() == "en"
    trained.save_model("model")
    Path("cut").write_bytes(Path("model").read_bytes()[:-100])
    capsys.readouterr()
    assert not trained.load_model("cut")
    assert "不是可用的模型文件" in capsys.readouterr().out  # the core's own words, which are English, come after that
    assert trained.predict_ctr(None, "d", 1, 0.5, "s") == 0.5
    assert "文本应为 str，实际是 NoneType" in capsys.readouterr().out
    record = {"query": "q", "doc_id": "d", "position": 1, "score": 0.5, "summary": "s", "timestamp": "1"}
    assert (
        CTRModel().train([{**record, "clicked": 2}])["error"].startswith("训练失败: 第 1 条记录的字段 'clicked' 应为")
    )
    with pytest.raises(RecordError, match="第 1 条记录缺少字段"):
        CTRModel().extract_features([record])
