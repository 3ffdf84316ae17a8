"""host.impressions, under the name by which pickles of earlier versions ask for it."""

from __future__ import annotations

from .host.impressions import ImpressionClassifier, ImpressionScaler

__all__ = ["ImpressionClassifier", "ImpressionScaler"]
