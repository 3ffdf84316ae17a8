"""Python packages that are missing or half installed, and how to have them."""

from __future__ import annotations

import sys

from . import Message

MISSING = Message("{python} has no {package}: {command}", "{python} 缺少 {package}: {command}")
SET_UP = Message("{set_up}, then {command}", "先运行 {set_up}，再运行 {command}")
BROKEN = Message(
    "{python} cannot import {package} ({error}): {command}", "{python} 无法导入 {package}（{error}）: {command}"
)
NO_DICTIONARY = Message(
    "jieba's dictionary {path} cannot be read ({error}), so no text can be cut into words: {command}",
    "jieba 的词典 {path} 无法读取（{error}），无法分词: {command}",
)
OWN_DICTIONARY = Message("correct the path given to jieba.set_dictionary", "请改正 jieba.set_dictionary 所给的路径")
NO_CACHE = Message(
    "jieba cannot keep its dictionary in {path} ({error}): each start takes a second longer; set TMPDIR to a folder "
    "that can be written to",
    "jieba 无法把词典缓存写到 {path}（{error}）: 每次启动会多花一秒；请把 TMPDIR 设为可写的文件夹",
)


def reinstall(package: str) -> str:
    return f"{sys.executable} -m pip install --force-reinstall {package}"
