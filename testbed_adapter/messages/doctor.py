"""The command `doctor`."""

from __future__ import annotations

from . import Message

LOOKING = Message("looking", "检查中")
