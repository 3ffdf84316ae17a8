"""What a choice is, and how it is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

# Changes of the estimator that are none of its arguments: see `fitting`.
NO_BIN_EMBEDDINGS, BOTH_PARTS = "no bin embeddings", "both parts"


class PatchError(ValueError):
    """A patch does not fit the sources; the message names it."""


@dataclass(frozen=True)
class Patch:
    """In `file` of the checkout `old`, which has to stand there exactly once, becomes `new`."""

    file: str
    old: str
    new: str

    def applied(self, root: Path) -> str:
        """The file's text with the patch."""
        path = root / self.file
        if not path.is_file():
            raise PatchError(f"there is no {self.file} to patch")
        text = path.read_text(encoding="utf-8")
        if (count := text.count(self.old)) != 1:
            raise PatchError(f"{self.file} has {count} times, not once, what is to be patched: {self.old!r}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Setting:
    """A way to train: arguments over the defaults, a change that is no argument, and the library by its choice's key
    ("" is the checkout's own)."""

    options: Mapping[str, Any] = field(default_factory=dict)
    change: str = ""
    library: str = ""


@dataclass(frozen=True)
class Choice:
    """options, change, patch: what takes it back (one of the three). base: the arguments of the model that it is
    compared with, and that it has itself too. for_click_logs: whether it makes sense of the slot's classifier, which is
    one model with a given cross."""

    key: str
    name: str
    taken_back: str
    options: Mapping[str, Any] = field(default_factory=dict)
    change: str = ""
    patch: Optional[Patch] = None
    base: Mapping[str, Any] = field(default_factory=dict)
    for_click_logs: bool = True

    @property
    def base_key(self) -> str:
        """What the results call the model that it is compared with."""
        return " ".join(["default", *(f"{name}={value}" for name, value in self.base.items())])

    @property
    def base_setting(self) -> Setting:
        return Setting(self.base)

    @property
    def setting(self) -> Setting:
        return Setting({**self.base, **self.options}, self.change, self.key if self.patch else "")
