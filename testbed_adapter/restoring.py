"""A fitted estimator from a model file: its arguments and fitted attributes, from what the library tells of it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from . import targets
from ._native import ModelFileError, NativeModel

_DIRECT = (
    *("part", "embedding_dim", "dropout", "wide_optimizer", "deep_optimizer", "wide_learning_rate"),
    *("deep_learning_rate", "l1", "l2", "batch_size", "epochs", "early_stopping", "patience", "refit"),
    *("validation_fraction", "min_count", "numeric_bins", "members", "random_state"),
)


def restore(cls: Any, native: NativeModel) -> Any:
    """An estimator of class `cls` around the model. ModelFileError if the model was never trained."""
    info = native.info()
    if not info["trained"]:
        raise ModelFileError("the file holds a model that was never trained")
    options = info["options"]
    schema = cls._restored_schema(options, options.get("features") or info["features"])
    estimator = cls(**{name: options[name] for name in _DIRECT if name in options})
    estimator.classes_ = targets.classes_of_column(options["label"])
    estimator.hidden_units = tuple(options.get("hidden_units", estimator.hidden_units))
    weights = options.get("class_weight")
    estimator.class_weight = dict(zip(estimator.classes_.tolist(), weights)) if isinstance(weights, list) else weights
    estimator.n_jobs = options.get("n_jobs") or None
    estimator.n_features_in_ = len(schema.names)
    if not all(re.fullmatch(r"x\d+", name) for name in schema.names):
        estimator.feature_names_in_ = np.array(schema.names, dtype=object)
    estimator._schema = schema
    estimator._restore_arguments()
    estimator._publish(native)
    return estimator
