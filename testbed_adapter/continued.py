"""host.incremental, under the name by which pickles of earlier versions ask for it."""

from __future__ import annotations

from .host.incremental import KnownLog

__all__ = ["KnownLog"]
