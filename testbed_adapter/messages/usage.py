"""argparse's own words, of Python 3.9 to 3.13: those that a parser of ours can show. The English is argparse's key."""

from __future__ import annotations

from . import Message

WORDS = (
    Message("usage: ", "用法: "),
    Message("positional arguments", "位置参数"),
    Message("optional arguments", "选项"),  # Python 3.9
    Message("options", "选项"),
    Message("%(heading)s:", "%(heading)s:"),
    Message("show this help message and exit", "显示本帮助并退出"),
    Message("show program's version number and exit", "显示版本号并退出"),
    Message("%(prog)s: error: %(message)s\n", "%(prog)s: 错误: %(message)s\n"),
    Message("argument ", "参数 "),
    Message("argument %(argument_name)s: %(message)s", "参数 %(argument_name)s: %(message)s"),
    Message("the following arguments are required: %s", "缺少必需的参数: %s"),
    Message("one of the arguments %s is required", "参数 %s 必须给出其一"),
    Message("not allowed with argument %s", "不能与参数 %s 同时使用"),
    Message("unrecognized arguments: %s", "无法识别的参数: %s"),
    Message("ambiguous option: %(option)s could match %(matches)s", "选项 %(option)s 有歧义，可能是 %(matches)s"),
    Message("unexpected option string: %s", "意外的选项: %s"),
    Message("ignored explicit argument %r", "该选项不接受值 %r"),
    Message("invalid choice: %(value)r (choose from %(choices)s)", "没有 %(value)r 这个选择（可选: %(choices)s）"),
    Message("unknown parser %(parser_name)r (choices: %(choices)s)", "没有命令 %(parser_name)r（可选: %(choices)s）"),
    Message("invalid %(type)s value: %(value)r", "%(value)r 不是有效的 %(type)s"),
    Message("expected one argument", "需要一个值"),
    Message("expected at most one argument", "至多一个值"),
    Message("expected at least one argument", "至少需要一个值"),
    Message("expected %s argument", "需要 %s 个值"),
    Message("expected %s arguments", "需要 %s 个值"),
)
