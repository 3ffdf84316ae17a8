"""What numbers and paths must be, in files and on command lines."""

from __future__ import annotations

from . import Message

WHOLE = Message("a whole number in plain digits, as 12", "普通数字写的整数，如 12")
REAL = Message("a finite number in plain digits, as 12, 0.5 or 1e-05", "普通数字写的有限数值，如 12、0.5 或 1e-05")
NOT = Message("{value!r} is not {wanted}", "{value!r} 不是{wanted}")
NO_PATH = Message("{value!r} is no path", "{value!r} 不是路径")
NO_HOME = Message("{value}: there is no such user's home folder", "{value}: 没有这个用户的主目录")
NOT_BETWEEN = Message("{value} is not between {least} and {most}", "{value} 不在 {least} 与 {most} 之间")
TOO_SMALL = Message("{value} is not at least {least}", "{value} 小于 {least}")
NO_SECONDS = Message(
    "{value} is not more than 0 and at most 86400, a day", "{value} 应大于 0，且不超过 86400（一天的秒数）"
)
