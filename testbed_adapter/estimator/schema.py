"""Which columns a model reads, and as what: fixed at fit, kept in the model file, applied at every later call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..messages import columns as words
from . import labels
from .columns import CATEGORICAL, NUMERIC, TIME, Column


@dataclass
class Schema:
    """The columns' names and kinds, and what the library makes of them: its `features` and `crosses` options."""

    names: list[str]
    kinds: list[str]
    # How each column of categories spells 0, 1, False and True (`category_text`), and whether it had no value so far.
    truths: list[Optional[str]] = field(default_factory=list)
    unseen: list[bool] = field(default_factory=list)
    features: list[dict[str, Any]] = field(default_factory=list)
    crosses: Optional[list[list[str]]] = None  # None: the library finds them
    label: str = "label"
    weight: Optional[str] = None

    def __post_init__(self) -> None:
        self.truths = self.truths or [None] * len(self.names)
        self.unseen = self.unseen or [False] * len(self.names)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({"truths": [], "unseen": [], **state})  # pickles of before have neither
        self.__post_init__()

    def name_label(self, classes: npt.NDArray[Any]) -> None:
        """Names the columns of labels and weights."""
        self.label = labels.label_column(classes, self.names)
        self.weight = labels.free_name("weight", [*self.names, self.label])

    def options(self) -> dict[str, Any]:
        """The library's for a new model."""
        crosses = "auto" if self.crosses is None else self.crosses
        return {"features": self.features, "crosses": crosses, "label": self.label, "weight": self.weight}

    def categorical(self) -> list[str]:
        return [name for name, kind in zip(self.names, self.kinds) if kind == CATEGORICAL]

    @property
    def replay(self) -> str:
        """The name of the column that marks replayed rows: one that no other column has."""
        return labels.free_name("replay", [*self.names, self.label, self.weight or ""])

    def table(
        self, columns: Sequence[Column], label: Any = None, weight: Any = None, replayed: Any = None
    ) -> pa.RecordBatch:
        """The table that the library takes, for training with label and weight, and the mask of replayed rows.
        ValueError for a column of another kind than at fit."""
        names = list(self.names)
        arrays = [
            column.as_kind(kind, name, booleans, unseen)
            for column, kind, name, booleans, unseen in zip(columns, self.kinds, names, self.truths, self.unseen)
        ]
        if label is not None:
            names.append(self.label)
            arrays.append(pa.array(label))
        if label is not None and self.weight is not None:
            names.append(self.weight)
            arrays.append(pa.array(weight))
        if replayed is not None:
            names.append(self.replay)
            arrays.append(pa.array(replayed))
        return pa.RecordBatch.from_arrays(arrays, names=names)

    def extended(self, columns: Sequence[Column]) -> Schema:
        """This one after it has learnt these columns too. ValueError for values of another kind than the column, which
        had none so far, was taken for."""
        truths, unseen = list(self.truths), list(self.unseen)
        for index, (column, kind, name) in enumerate(zip(columns, self.kinds, self.names)):
            truths[index] = truths[index] or _truth(column, kind)
            if unseen[index] and not column.is_missing:
                try:
                    column.as_kind(kind, name)
                except ValueError as error:
                    raise ValueError(words.NO_VALUE_BEFORE.format(error=error)) from None
                unseen[index] = False
        return replace(self, truths=truths, unseen=unseen)

    def to_json(self) -> dict[str, Any]:
        """What a model file keeps of it beside the library's own options."""
        return {"names": self.names, "kinds": self.kinds, "truths": self.truths, "unseen": self.unseen}

    def by_column(self, importances: Mapping[str, float]) -> npt.NDArray[np.float64]:
        """Each column's share of its feature's importance."""
        answer = np.zeros(len(self.names))
        for feature in self.features:
            parts = feature.get("columns") or [feature["name"]]
            for part in parts:
                answer[self.names.index(part)] += importances.get(feature["name"], 0.0) / len(parts)
        return answer


