"""Wide & Deep's forward pass in plain NumPy, from a model file's tensors alone: an independent check of the library.

It follows Cheng et al. (2016), equation 3, and for numbers Gorishniy et al. (2022), equation 1. It shares no code with
the library: it reads the file with the public safetensors package and works value by value in double precision.
"""

from __future__ import annotations

import json
import math
from typing import Any, Optional

import numpy as np
from safetensors import numpy as safetensors_numpy

MISSING, UNKNOWN, RESERVED = 0, 1, 2


class Reference:
    def __init__(self, file: bytes) -> None:
        length = int.from_bytes(file[:8], "little")
        header = json.loads(file[8 : 8 + length])
        self.tensors = safetensors_numpy.load(file)
        self.description = json.loads(header["__metadata__"]["ctr_models"])
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

    def _row_of(self, name: str, value: Any) -> int:
        return self.vocabularies[name].get(self._category(value), UNKNOWN)

    def _bin(self, name: str, value: Any) -> int:
        edges, modes = self.tensors[f"bins.{name}.edges"], self.tensors[f"bins.{name}.modes"]
        if self._missing(value):
            return MISSING
        for i, mode in enumerate(modes):
            if value == mode:
                return 1 + i
        return 1 + len(modes) + sum(edge <= value for edge in edges)

    def _piecewise(self, name: str, value: Any) -> list[float]:
        edges, modes = self.tensors[f"bins.{name}.edges"], self.tensors[f"bins.{name}.modes"]
        pairs = list(zip(edges, edges[1:]))
        if self._missing(value):
            return [0.0] * (len(pairs) + len(modes)) + [1.0]
        parts = [min(max((value - low) / (high - low), 0.0), 1.0) for low, high in pairs]
        return parts + [float(value == mode) for mode in modes] + [0.0]

    def _ids(self, feature: dict[str, Any], row: dict[str, Any]) -> list[int]:
        name, columns = feature["name"], feature["columns"]
        if feature["kind"] == "numeric":
            return [self._bin(name, row[columns[0]])]
        if feature["kind"] == "categorical":
            value = row[columns[0]]
            return [MISSING if self._missing(value) else self._row_of(name, value)]
        values = [row[c] for c in columns]
        return [self._row_of(name, v) for v in values if not self._missing(v) and v != 0]

    def _cross_id(self, cross: dict[str, Any], row: dict[str, Any]) -> int:
        members = [self.features[i] for i in cross["members"]]
        ids = [self._ids(m, row)[0] for m in members]
        if MISSING in ids:
            return MISSING
        if any(i == UNKNOWN and m["kind"] == "categorical" for i, m in zip(ids, members)):
            return UNKNOWN
        listed = self.tensors[f"cross.{cross['name']}.members"].tolist()
        return listed.index(ids) + RESERVED if ids in listed else UNKNOWN

    def _mean(self, tensor: str, ids: list[int]) -> Optional[np.ndarray]:
        return self.tensors[tensor].astype(np.float64)[ids].mean(axis=0) if ids else None

    def logit(self, row: dict[str, Any]) -> float:
        logit = float(self.tensors["bias"][0])
        part = self.description["options"]["part"]
        if part != "deep":
            for feature in self.features:
                if feature["part"] != "deep":
                    mean = self._mean(f"wide.{feature['name']}.weight", self._ids(feature, row))
                    logit += 0.0 if mean is None else float(mean)
            for cross in self.description["crosses"]:
                logit += float(self.tensors[f"wide.{cross['name']}.weight"][self._cross_id(cross, row)])
        return logit + (self._deep(row) if part != "wide" else 0.0)

    def _deep(self, row: dict[str, Any]) -> float:
        inputs: list[float] = []
        for feature in self.features:
            if feature["part"] == "wide":
                continue
            if feature["kind"] == "numeric":
                inputs += self._piecewise(feature["name"], row[feature["columns"][0]])
            else:
                tensor = f"deep.{feature['name']}.embedding"
                mean = self._mean(tensor, self._ids(feature, row))
                inputs += [0.0] * self.tensors[tensor].shape[1] if mean is None else mean.tolist()
        x = np.array(inputs)
        layers = len(self.description["options"]["hidden_units"]) + 1
        for i in range(layers):
            weight = self.tensors[f"deep.layers.{i}.weight"].astype(np.float64).reshape(len(x), -1)
            x = x @ weight + self.tensors[f"deep.layers.{i}.bias"].astype(np.float64)
            if i < layers - 1:
                x = np.maximum(x, 0.0)
        return float(x[0])
