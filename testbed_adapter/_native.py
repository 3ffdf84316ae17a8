"""native.model, under the name by which pickles of earlier versions ask for it."""

from __future__ import annotations

from .native.model import NativeModel

__all__ = ["NativeModel"]
