"""Whose the files under the testbed's models/ are, by their first bytes; ours are then read, pickles never."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import hook, model_files
from .finding import BAD, NOTE, OK, Finding

# The logs that the testbed's data service and its older collector keep.
LOGS = ("models/ctr_data.json", "src/search_engine/data/ctr_data.json")
GENERATE = "python -m testbed_adapter log --testbed"
_FOLDERS = ("", "models", "models/offline", "models/online")
_NAME = re.compile(r"ctr(_lr)?_model")
_BACKUP = re.compile(r"\.bak(\.\d+)?$")
_SEARCHED = 1_000_000

OURS, LR, PICKLE, TENSORFLOW, JSON, EMPTY, UNKNOWN = "ours", "lr", "pickle", "tensorflow", "json", "empty", "unknown"
_SPOKEN = {
    LR: ("逻辑回归的 pickle", "a pickle of the LR"),
    PICKLE: ("pickle", "a pickle"),
    TENSORFLOW: ("TensorFlow 模型", "a TensorFlow model"),
    JSON: ("模型信息（JSON）", "about a model"),
    EMPTY: ("空文件", "empty"),
    UNKNOWN: ("未知格式", "of unknown format"),
}


def candidates(testbed: Path) -> Iterator[Path]:
    """Files, and folders of TensorFlow's, that a model may be in."""
    for folder in _FOLDERS:
        place = testbed / folder
        if place.is_dir():
            yield from sorted(path for path in place.iterdir() if _NAME.search(path.name))


def kind_of(path: Path) -> str:
    """Whose it is, from its first bytes. OSError if it cannot be read."""
    if path.is_dir():
        return TENSORFLOW if (path / "saved_model.pb").exists() or (path / "keras_metadata.pb").exists() else UNKNOWN
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "no regular file 不是普通文件")  # a pipe would be waited for
    with open(path, "rb") as file:
        start = file.read(_SEARCHED)
    if not start:
        return EMPTY
    if model_files.is_ours(path):
        return OURS
    # Protocols 2 and later begin so; the names of the classes in a pickle are plain text.
    if start[0] == 0x80 and len(start) > 1 and 2 <= start[1] <= 5:
        return LR if b"LogisticRegression" in start else PICKLE
    if start.startswith(b"\x89HDF\r\n\x1a\n") or (start.startswith(b"PK\x03\x04") and path.suffix == ".keras"):
        return TENSORFLOW
    return JSON if start.lstrip()[:1] in (b"{", b"[") else UNKNOWN


def findings(testbed: Path, kinds: dict[Path, str], read: dict[str, Any], model: str) -> list[Finding]:
    """A line a file. `read` is what the library says of ours, by path; `model` stands in the slots."""
    found = [_of_file(path, path.relative_to(testbed), kind, read, model) for path, kind in kinds.items()]
    return found or [Finding(NOTE, "还没有模型文件：请先训练", "no model file yet: train one")]


def _of_file(path: Path, shown: Path, kind: str, read: dict[str, Any], model: str) -> Finding:
    if kind == OURS:
        return _ours(shown, read.get(str(path)), model)
    chinese, english = _SPOKEN.get(kind, (kind, kind))  # another one: why it cannot be read
    chinese = f"{shown}：{chinese}，{_size(path)}"
    if _BACKUP.search(path.name):
        return Finding(OK, f"{chinese}，备份", f"{english}, a backup")
    if kind in (JSON, UNKNOWN) or kind not in _SPOKEN:
        return Finding(OK if kind == JSON else NOTE, chinese, english)
    if path.name.startswith("ctr_lr_model"):
        return Finding(OK, f"{chinese}，独立脚本的结果", f"{english}, by the stand-alone script")
    return Finding(
        NOTE,
        f"{chinese}；未读取",
        f"{english}; not read",
        "重新训练即可，原文件自动备份为 .bak / train again; it is backed up as .bak",
    )


def _ours(shown: Path, told: Any, model: str) -> Finding:
    if told is None:
        return Finding(
            NOTE, f"{shown}：Wide & Deep（模型库不可用，未检查）", "ours; not checked, as the library cannot be used"
        )
    if "error" in told:
        todo = "删除它并重新训练 / delete it and train again"
        return Finding(BAD, f"{shown}：Wide & Deep，无法读取：{told['error']}", "ours, cannot be read", todo)
    if not told["trained"]:
        return Finding(NOTE, f"{shown}：Wide & Deep，未训练", "ours, never trained")
    facts = f"Wide & Deep，{told['rows']} 行训练，格式 format {told['format']}，版本 version {told['version']}"
    if model == hook.HOST_ITSELF and shown.name.endswith(".pkl"):
        return Finding(NOTE, f"{shown}：{facts}；逻辑回归读不了它，需重新训练", "the LR cannot read it: train again")
    return Finding(OK, f"{shown}：{facts}", "ours, trained")


def _size(path: Path) -> str:
    if path.is_dir():
        return "文件夹 folder"
    try:
        size = path.stat().st_size
    except OSError:  # a link to nowhere
        return "–"
    return f"{size} B" if size < 1024 else f"{size / 1024:.0f} KB"


def logs(testbed: Path, read: dict[str, Any]) -> list[Finding]:
    """A line a click log. `read` is what is in it, by path."""
    found = []
    for name in LOGS:
        path = testbed / name
        told = read.get(str(path))
        if not path.exists():
            continue
        if told is None:
            found.append(Finding(NOTE, f"{name}：模型库不可用，未检查", "not checked, as the library cannot be used"))
        elif "error" in told:
            error = told["error"].replace(f"{path}", "").strip(" ,:")
            found.append(
                Finding(BAD, f"{name}：无法读取：{error}", "cannot be read", "修复或删除它 / mend or delete it")
            )
        else:
            facts = f"{name}：{told['records']} 条记录，{told['clicks']} 次点击"
            english = f"{told['records']} records, {told['clicks']} clicks"
            if told["too_little"]:
                todo = f"{GENERATE} {testbed} --append" if name == LOGS[0] else ""
                found.append(
                    Finding(NOTE, f"{facts}；{told['too_little']}", f"{english}: too little to train on", todo)
                )
            else:
                found.append(Finding(OK, f"{facts}，可以训练", f"{english}: enough to train"))
    if not (testbed / LOGS[0]).exists():
        chinese = f"没有 {LOGS[0]}：请先在界面中搜索、点击，或生成一份"
        english = "no click log yet: search and click in the testbed, or have one generated"
        found.append(Finding(NOTE, chinese, english, f"{GENERATE} {testbed}"))
    return found
