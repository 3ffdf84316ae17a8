"""The testbed's impression features: their names, what standardises them, and the classifier over them."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from ..estimator.classifier import CTRClassifier, logit
from ..estimator.columns import CATEGORICAL, MULTI, NUMERIC, Column
from ..estimator.schema import Schema
from ..estimator.scikit_learn import checked_array
from ..messages import columns as words
from ..native.architectures import options_read

# The logistic regression's columns, in its order.
LR_FEATURE_NAMES = (
    *("position", "doc_length", "query_length", "summary_length", "match_score", "query_ctr", "doc_ctr"),
    *("position_decay", "query_words", "summary_words", "timestamp_checksum", "score"),
)
SCALED = len(LR_FEATURE_NAMES)
_QUERY_WORDS = tuple(f"query_word_{index}" for index in range(6))
_SUMMARY_WORDS = tuple(f"summary_word_{index}" for index in range(16))
# The columns of ctr_model_extract_features.
FEATURE_NAMES = (*LR_FEATURE_NAMES, "query_id", "doc_id", *_QUERY_WORDS, *_SUMMARY_WORDS)
# Where the ids stand among them.
QUERY, DOCUMENT = SCALED, SCALED + 1
QUERY_WORDS = range(DOCUMENT + 1, DOCUMENT + 1 + len(_QUERY_WORDS))
SUMMARY_WORDS = range(QUERY_WORDS.stop, len(FEATURE_NAMES))

# A checksum says nothing, and serving cannot know it. The click rates so far are of few records each: beside the ids
# they add more noise than they tell.
_LEFT_OUT = ("timestamp_checksum", "query_ctr", "doc_ctr")


class ImpressionClassifier(CTRClassifier):
    """A CTRClassifier that knows the 36 columns of `CTRModel.extract_features`.

    The parts share them out as in Wide & Deep's paper: the wide part memorises query, document and their cross, the
    deep part generalises from words and numbers, and both see the position. (With everything in both, the wide part
    learns it all first and leaves the deep part little but noise.) A model that is wide or deep alone gets all.
    `categorical_features` and `crosses` have no say then. On an X of any other width, and on one with column names, it
    is the plain classifier.

    `predict` answers "click" above the training's click rate, `threshold_`: clicks are rare and the probabilities
    calibrated, so hardly any passes 0.5. That is the decision of balanced class weights, which is how the testbed's
    logistic regression decides, without their cost to the probabilities.
    """

    # Of pickles from before there were other models.
    model, cross_layers = "wide_deep", None

    def _set_attributes(self, info: dict[str, Any]) -> None:
        super()._set_attributes(info)
        self.threshold_ = float(info["click_rate"])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The second label where its probability is above `threshold_`, shape (rows,)."""
        positive = self._positive(X)
        answer: npt.NDArray[Any] = self.classes_[(positive > self.threshold_).astype(np.int64)]
        return answer

    def decision_function(self, X: Any) -> npt.NDArray[np.float64]:
        """The logit of the second label's probability less that of `threshold_`, shape (rows,)."""
        return super().decision_function(X) - logit(self.threshold_)

    def _make_schema(self, names: list[str], columns: list[Column]) -> Schema:
        if len(names) != len(FEATURE_NAMES) or hasattr(self, "feature_names_in_"):
            return super()._make_schema(names, columns)
        return impression_schema(self.model)

    @classmethod
    def _schema_of(
        cls, options: dict[str, Any], features: list[dict[str, Any]], columns: Optional[dict[str, Any]]
    ) -> Schema:
        known = impression_schema(options["model"])
        if columns is not None or [one["name"] for one in features] != [one["name"] for one in known.features]:
            return super()._schema_of(options, features, columns)
        known.label, known.weight = options["label"], options.get("weight")
        return known

    def _set_schema_arguments(self) -> None:
        if len(self._schema.names) != len(FEATURE_NAMES):
            super()._set_schema_arguments()


def impression_schema(model: str = "wide_deep") -> Schema:
    """What the classifier makes of the 36 columns, which the library knows as x0 … x35."""
    read = options_read(model)
    is_wide, is_deep = "crosses" in read, "embedding_dim" in read
    crosses = [["query_id", "doc_id"]] if is_wide else []
    columns = {name: f"x{index}" for index, name in enumerate(FEATURE_NAMES)}

    def feature(name: str, kind: str, part: str, *names: str) -> dict[str, Any]:
        part = part if is_wide and is_deep else "both"
        return {"name": name, "kind": kind, "part": part, "columns": [columns[one] for one in names or (name,)]}

    numbers = [name for name in LR_FEATURE_NAMES if name not in ("position", *_LEFT_OUT)]

    return Schema(
        names=list(columns.values()),
        kinds=[NUMERIC] * len(columns),  # as they cross; the features say what they stand for
        features=[
            feature("position", NUMERIC, "both"),
            *(feature(name, NUMERIC, "deep") for name in numbers),
            feature("query_id", CATEGORICAL, "wide"),
            feature("doc_id", CATEGORICAL, "wide"),
            feature("query_terms", MULTI, "deep", *_QUERY_WORDS),
            feature("summary_terms", MULTI, "deep", *_SUMMARY_WORDS),
        ],
        crosses=crosses,
    )


class ImpressionScaler(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Standardises the logistic regression's 12 columns, as StandardScaler does, and leaves the 24 of ids alone.

    fit and transform take an X of shape (rows, 36), as `CTRModel.extract_features` returns it; ValueError otherwise.
    """

    def fit(self, X: Any, y: Any = None) -> ImpressionScaler:
        columns = self._checked(X)[:, :SCALED]
        with np.errstate(over="ignore", invalid="ignore"):
            scaler = StandardScaler().fit(columns)
        # scikit-learn takes a column of infinite variance for a constant one.
        for name, mean, variance in zip(LR_FEATURE_NAMES, scaler.mean_, scaler.var_):
            if not np.isfinite(mean) or not np.isfinite(variance):
                raise ValueError(words.TOO_LARGE_TO_SCALE.format(name=name))
        return self.with_moments(scaler.mean_, scaler.scale_)

    def with_moments(self, mean: npt.ArrayLike, scale: npt.ArrayLike) -> ImpressionScaler:
        self.mean_ = np.array(mean, dtype=np.float64)
        self.scale_ = np.array(scale, dtype=np.float64)
        self.n_features_in_ = len(FEATURE_NAMES)
        return self

    def transform(self, X: Any) -> npt.NDArray[np.float64]:
        check_is_fitted(self, "mean_")
        X = self._checked(X).copy()
        X[:, :SCALED] -= self.mean_
        X[:, :SCALED] /= self.scale_
        return X

    def inverse_transform(self, X: Any) -> npt.NDArray[np.float64]:
        check_is_fitted(self, "mean_")
        X = self._checked(X).copy()
        X[:, :SCALED] *= self.scale_
        X[:, :SCALED] += self.mean_
        return X

    @staticmethod
    def _checked(X: Any) -> npt.NDArray[np.float64]:
        array = np.asarray(checked_array(X, "ImpressionScaler"), dtype=np.float64)
        if array.shape[1] != len(FEATURE_NAMES):
            raise ValueError(
                words.NOT_IMPRESSIONS.format(columns=len(FEATURE_NAMES), scaled=SCALED, found=array.shape[1])
            )
        return array
