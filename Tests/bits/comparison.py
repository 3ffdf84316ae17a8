"""What two libraries' digests of a case say: nothing differs, or what does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Names of one kind that are named one by one.
_NAMED = 3


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Between a case's answers of the earlier library and of this one, which are compared among themselves first."""
    failed = [
        f"{side} fails: {answer['failure']}"
        for side, answer in (("before", before), ("now", now))
        if "failure" in answer
    ]
    if failed:
        return failed
    (first, alone), *others = now["digests"].items()
    told = [
        f"on {threads} threads, not on {first}: {_named(differ)}"
        for threads, other in others
        if (differ := _differing(alone, other))
    ]
    (earlier,) = before["digests"].values()
    if differ := _differing(earlier, alone):
        told.append(_named(differ))
    # What training alone answers is in no file.
    if differ := _differing({name: value for name, value in earlier.items() if name in now["earlier"]}, now["earlier"]):
        told.append(f"read from the earlier file: {_named(differ)}")
    return told


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]


def _named(names: list[str]) -> str:
    tensors = [name for name in names if name.startswith("tensor ")]
    rest = [name for name in names if name not in tensors]
    shown = ", ".join(name.removeprefix("tensor ") for name in tensors[:_NAMED])
    more = f" and {len(tensors) - _NAMED} more" if len(tensors) > _NAMED else ""
    return ", ".join([*rest, *([f"tensors {shown}{more}"] if tensors else [])])
