"""host.ctr_model, under the name by which pickles of earlier versions ask for it."""

from __future__ import annotations

from .host.ctr_model import FEATURE_NAMES, CTRModel, ImpressionClassifier, ImpressionScaler, WideAndDeepCTRModel

__all__ = ["FEATURE_NAMES", "CTRModel", "ImpressionClassifier", "ImpressionScaler", "WideAndDeepCTRModel"]
