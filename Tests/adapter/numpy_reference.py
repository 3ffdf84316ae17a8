"""Wide & Deep's forward pass in plain NumPy, from a model file's tensors alone: an independent check of the library.

It follows Cheng et al. (2016), equation 3, and for numbers Gorishniy et al. (2022), equation 1. It shares no code with
the library: it reads the file with the public safetensors package and works value by value in double precision. Where
the file holds several models, the logit is the mean of theirs.
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
        self.prefixes = ["", *(f"members.{i}." for i in range(1, self.description["options"]["members"]))]
        self.prefix = ""

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

    def _own(self, tensor: str) -> np.ndarray:
        """The tensor of the model that is asked at present."""
        return self.tensors[self.prefix + tensor].astype(np.float64)

    def _mean(self, tensor: str, ids: list[int]) -> Optional[np.ndarray]:
        return self._own(tensor)[ids].mean(axis=0) if ids else None

    def _embedded(self, feature: dict[str, Any], row: dict[str, Any]) -> list[float]:
        """The mean of the ids' embeddings. A category seen less often than `min_count` has the unknown one's."""
        name, ids = feature["name"], self._ids(feature, row)
        if feature["kind"] != "numeric":
            counts, least = self.tensors[f"vocabulary.{name}.counts"], self.description["options"]["min_count"]
            ids = [UNKNOWN if i >= RESERVED and counts[i - RESERVED] < least else i for i in ids]
        tensor = f"deep.{name}.embedding"
        mean = self._mean(tensor, ids)
        return [0.0] * self._own(tensor).shape[1] if mean is None else mean.tolist()

    def logit(self, row: dict[str, Any]) -> float:
        logits = self.logits(row)
        return sum(logits) / len(logits)

    def logits(self, row: dict[str, Any]) -> list[float]:
        """Of each model in the file."""
        logits = []
        for prefix in self.prefixes:
            self.prefix = prefix
            logits.append(self._logit_of_one(row))
        return logits

    def _logit_of_one(self, row: dict[str, Any]) -> float:
        logit = float(self._own("bias")[0])
        part = self.description["options"]["part"]
        if part != "deep":
            for feature in self.features:
                if feature["part"] != "deep":
                    mean = self._mean(f"wide.{feature['name']}.weight", self._ids(feature, row))
                    logit += 0.0 if mean is None else float(mean)
            for cross in self.description["crosses"]:
                logit += float(self._own(f"wide.{cross['name']}.weight")[self._cross_id(cross, row)])
        return logit + (self._deep(row) if part != "wide" else 0.0)

    def _deep(self, row: dict[str, Any]) -> float:
        inputs: list[float] = []
        for feature in self.features:
            if feature["part"] == "wide":
                continue
            if feature["kind"] == "numeric":
                inputs += self._piecewise(feature["name"], row[feature["columns"][0]])
                has_modes = len(self.tensors[f"bins.{feature['name']}.modes"]) > 0
                if not self.description["options"].get("bin_embeddings") or not has_modes:
                    continue
            inputs += self._embedded(feature, row)
        x = np.array(inputs)
        layers = len(self.description["options"]["hidden_units"]) + 1
        for i in range(layers):
            x = x @ self._own(f"deep.layers.{i}.weight").reshape(len(x), -1) + self._own(f"deep.layers.{i}.bias")
            if i < layers - 1:
                x = np.maximum(x, 0.0)
        return float(x[0])
