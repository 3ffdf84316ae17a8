"""host.script_model, under the name by which pickles of earlier versions ask for it."""

from __future__ import annotations

from .host.script_model import WideDeepWithCoefficients

__all__ = ["WideDeepWithCoefficients"]
