"""The scikit-learn estimators, and what they are made of."""

from .classifier import CTRClassifier
from .wide_deep import WideDeepClassifier  # as pickles name it, too

__all__ = ["CTRClassifier", "WideDeepClassifier"]
