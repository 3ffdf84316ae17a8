"""What a model file keeps of an estimator beside the library's own, and a fitted estimator from a model file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ..messages import Message, files
from ..native.model import ModelFileError, NativeModel
from . import arguments as parameters
from . import json_values, labels
from .category_text import DIGITS, WORDS
from .column_types import CATEGORICAL, MULTI, NUMERIC
from .schema import is_nameless

# In the metadata of the model file, beside what its owner keeps there.
_KEY = "estimator"

# What a column may have in each list of `Schema.to_json`.
_ALLOWED: dict[str, tuple[Any, ...]] = {
    "kinds": (NUMERIC, CATEGORICAL, MULTI),
    "truths": (None, DIGITS, WORDS),
    "unseen": (True, False),
}

_DIRECT = (
    *("part", "embedding_dim", "dropout", "wide_optimizer", "deep_optimizer", "wide_learning_rate"),
    *("deep_learning_rate", "l1", "l2", "batch_size", "epochs", "early_stopping", "patience", "refit"),
    *("validation_fraction", "min_count", "numeric_bins", "members", "random_state"),
)


def notes_of(estimator: Any, metadata: Optional[str], notes: Mapping[str, Any]) -> Optional[str]:
    """The metadata of a fitted estimator's model file, the notes of its owner beside those that are there; None where
    there is a text of another program."""
    there = _parsed(metadata)
    if not isinstance(there, dict):
        return None
    arguments = {}
    for name, value in estimator.get_params(deep=False).items():
        # Crosses stand in the library's options, by names; and so does what the library chose where nothing was given.
        if name == "crosses" or value is None:
            continue
        try:
            arguments[name] = json_values.to_json(value)
        except (TypeError, RecursionError):  # a RandomState, say: the library's options have the seed that was drawn
            continue
    known = {
        "columns": estimator._schema.to_json(),
        "named": hasattr(estimator, "feature_names_in_"),
        "classes": json_values.to_json(estimator.classes_),
        "arguments": arguments,
    }
    return json.dumps({**there, **notes, _KEY: known})


def restore(cls: Any, native: NativeModel) -> Any:
    """An estimator of class `cls` around the model. ModelFileError if the model was never trained, or its file keeps
    what no estimator is."""
    info = native.info()
    if not info["trained"]:
        raise ModelFileError(files.NEVER_TRAINED)
    options = info["options"]
    known = _known(info)
    schema = cls._restored_schema(options, options.get("features") or info["features"], known and known["columns"])
    estimator = cls(**{name: options[name] for name in _DIRECT if name in options})
    estimator.classes_ = labels.classes_of_column(options["label"]) if known is None else known["classes"]
    estimator.hidden_units = tuple(options.get("hidden_units", estimator.hidden_units))
    weights = options.get("class_weight")
    estimator.class_weight = dict(zip(estimator.classes_.tolist(), weights)) if isinstance(weights, list) else weights
    estimator.n_jobs = options.get("n_jobs") or None
    estimator.n_features_in_ = len(schema.names)
    if not is_nameless(schema.names) if known is None else known["named"]:
        estimator.feature_names_in_ = np.array(schema.names, dtype=object)
    estimator._schema = schema
    estimator._restore_arguments()
    if known is not None:
        given = set(estimator.get_params(deep=False))
        estimator.set_params(**{name: value for name, value in known["arguments"].items() if name in given})
        try:
            parameters.check(estimator)
        except ValueError as error:
            raise ModelFileError(files.WRONG_PART.format(part=f"{_KEY}.arguments", error=error)) from None
    if options.get("replay") is not None:  # saved while a training went on
        native.set_options({"replay": None})
    estimator._publish(native)
    return estimator


def _known(info: Mapping[str, Any]) -> Optional[dict[str, Any]]:
    """What `notes_of` put down, checked; None for a file of before, or of another program."""
    notes = _parsed(info.get("metadata"))
    if not isinstance(notes, dict) or _KEY not in notes:
        return None
    known = notes[_KEY]
    _check(isinstance(known, dict), "", known, files.OBJECT)
    columns = known.get("columns")
    _check(isinstance(columns, dict), ".columns", columns, files.OBJECT)
    names = columns.get("names")
    _check(
        isinstance(names, list) and all(isinstance(name, str) for name in names) and len(set(names)) == len(names) > 0,
        ".columns.names",
        names,
        files.DIFFERENT_NAMES,
    )
    for key, allowed in _ALLOWED.items():
        values = columns.get(key)
        _check(
            isinstance(values, list)
            and len(values) == len(names)
            and all(map(allowed.__contains__, map(_plain, values))),
            f".columns.{key}",
            values,
            files.ONE_OF_EACH.format(allowed=allowed, count=len(names)),
        )
    read = {
        column
        for feature in info["options"].get("features") or info["features"]
        for column in feature.get("columns") or [feature["name"]]
    }
    _check(read <= set(names), ".columns.names", names, files.THOSE_READ.format(names=sorted(read)))
    _check(isinstance(known.get("named"), bool), ".named", known.get("named"), files.TRUTH)
    try:
        classes = json_values.from_json(known.get("classes"))
        arguments = {name: json_values.from_json(value) for name, value in dict(known.get("arguments", ())).items()}
    except (ValueError, TypeError, RecursionError) as error:
        raise ModelFileError(files.WRONG_PART.format(part=f"{_KEY}.classes, .arguments", error=error)) from None
    _check(isinstance(classes, np.ndarray) and classes.shape == (2,), ".classes", classes, files.TWO_LABELS)
    return {"columns": columns, "named": known["named"], "classes": classes, "arguments": arguments}


def _parsed(metadata: Optional[str]) -> Any:
    try:
        return json.loads(metadata or "{}")
    except (ValueError, RecursionError):
        return None


def _plain(value: Any) -> Any:
    """The value where it can be compared with others, which 1 and True as JSON has them must not be; else one that is
    like no other."""
    return value if value is None or isinstance(value, (str, bool)) else _plain


def _check(holds: bool, place: str, value: Any, wanted: Message) -> None:
    if not holds:
        raise ModelFileError(files.WRONG_VALUE.format(part=f"{_KEY}{place}", value=f"{value!r:.200}", wanted=wanted))
