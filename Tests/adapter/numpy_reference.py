"""The models' forward passes in plain NumPy, from a model file's tensors alone: an independent check of the library.

Each is its paper's equation, written out: Wide & Deep (Cheng et al., 2016, equation 3), factorization machines (Rendle,
2010, equation 1, its sum over pairs as it stands), DeepFM (Guo et al., 2017, equation 1), DCN (Wang et al., 2017,
equation 3) and DCN v2 (Wang et al., 2021, equation 1). It shares no code with the library, and works row by row in
double precision. Where the file holds several models, the logit is the mean of theirs, and so is each of its terms.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from Tests.adapter.numpy_encoding import Array, Encoding, Row


class Reference:
    def __init__(self, file: bytes) -> None:
        self.encoding = Encoding(file)
        self.tensors, self.description = self.encoding.tensors, self.encoding.description
        prefixes = ["", *(f"members.{i}." for i in range(1, self.options["members"]))]
        self.members = [Member(self.encoding, prefix) for prefix in prefixes]

    @property
    def options(self) -> dict[str, Any]:
        return self.encoding.options

    def logit(self, row: Row) -> float:
        return float(np.mean(self.logits(row)))

    def logits(self, row: Row) -> list[float]:
        """Of each model in the file."""
        return [sum(member.terms(row).values()) for member in self.members]

    def terms(self, row: Row) -> dict[str, float]:
        """What adds up to the logit: "bias", "wide.NAME" of each weight, "pairs", "cross" and "deep"."""
        members = [member.terms(row) for member in self.members]
        return {name: sum(terms[name] for terms in members) / len(members) for name in members[0]}


class Member:
    """One of the file's models."""

    def __init__(self, encoding: Encoding, prefix: str) -> None:
        self.encoding, self.prefix, self.options = encoding, prefix, encoding.options
        self.model = self.options["model"]
        self.wide = [f for f in encoding.features if f["part"] != "deep"]
        self.deep = [f for f in encoding.features if f["part"] != "wide"]

    def terms(self, row: Row) -> dict[str, float]:
        model, terms = self.model, {"bias": float(self._own("bias")[0])}
        if model in ("lr", "fm", "deepfm") or (model == "wide_deep" and self.options["part"] != "deep"):
            terms.update(self._weights(row))
        if model in ("fm", "deepfm"):
            factors = [self._embedded(feature, row) for feature in self.deep]
            terms["pairs"] = sum(float(a @ b) for a, b in combinations(factors, 2))
        if model == "deepfm":
            terms["deep"] = self._tower(np.concatenate([*factors, *(self._piecewise(f, row) for f in self._numbers())]))
        if model == "dnn" or (model == "wide_deep" and self.options["part"] != "wide"):
            terms["deep"] = self._tower(self._fields(row))
        if model in ("dcn", "dcn_v2"):
            terms["cross"] = self._crossed(self._fields(row))
            terms["deep"] = self._tower(self._fields(row))
        return terms

    def _own(self, tensor: str) -> Array:
        return self.encoding.tensors[self.prefix + tensor].astype(np.float64)

    def _matrix(self, tensor: str, rows: int) -> Array:
        """The file leaves a width of 1 out of a tensor's shape."""
        return self._own(tensor).reshape(rows, -1)

    def _weights(self, row: Row) -> dict[str, float]:
        weights = {}
        for feature in self.wide:
            ids = self.encoding.ids(feature, row)
            own = self._own(f"wide.{feature['name']}.weight")
            weights[f"wide.{feature['name']}"] = float(own[ids].mean()) if ids else 0.0
        for cross in self.encoding.description["crosses"]:
            own = self._own(f"wide.{cross['name']}.weight")
            weights[f"wide.{cross['name']}"] = float(own[self.encoding.cross_id(cross, row)])
        return weights

    def _embedded(self, feature: dict[str, Any], row: Row) -> Array:
        """The mean of the ids' rows, zero without any."""
        tensor = f"deep.{feature['name']}.embedding"
        table = self._matrix(tensor, len(self._own(tensor)))
        ids = self.encoding.embedded_ids(feature, row)
        return np.asarray(table[ids].mean(axis=0)) if ids else np.zeros(table.shape[1])

    def _numbers(self) -> list[dict[str, Any]]:
        return [feature for feature in self.deep if feature["kind"] == "numeric"]

    def _piecewise(self, feature: dict[str, Any], row: Row) -> Array:
        return np.array(self.encoding.piecewise(feature, row))

    def _fields(self, row: Row) -> Array:
        """Numbers and embeddings side by side, in the order of the features; numbers with modes are both."""
        fields = []
        for feature in self.deep:
            if feature["kind"] == "numeric":
                fields.append(self._piecewise(feature, row))
                if not self.options.get("bin_embeddings") or not len(self.encoding.modes(feature["name"])):
                    continue
            fields.append(self._embedded(feature, row))
        return np.concatenate(fields)

    def _dense(self, x: Array, layer: str) -> Array:
        return np.asarray(x @ self._matrix(f"{layer}.weight", len(x)) + self._own(f"{layer}.bias"))

    def _tower(self, x: Array) -> float:
        hidden = len(self.options["hidden_units"])
        for layer in range(hidden):
            x = np.maximum(self._dense(x, f"deep.layers.{layer}"), 0.0)
        return float(self._dense(x, f"deep.layers.{hidden}")[0])

    def _crossed(self, first: Array) -> float:
        x = first
        for layer in range(self.options["cross_layers"]):
            name = f"cross.layers.{layer}"
            if self.model == "dcn":
                x = first * (x @ self._own(f"{name}.weight")) + self._own(f"{name}.bias") + x
            else:
                x = first * self._dense(x, name) + x
        return float(self._dense(x, "cross.output")[0])
