"""What a model file keeps of an estimator beside the library's own, and a fitted estimator from a model file."""

from __future__ import annotations

import json
from typing import Any, Optional

import numpy as np

from ..messages import Message, files
from ..native.errors import ModelFileError
from ..native.model import NativeModel
from . import arguments, json_values, labels
from .category_text import DIGITS, WORDS
from .columns import CATEGORICAL, MULTI, NUMERIC
from .schema import is_nameless

# In the metadata of the model file, beside what its owner keeps there.
_KEY = "estimator"

# What a column may have in each list of `Schema.to_json`.
_ALLOWED: dict[str, tuple[Any, ...]] = {
    "kinds": (NUMERIC, CATEGORICAL, MULTI),
    "truths": (None, DIGITS, WORDS),
    "unseen": (True, False),
}


def metadata_of(estimator: Any, metadata: Optional[str]) -> Optional[str]:
    """The metadata of a fitted estimator's model file, with what is there already; None where that is a text of another
    program."""
    there = notes_of(metadata)
    if there is None:
        return None
    given = {}
    for name, value in estimator.get_params(deep=False).items():
        # Crosses stand in the library's options, by names; and so does what the library chose where nothing was given.
        if name == "crosses" or value is None:
            continue
        try:
            given[name] = json_values.to_json(value)
        except (TypeError, RecursionError):  # a RandomState, say: the library's options have the seed that was drawn
            continue
    known = {
        "columns": estimator._schema.to_json(),
        "named": hasattr(estimator, "feature_names_in_"),
        "classes": json_values.to_json(estimator.classes_),
        "arguments": given,
    }
    return json.dumps({**there, _KEY: known})


def estimator_of(cls: Any, native: NativeModel) -> Any:
    """An estimator of class `cls` around the model. ModelFileError if the model was never trained, or its file keeps
    what no estimator is."""
    info = native.info()
    if not info["trained"]:
        raise ModelFileError(files.NEVER_TRAINED)
    options = info["options"]
    features = options.get("features") or info["features"]
    known = _known(info.get("metadata"), features)
    parameters = set(cls._get_param_names())
    if "model" not in parameters and options["model"] != cls.model:
        raise ModelFileError(files.OTHER_MODEL.format(model=options["model"], estimator=cls.__name__))
    sent = (*arguments.SHAPE, *arguments.TRAINING, "random_state")
    estimator = cls(**{name: options[name] for name in sent if name in options and name in parameters})
    estimator._schema = schema = cls._schema_of(options, features, known.get("columns"))
    estimator.classes_ = known["classes"] if known else labels.classes_of_column(options["label"])
    estimator.hidden_units = tuple(estimator.hidden_units)
    weights = options.get("class_weight")
    estimator.class_weight = dict(zip(estimator.classes_.tolist(), weights)) if isinstance(weights, list) else weights
    estimator.n_jobs = options.get("n_jobs") or None
    estimator.n_features_in_ = len(schema.names)
    if known["named"] if known else not is_nameless(schema.names):
        estimator.feature_names_in_ = np.array(schema.names, dtype=object)
    estimator._set_schema_arguments()
    estimator.set_params(**{name: value for name, value in known.get("arguments", {}).items() if name in parameters})
    try:
        arguments.check(estimator)
    except ValueError as error:
        raise ModelFileError(files.WRONG_PART.format(part=f"{_KEY}.arguments", error=error)) from None
    if options.get("replay") is not None:  # saved while a training went on
        native.set_options({"replay": None})
    estimator._publish(native)
    return estimator


def _known(metadata: Optional[str], features: list[dict[str, Any]]) -> dict[str, Any]:
    """What `metadata_of` put down, checked; empty for a file of before, or of another program."""
    notes = notes_of(metadata) or {}
    if _KEY not in notes:
        return {}
    known = notes[_KEY]
    _check(isinstance(known, dict), "", known, files.OBJECT)
    columns = known.get("columns")
    _check(isinstance(columns, dict), ".columns", columns, files.OBJECT)
    names = columns.get("names")
    are_names = isinstance(names, list) and all(isinstance(name, str) for name in names)
    _check(are_names and len(set(names)) == len(names) > 0, ".columns.names", names, files.DIFFERENT_NAMES)
    for key, allowed in _ALLOWED.items():
        values = columns.get(key)
        wanted = files.ONE_OF_EACH.format(allowed=allowed, count=len(names))
        is_list = isinstance(values, list) and len(values) == len(names)
        _check(is_list and all(_is_one_of(value, allowed) for value in values), f".columns.{key}", values, wanted)
    read = {column for feature in features for column in feature.get("columns") or [feature["name"]]}
    _check(read <= set(names), ".columns.names", names, files.THOSE_READ.format(names=sorted(read)))
    _check(isinstance(known.get("named"), bool), ".named", known.get("named"), files.TRUTH)
    try:
        classes = json_values.from_json(known.get("classes"))
        given = {name: json_values.from_json(value) for name, value in dict(known.get("arguments", ())).items()}
    except (ValueError, TypeError, RecursionError) as error:
        raise ModelFileError(files.WRONG_PART.format(part=f"{_KEY}.classes, .arguments", error=error)) from None
    _check(isinstance(classes, np.ndarray) and classes.shape == (2,), ".classes", classes, files.TWO_LABELS)
    return {"columns": columns, "named": known["named"], "classes": classes, "arguments": given}


def notes_of(metadata: Optional[str]) -> Optional[dict[str, Any]]:
    """What a model file's text keeps, by who keeps it there; None where it is the text of another program."""
    try:
        notes = json.loads(metadata or "{}")
    except (ValueError, RecursionError):
        return None
    return notes if isinstance(notes, dict) else None


def _is_one_of(value: Any, allowed: tuple[Any, ...]) -> bool:
    """1 is not True."""
    return any(value is one or (isinstance(value, str) and value == one) for one in allowed)


def _check(holds: bool, part: str, value: Any, wanted: Message) -> None:
    if not holds:
        raise ModelFileError(files.WRONG_VALUE.format(part=f"{_KEY}{part}", value=f"{value!r:.200}", wanted=wanted))