def plain_schema(names: list[str], columns: Sequence[Column], categorical_features: Any, crosses: Any) -> Schema:
    """One feature a column. `categorical_features` and `crosses` are the estimator's arguments; ValueError if they name
    a column that is not there."""
    kinds = [column.kind for column in columns]
    for index in _listed(categorical_features, names):
        if kinds[index] in (NUMERIC, TIME):
            kinds[index] = CATEGORICAL
    for name, kind, column in zip(names, kinds, columns):
        if kind == TIME:
            raise ValueError(words.TIME.format(name=name, type=column.type))
    return Schema(
        names=names,
        kinds=kinds,
        truths=[_truth(column, kind) for column, kind in zip(columns, kinds)],
        unseen=[column.is_missing for column in columns],
        features=[{"name": name, "kind": kind, "part": "auto"} for name, kind in zip(names, kinds)],
        crosses=_crosses(crosses, names),
    )


def schema_of(
    options: Mapping[str, Any], features: list[dict[str, Any]], columns: Optional[Mapping[str, Any]]
) -> Schema:
    """The schema that a model file tells of; `columns` is what `to_json` made, which files of before do not have."""
    columns = columns or _columns_of(features)
    return Schema(
        names=list(columns["names"]),
        kinds=list(columns["kinds"]),
        truths=list(columns.get("truths", ())),
        unseen=list(columns.get("unseen", ())),
        features=features,
        crosses=None if options.get("crosses", "auto") == "auto" else [list(cross) for cross in options["crosses"]],
        label=options["label"],
        weight=options.get("weight"),
    )


def is_nameless(names: Sequence[str]) -> bool:
    """Whether the names are those that columns without a name have."""
    return list(names) == [f"x{index}" for index in range(len(names))]


def _columns_of(features: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = {}
    for feature in features:
        columns = feature.get("columns") or [feature["name"]]
        # Of a feature of several columns each has single values.
        kind = CATEGORICAL if len(columns) > 1 else feature["kind"]
        kinds.update(dict.fromkeys(columns, kind))
    names = list(kinds)
    indices = [int(name[1:]) if re.fullmatch(r"x(0|[1-9]\d{0,8})", name) else -1 for name in names]
    if -1 not in indices and indices == sorted(indices) and indices[-1] < 2 * len(indices) + 64:
        # Columns without a name, of which no feature reads some.
        names = [f"x{index}" for index in range(indices[-1] + 1)]
    return {"names": names, "kinds": [kinds.get(name, NUMERIC) for name in names]}


def _truth(column: Column, kind: str) -> Optional[str]:
    return None if kind == NUMERIC or column.is_missing else column.booleans


def _crosses(given: Any, names: list[str]) -> Optional[list[list[str]]]:
    """None: the library finds them."""
    if given is None or (isinstance(given, str) and given == "auto"):
        return None
    wrong = ValueError(words.NO_CROSSES.format(value=given))
    crosses = [_items(cross, wrong) for cross in _items(given, wrong)]
    return [[names[_index(member, names, "crosses")] for member in cross] for cross in crosses]


def _listed(given: Any, names: list[str]) -> list[int]:
    if given is None or (isinstance(given, str) and given == "auto"):
        return []
    listed = _items(given, ValueError(words.NO_LIST.format(value=given)))
    if listed and all(isinstance(member, (bool, np.bool_)) for member in listed):
        if len(listed) != len(names):
            raise ValueError(words.OTHER_LENGTH.format(found=len(listed), columns=len(names)))
        return [index for index, member in enumerate(listed) if member]
    return [_index(member, names, "categorical_features") for member in listed]


def _items(given: Any, wrong: ValueError) -> list[Any]:
    if isinstance(given, (str, bytes, bytearray)):  # letters are no columns
        raise wrong
    try:
        return list(given)
    except TypeError:
        raise wrong from None


def _index(column: Any, names: list[str], argument: str) -> int:
    if isinstance(column, str):
        if column not in names:
            raise ValueError(words.NO_SUCH_NAME.format(argument=argument, column=column, names=", ".join(names)))
        return names.index(column)
    if isinstance(column, (int, np.integer)) and not isinstance(column, bool):
        if not -len(names) <= column < len(names):
            raise ValueError(words.NO_SUCH_INDEX.format(argument=argument, column=column, columns=len(names)))
        return int(column) % len(names)
    raise ValueError(words.NO_NAME.format(argument=argument, column=column))
