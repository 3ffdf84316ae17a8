"""Which columns a model reads, and as what: fixed at fit, kept in the model file, applied at every later call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from . import columns as _columns
from . import targets


@dataclass
class Schema:
    """The columns' names and kinds, and what the library makes of them: its `features` and `crosses` options."""

    names: list[str]
    kinds: list[str]
    features: list[dict[str, Any]] = field(default_factory=list)
    crosses: Optional[list[list[str]]] = None  # None: the library finds them
    label: str = "label"
    weight: Optional[str] = None

    @property
    def replay(self) -> str:
        """The name of the column that marks replayed rows: one that no other column has."""
        return targets.free_name("replay", [*self.names, self.label, self.weight or ""])

    def table(
        self, columns: Sequence[pa.Array], label: Any = None, weight: Any = None, replayed: Any = None
    ) -> pa.RecordBatch:
        """The table that the library takes, for training with label and weight, and the mask of replayed rows.
        ValueError for a column of another kind than at fit."""
        names = list(self.names)
        arrays = [_columns.as_kind(*parts) for parts in zip(columns, self.kinds, names)]
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

    def by_column(self, importances: Mapping[str, float]) -> npt.NDArray[np.float64]:
        """Each column's share of its feature's importance."""
        answer = np.zeros(len(self.names))
        for feature in self.features:
            parts = feature.get("columns") or [feature["name"]]
            for part in parts:
                answer[self.names.index(part)] += importances.get(feature["name"], 0.0) / len(parts)
        return answer


def plain_schema(names: list[str], columns: Sequence[pa.Array], categorical_features: Any, crosses: Any) -> Schema:
    """One feature a column. `categorical_features` and `crosses` are the estimator's arguments; ValueError if they name
    a column that is not there."""
    kinds = [_columns.kind_of(column) for column in columns]
    for index in _listed(categorical_features, names):
        if kinds[index] == _columns.NUMERIC:
            kinds[index] = _columns.CATEGORICAL
    return Schema(
        names=names,
        kinds=kinds,
        features=[{"name": name, "kind": kind, "part": "auto"} for name, kind in zip(names, kinds)],
        crosses=_crosses(crosses, names),
    )


def restored_schema(options: Mapping[str, Any], features: list[dict[str, Any]]) -> Schema:
    """The schema that a model file tells of."""
    names, kinds = [], []
    for feature in features:
        for name in feature.get("columns") or [feature["name"]]:
            names.append(name)
            kinds.append(feature["kind"])
    return Schema(
        names=names,
        kinds=kinds,
        features=features,
        crosses=None if options["crosses"] == "auto" else [list(cross) for cross in options["crosses"]],
        label=options["label"],
        weight=options.get("weight"),
    )


def _crosses(given: Any, names: list[str]) -> Optional[list[list[str]]]:
    """None: the library finds them."""
    if given is None or (isinstance(given, str) and given == "auto"):
        return None
    wrong = ValueError(f'crosses must be "auto" or a sequence of tuples of columns, not {given!r}')
    if isinstance(given, str):
        raise wrong
    try:
        crosses = [list(cross) for cross in given if not isinstance(cross, str)]
        if len(crosses) < len(given):  # a name's letters are no columns
            raise wrong
    except TypeError:
        raise wrong from None
    return [[names[_index(member, names)] for member in cross] for cross in crosses]


def _listed(given: Any, names: list[str]) -> list[int]:
    if given is None or (isinstance(given, str) and given == "auto"):
        return []
    if isinstance(given, str):
        raise ValueError(f'categorical_features must be "auto" or a list of columns, not {given!r}')
    listed = list(given)
    if listed and all(isinstance(member, (bool, np.bool_)) for member in listed):
        if len(listed) != len(names):
            raise ValueError(f"categorical_features is a mask of {len(listed)} values, X has {len(names)} columns")
        return [index for index, member in enumerate(listed) if member]
    return [_index(member, names) for member in listed]


def _index(column: Any, names: list[str]) -> int:
    if isinstance(column, str):
        if column not in names:
            raise ValueError(f"there is no column {column!r}; the columns are {', '.join(names)}")
        return names.index(column)
    if isinstance(column, (int, np.integer)) and not isinstance(column, bool):
        if not -len(names) <= column < len(names):
            raise ValueError(f"there is no column {column}; X has {len(names)} columns")
        return int(column) % len(names)
    raise ValueError(f"a column is named by its name or index, not by {column!r}")
