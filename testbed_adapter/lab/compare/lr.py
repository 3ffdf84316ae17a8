"""The logistic regression to compare with: the testbed's own, or the same model over the same 12 columns."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Callable

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from ...host.evaluation import split
from ...messages import compare as words

Array = npt.NDArray[Any]
Impression = tuple[str, str, int, float, str]  # as `predict_ctr` takes it
COLUMNS = 12

_HOST_PACKAGE = "_testbed_lr"  # not the host's own name: the import hook, should it be on, does not know it


class TestbedError(ValueError):
    """The given folder is no checkout of the testbed, or its model cannot be imported."""

    __test__ = False  # pytest: this is no test class


def folder_of(testbed: Path) -> Path:
    """Where the LR's file lies in a checkout."""
    folder = testbed / "src" / "search_engine" / "training_tab"
    if not (folder / "ctr_model.py").is_file():
        raise TestbedError(words.NO_CHECKOUT.format(testbed=testbed, file=folder / "ctr_model.py"))
    return folder


def host_model(testbed: Path) -> Any:
    """The testbed's CTRModel class. Its file is imported by itself: the package around it would bring in the whole user
    interface, and the hook would put another model under its name."""
    package = types.ModuleType(_HOST_PACKAGE)
    package.__path__ = [str(folder_of(testbed))]
    for name in [name for name in sys.modules if name.split(".")[0] == _HOST_PACKAGE]:
        del sys.modules[name]
    sys.modules[_HOST_PACKAGE] = package
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # the checkout is only read
    try:
        return importlib.import_module(_HOST_PACKAGE + ".ctr_model").CTRModel
    except ImportError as error:
        raise TestbedError(words.LR_MISSES.format(error=error)) from error
    except Exception as error:  # whatever a file that is not ours does
        raise TestbedError(words.LR_FAILS.format(error=f"{type(error).__name__}: {error}")) from error
    finally:
        sys.dont_write_bytecode = before


class ColumnsLR:
    """The testbed's LR where no checkout is at hand: its columns, split, settings and way to predict. Only the columns
    are computed by our library, so its training time is not the testbed's."""

    def __init__(self, columns_of: Any) -> None:
        self._columns_of = columns_of
        self.model: Any = None
        self.scaler: Any = None

    def extract_features(self, records: Sequence[dict[str, Any]]) -> tuple[Array, Array]:
        features, labels = self._columns_of(records)
        return features[:, :COLUMNS], labels

    def train(self, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
        features, labels = self.extract_features(records)
        self.scaler = StandardScaler()
        scaled = self.scaler.fit_transform(features)
        train, _ = split(labels)
        self.model = LogisticRegression(
            random_state=42, max_iter=1000, C=10.0, class_weight="balanced", solver="liblinear"
        )
        self.model.fit(scaled[train], labels[train])
        return {"success": True}

    def predict_ctr(self, query: str, doc_id: str, position: int, score: float, summary: str) -> float:
        """Step by step as the testbed does it, which is what its time is made of."""
        import jieba

        row = serving_columns((query, doc_id, position, score, summary), jieba.lcut, lambda text: set(jieba.lcut(text)))
        return float(self.model.predict_proba(self.scaler.transform(np.array([row])))[0, 1])


def serving_columns(
    impression: Impression, words: Callable[[str], Sequence[str]], distinct: Callable[[str], AbstractSet[str]]
) -> list[float]:
    """The testbed's 12 columns as its LR fills them at prediction: no click history, no time. A text's words are asked
    for as often as the testbed does."""
    query, _, position, score, summary = impression
    query_words, summary_words = distinct(query), distinct(summary)
    match = len(query_words & summary_words) / len(query_words) if query_words else 0
    return [
        position, len(summary), len(query), len(summary), match, 0.1, 0.1, 1.0 / (position + 1),
        len(words(query)), len(words(summary)), 0, score,
    ]  # fmt: skip
