"""A model file in plain NumPy, and what its features make of a row: ids, piecewise-linear encodings, crosses.

It shares no code with the library: it reads the file with the public safetensors package and works value by value in
double precision. Numbers follow Gorishniy et al. (2022), equation 1.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy.typing as npt
from safetensors import numpy as safetensors_numpy

MISSING, UNKNOWN, RESERVED = 0, 1, 2

Array = npt.NDArray[Any]
Row = dict[str, Any]


class Encoding:
    def __init__(self, file: bytes) -> None:
        length = int.from_bytes(file[:8], "little")
        header = json.loads(file[8 : 8 + length])
        self.tensors: dict[str, Array] = safetensors_numpy.load(file)
        self.description = json.loads(header["__metadata__"]["ctr_models"])
        self.options: dict[str, Any] = self.description["options"]
        self.features = self.description["features"]
        self.vocabularies = {f["name"]: self._vocabulary(f["name"]) for f in self.features if f["kind"] != "numeric"}

    def _vocabulary(self, name: str) -> dict[str, int]:
        text = self.tensors[f"vocabulary.{name}.bytes"].tobytes()
        offsets = self.tensors[f"vocabulary.{name}.offsets"]
        return {text[a:b].decode(): i + RESERVED for i, (a, b) in enumerate(zip(offsets, offsets[1:]))}

    @staticmethod
    def _missing(value: Any) -> bool:
        return value is None or (isinstance(value, float) and math.isnan(value))

    @staticmethod
    def _category(value: Any) -> str:
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)

    def _listed(self, name: str, value: Any) -> int:
        return self.vocabularies[name].get(self._category(value), UNKNOWN)

    def _bin(self, name: str, value: Any) -> int:
        edges, modes = self.tensors[f"bins.{name}.edges"], self.modes(name)
        if self._missing(value):
            return MISSING
        for i, mode in enumerate(modes):
            if value == mode:
                return 1 + i
        return 1 + len(modes) + sum(edge <= value for edge in edges)

    def modes(self, name: str) -> Array:
        return self.tensors[f"bins.{name}.modes"]

    def piecewise(self, feature: dict[str, Any], row: Row) -> list[float]:
        name, value = feature["name"], row[feature["columns"][0]]
        edges, modes = self.tensors[f"bins.{name}.edges"], self.modes(name)
        pairs = list(zip(edges, edges[1:]))
        if self._missing(value):
            return [0.0] * (len(pairs) + len(modes)) + [1.0]
        parts = [min(max((value - low) / (high - low), 0.0), 1.0) for low, high in pairs]
        return parts + [float(value == mode) for mode in modes] + [0.0]

    def ids(self, feature: dict[str, Any], row: Row) -> list[int]:
        name, columns = feature["name"], feature["columns"]
        if feature["kind"] == "numeric":
            return [self._bin(name, row[columns[0]])]
        if feature["kind"] == "categorical":
            value = row[columns[0]]
            return [MISSING if self._missing(value) else self._listed(name, value)]
        values = [v for c in columns for v in (row[c] if isinstance(row[c], list) else [row[c]])]
        return [self._listed(name, v) for v in values if not self._missing(v) and v != 0]

    def embedded_ids(self, feature: dict[str, Any], row: Row) -> list[int]:
        """A category seen less often than `min_count` has the unknown one's embedding."""
        ids = self.ids(feature, row)
        if feature["kind"] == "numeric":
            return ids
        counts, least = self.tensors[f"vocabulary.{feature['name']}.counts"], self.options["min_count"]
        return [UNKNOWN if i >= RESERVED and counts[i - RESERVED] < least else i for i in ids]

    def cross_id(self, cross: dict[str, Any], row: Row) -> int:
        members = [self.features[i] for i in cross["members"]]
        ids = [self.ids(m, row)[0] for m in members]
        if MISSING in ids:
            return MISSING
        if any(i == UNKNOWN and m["kind"] == "categorical" for i, m in zip(ids, members)):
            return UNKNOWN
        listed = self.tensors[f"cross.{cross['name']}.members"].tolist()
        return listed.index(ids) + RESERVED if ids in listed else UNKNOWN
