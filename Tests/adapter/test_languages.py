"""The commands in both languages: their help, argparse's own words, and what they say is wrong."""

from __future__ import annotations

import argparse
import re

import pytest

from testbed_adapter.commands import cli
from testbed_adapter.commands.parser import Parser
from testbed_adapter.messages.terminal import width

HAN = re.compile(r"[\u4e00-\u9fff]")
COMMANDS = ("", *cli._COMMANDS)


def told(command: str, locale: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("LANG", locale)
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit) as done:
        cli.main([*([command] if command else []), "--help"])
    assert done.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    english = told(command, "en_US.UTF-8", monkeypatch, capsys)
    assert english.startswith("usage: ") and not HAN.search(english)
    chinese = told(command, "zh_CN.UTF-8", monkeypatch, capsys)
    assert chinese.startswith("用法: ") and "显示本帮助并退出" in chinese
    # The same options, and no sentence left in English.
    options = re.compile(r"^  (--?[a-z][\w-]*)", re.MULTILINE)
    assert options.findall(chinese) == options.findall(english)
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+ [a-z]+", re.sub(r"python -m testbed_adapter [^\n]*", "", chinese))
    assert max(map(width, chinese.splitlines())) <= max(100, *map(width, english.splitlines()))


@pytest.fixture
def parser() -> Parser:
    made = Parser(prog="prog")
    made.add_argument("--number", type=int, help="说明" * 40)
    made.add_argument("--one", choices=("a", "b"))
    made.add_argument("--flag", action="store_true")
    made.add_argument("--flat", nargs="+")
    made.add_argument("--pair", nargs=2)
    made.add_argument("place")
    either = made.add_mutually_exclusive_group(required=True)
    either.add_argument("--this", action="store_true")
    either.add_argument("--that", action="store_true")
    made.add_argument("--maybe", nargs="?")
    return made


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("--this", "缺少必需的参数: place"),
        ("p", "参数 --this --that 必须给出其一"),
        ("p --this --that", "参数 --that: 不能与参数 --this 同时使用"),
        ("p --this --number x", "参数 --number: 'x' 不是有效的 int"),
        ("p --this --number", "参数 --number: 需要一个值"),
        ("p --this --one c", "参数 --one: 没有 'c' 这个选择"),
        ("p --this --fla", "选项 --fla 有歧义，可能是 --flag, --flat"),
        ("p --this --flag=1", "参数 --flag: 该选项不接受值 '1'"),
        ("p --this --flat", "参数 --flat: 至少需要一个值"),
        ("p --this --pair 1", "参数 --pair: 需要 2 个值"),
        ("p q --this", "无法识别的参数: q"),
    ],
)
def test_misuse_in_chinese(
    given: str, says: str, parser: Parser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    with pytest.raises(SystemExit):
        parser.parse_args(given.split())
    said = capsys.readouterr().err
    assert f"prog: 错误: {says}" in said
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", said.partition("错误")[2])
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    with pytest.raises(SystemExit):
        parser.parse_args(given.split())
    assert not HAN.search(capsys.readouterr().err)


def test_argparse_is_as_before_for_others(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    before = argparse._, argparse.ngettext  # type: ignore[attr-defined]
    parser.format_help()
    with pytest.raises(SystemExit):
        parser.parse_args([])
    assert (argparse._, argparse.ngettext) == before  # type: ignore[attr-defined]
    assert argparse.ArgumentParser(prog="p").format_usage().startswith("usage: ")


def test_chinese_help_is_wrapped_by_its_width(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = parser.format_help().splitlines()
    assert sum("说明" in line for line in lines) > 3 and "".join(lines).count("说") == 40
    assert max(map(width, lines)) <= 60
