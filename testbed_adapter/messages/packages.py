"""Python packages that are missing, and how to have them."""

from __future__ import annotations

from . import Message

MISSING = Message("{python} has no {package}: {command}", "{python} 缺少 {package}: {command}")
SET_UP = Message("{set_up}, then {command}", "先运行 {set_up}，再运行 {command}")
