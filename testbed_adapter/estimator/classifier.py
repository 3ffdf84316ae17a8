"""CTRClassifier: the Swift library's models as a scikit-learn estimator."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Sequence
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_consistent_length
from sklearn.utils.validation import check_is_fitted

from ..messages import training as words
from ..messages.library import DIVERGED
from ..native.architectures import title
from ..native.errors import about
from ..native.locks import TrainingLock, training_lock
from ..native.model import FilePath, NativeModel
from . import arguments, explanation, frames, json_values, labels, persistence
from .columns import Column
from .documentation import documented
from .explanation import Explanation
from .progress import ProgressBar
from .schema import Schema, plain_schema, schema_of
from .scikit_learn import check_features, checked_weights

_PARTS = {"wide": "Wide", "deep": "Deep"}


@documented
class CTRClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A click model for two classes, from mixed columns: numbers, categories, lists of categories."""

    _native: NativeModel
    _schema: Schema
    _lock: TrainingLock
    classes_: npt.NDArray[Any]

    def __init__(
        self,
        *,
        model: str = "wide_deep",
        categorical_features: Any = "auto",
        crosses: Any = "auto",
        embedding_dim: Optional[int] = None,
        hidden_units: Sequence[int] = (128, 64, 32),
        cross_layers: Optional[int] = None,
        dropout: Optional[float] = None,
        wide_optimizer: Optional[str] = None,
        deep_optimizer: Optional[str] = None,
        wide_learning_rate: Optional[float] = None,
        deep_learning_rate: Optional[float] = None,
        l1: Optional[float] = None,
        l2: Optional[float] = None,
        batch_size: Optional[int] = None,
        epochs: Optional[int] = None,
        early_stopping: bool = True,
        patience: Optional[int] = None,
        refit: bool = True,
        validation_fraction: Optional[float] = None,
        min_count: Optional[int] = None,
        numeric_bins: Optional[int] = None,
        members: Optional[int] = None,
        class_weight: Any = None,
        warm_start: bool = False,
        n_jobs: Optional[int] = None,
        random_state: Any = None,
        verbose: Any = "auto",
        part: str = "wide_deep",
    ) -> None:
        # Each under its own name, as scikit-learn has it.
        self.__dict__.update({name: value for name, value in locals().items() if name != "self"})

    # --- training ---

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> CTRClassifier:
        """Trains on X of shape (rows, columns) (array, DataFrame, Arrow table or list of lists) and y of two labels.

        sample_weight: one number ≥ 0 a row; a row of weight 0 is as if it were not there. ValueError or TypeError for
        data that cannot be used; then, and after Ctrl-C, the estimator is as it was before.
        """
        return self._fit(X, y, sample_weight, continues=self.warm_start)

    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None, replayed: Any = None
    ) -> CTRClassifier:
        """Trains further from the present weights; new categories join the vocabularies. The first call is a fit, and
        has to have rows of both classes; `classes`, as other estimators want it, may be given.

        replayed: a mask of the rows that were trained on before. Among new rows they keep what they taught from being
        forgotten: they are visited once an epoch, new rows more often, and are not counted again.

        A failure changes nothing. What a signal's handler raises when the training can no longer be stopped is raised
        after it: the classifier is then wholly that of after."""
        return self._fit(X, y, sample_weight, classes, replayed, continues=True)

    def train_further(self, X: Any, y: Any, replayed: Any, options: dict[str, Any]) -> None:
        """partial_fit on a fitted classifier, with other `options` of the library's for this once."""
        check_is_fitted(self, "_native")
        self._fit(X, y, replayed=replayed, continues=True, once=options)

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        classes: Any = None,
        replayed: Any = None,
        *,
        continues: bool,
        once: Optional[dict[str, Any]] = None,
    ) -> CTRClassifier:
        with training_lock(self):
            arguments.check(self)
            # On a copy, which replaces this at the end: a failure changes nothing, and other threads may be predicting.
            fitted = copy.copy(self)
            continues = continues and hasattr(self, "_native")
            late, divergence = fitted._fit_this(X, y, sample_weight, classes, replayed, continues, once or {})
            if late is None or continues:
                for name in set(vars(self)) - set(vars(fitted)) - {"_lock"}:
                    del self.__dict__[name]
                self.__dict__.update(vars(fitted))
        if late is not None:
            raise late
        if divergence is not None:
            warnings.warn(ConvergenceWarning(DIVERGED.format(core=divergence)), stacklevel=3)
        return self

    def _fit_this(
        self, X: Any, y: Any, sample_weight: Any, classes: Any, replayed: Any, continues: bool, once: dict[str, Any]
    ) -> tuple[Optional[BaseException], Optional[str]]:
        """Returns what a signal's handler raised when the training could no longer be stopped, and what the library
        says of a loss that grew."""
        columns = self._read(X, reset=not continues)
        target = labels.checked_target(y)
        check_consistent_length(columns[0], target)
        weights = checked_weights(sample_weight, np.zeros((len(target), 1)))
        if replayed is not None:
            replayed = labels.checked_mask(replayed, "replayed")
            check_consistent_length(target, replayed)
        if (weights == 0).any():
            rows = np.flatnonzero(weights)
            if not len(rows):
                raise ValueError(words.ALL_ZERO)
            columns, target, weights = [column.take(rows) for column in columns], target[rows], weights[rows]
            replayed = None if replayed is None else replayed[rows]
        if continues:
            native = self._native
            if classes is not None and set(np.unique(classes)) != set(self.classes_):
                raise ValueError(words.OTHER_CLASSES.format(classes=classes, fitted=self.classes_.tolist()))
            self._schema = self._schema.extended(columns)
        else:
            self.classes_ = labels.two_classes(target, classes)
            json_values.to_json(self.classes_)  # refuses labels that no file could keep
            labels.two_classes(target)
            self._schema = self._make_schema(self._names(), columns)
            self._schema.name_label(self.classes_)
            native = NativeModel(self._options())
        codes = labels.encoded_target(target, self.classes_)
        table = self._schema.table(columns, codes, weights, replayed if continues else None)
        with ProgressBar(self.verbose, self._title()) as progress:
            if continues:
                once = {**once, "replay": None if replayed is None else self._schema.replay}
                late = native.learn_further(table, arguments.training_options(self), once, progress)
            else:
                late = native.learn(table, progress)
        info = self._publish(native)
        metadata = persistence.metadata_of(self, info["metadata"])
        if metadata is not None:
            native.set_metadata(metadata)
        return late, info.get("divergence")

    def _publish(self, native: NativeModel) -> dict[str, Any]:
        """Makes it the model that answers; what the library says of it."""
        info = native.info()
        self._native = native
        self._set_attributes(info)
        return info

    def _set_attributes(self, info: dict[str, Any]) -> None:
        """The fitted ones that the library knows."""
        self.training_history_ = info["history"]

    def _title(self) -> str:
        """Of the bar."""
        return _PARTS.get(self.part) or title(self.model)

    def _options(self) -> dict[str, Any]:
        """The library's options for a new model."""
        return {**arguments.shape_options(self), **self._schema.options(), **arguments.training_options(self)}

    def _make_schema(self, names: list[str], columns: list[Column]) -> Schema:
        return plain_schema(names, columns, self.categorical_features, self.crosses)

    # --- columns ---

    def _names(self) -> list[str]:
        """What the library calls the columns."""
        given = getattr(self, "feature_names_in_", None)
        return [f"x{index}" for index in range(self.n_features_in_)] if given is None else [str(name) for name in given]

    def _read(self, X: Any, reset: bool) -> list[Column]:
        X = frames.as_frame(X)
        names = frames.names_of(X)
        columns = frames.to_columns(X, names, type(self).__name__)
        check_features(self, X if names else np.broadcast_to(0.0, (len(columns[0]), len(columns))), reset=reset)
        return columns

    # --- prediction ---

    def _positive(self, X: Any) -> npt.NDArray[np.float64]:
        check_is_fitted(self, "_native")
        return self._native.predict(self._schema.table(self._read(X, reset=False)))

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """Probabilities, shape (rows, 2), columns as in classes_. A row's does not depend on the rows beside it."""
        positive = self._positive(X)
        return np.column_stack([1.0 - positive, positive])

    def decision_function(self, X: Any) -> npt.NDArray[np.float64]:
        """The logit of the second class's probability, shape (rows,); it is > 0 where predict says that class."""
        return logit(self._positive(X))

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The likelier label of each row, shape (rows,)."""
        positive = self._positive(X)
        answer: npt.NDArray[Any] = self.classes_[(positive > 0.5).astype(np.int64)]
        return answer

    def explain(self, X: Any) -> list[Explanation]:
        """Why each row of X, of at most 1000, has its probability of the second class: the terms of its logit."""
        check_is_fitted(self, "_native")
        return explanation.of_rows(self._native, self._schema.table(self._read(X, reset=False)))

    # --- what was learnt ---

    @property
    def info_(self) -> dict[str, Any]:
        check_is_fitted(self, "_native")
        return self._native.info()

    @property
    def feature_importances_(self) -> npt.NDArray[np.float64]:
        return self._schema.by_column(self.info_["importances"])

    @property
    def crosses_(self) -> list[tuple[tuple[str, ...], float]]:
        return [(tuple(cross["features"]), cross["gain"]) for cross in self.info_["crosses_found"]]

    def tensors_(self) -> dict[str, npt.NDArray[Any]]:
        """The model file's tensors by name: weights, embeddings, vocabularies."""
        from safetensors.numpy import load

        check_is_fitted(self, "_native")
        tensors: dict[str, npt.NDArray[Any]] = load(self._native.to_bytes())
        return tensors

    # --- files ---

    def save(self, path: FilePath) -> None:
        """Writes the fitted model to one file (safetensors, no code in it). OSError if it cannot be written; what was
        there before then stays."""
        check_is_fitted(self, "_native")
        self._native.save(path)

    @classmethod
    def load(cls, path: FilePath) -> CTRClassifier:
        """The fitted estimator that `save` wrote. OSError, or ModelFileError (a ValueError) for a file that is no
        model, not a whole one, or of a newer version."""
        with about(path):
            return cls._of_native(NativeModel.load(path))

    @classmethod
    def _of_native(cls, native: NativeModel) -> CTRClassifier:
        return persistence.estimator_of(cls, native)

    @classmethod
    def _schema_of(
        cls, options: dict[str, Any], features: list[dict[str, Any]], columns: Optional[dict[str, Any]]
    ) -> Schema:
        """The schema that a model file tells of."""
        return schema_of(options, features, columns)

    def _set_schema_arguments(self) -> None:
        """Those that the schema was made from, after it was read from a file."""
        self.categorical_features = self._schema.categorical() or "auto"
        crosses = self._schema.crosses
        self.crosses = "auto" if crosses is None else tuple(tuple(cross) for cross in crosses)

    # --- scikit-learn's tags ---

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        return tags

    def _more_tags(self) -> dict[str, Any]:
        """The same, for scikit-learn before 1.6."""
        return {"binary_only": True, "allow_nan": True, "X_types": ["2darray", "string"]}


def logit(probability: Any) -> Any:
    """Finite at 0 and 1 too."""
    tiny = np.finfo(np.float64).tiny
    return np.log(np.maximum(probability, tiny)) - np.log(np.maximum(1.0 - probability, tiny))
