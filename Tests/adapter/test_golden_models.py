"""Each model's logits and the terms of its explanations, against an independent NumPy implementation of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from testbed_adapter._native import NativeModel
from Tests.adapter.numpy_encoding import MISSING, UNKNOWN
from Tests.adapter.numpy_reference import Reference

LINEAR = ("wide_deep", "lr", "fm", "deepfm")
DEEP = ("wide_deep", "fm", "deepfm", "dcn", "dcn_v2", "dnn")
HIDDEN = ("wide_deep", "deepfm", "dcn", "dcn_v2", "dnn")
MODELS = ("wide_deep", "lr", "fm", "deepfm", "dcn", "dcn_v2", "dnn")
FEATURES: list[dict[str, Any]] = [
    {"name": "age", "kind": "numeric"},
    {"name": "gain", "kind": "numeric"},
    {"name": "city", "kind": "categorical"},
    {"name": "code", "kind": "categorical"},
    {"name": "tags", "kind": "multi"},
    {"name": "words", "kind": "multi", "columns": ["word0", "word1"]},
    {"name": "flat", "kind": "categorical", "part": "wide"},
    {"name": "curved", "kind": "numeric", "part": "deep"},
]
TERMS = {"fm": ["pairs"], "deepfm": ["pairs"], "dcn": ["cross"], "dcn_v2": ["cross"]}


def table(rows: int, seed: int, extra: tuple[str, ...] = ()) -> pa.RecordBatch:
    """Rare ids, lists that are empty or not there, numbers that are missing or of one value often; ids `extra`."""
    draw = np.random.default_rng(seed)
    gain = draw.exponential(size=rows).round(2)
    gain[draw.random(rows) < 0.3] = 0.0
    tags = [list(draw.choice(["u", "v", "w", "é", *extra], draw.integers(0, 4))) for _ in range(rows)]
    columns = {
        "age": [None if draw.random() < 0.1 else float(draw.normal()) for _ in range(rows)],
        "gain": gain,
        "city": [None if draw.random() < 0.1 else str(draw.choice(["北京", "São Paulo", "x", *extra])) for _ in gain],
        "code": draw.zipf(1.5, rows) % 60,
        "tags": [None if draw.random() < 0.05 else [str(tag) for tag in row] for row in tags],
        "word0": draw.integers(0, 9, rows).astype(float),
        "word1": draw.integers(0, 9, rows).astype(float),
        "flat": draw.choice(["a", "b", "c"], rows),
        "curved": draw.normal(size=rows) * 100,
        "label": [0.0] * rows,
    }
    score = columns["gain"] + np.array([len(row) - 1.5 + (city == "x") for row, city in zip(tags, columns["city"])])
    columns["label"] = (score + draw.normal(size=rows) > 0.5).astype(float)
    return pa.RecordBatch.from_pydict(columns)


def options(model: str, **more: Any) -> dict[str, Any]:
    """Of a model with a feature of each kind, and for its each part alone where it has both."""
    kept = [f for f in FEATURES if "part" not in f or (model in LINEAR if f["part"] == "wide" else model in DEEP)]
    made = {"model": model, "features": kept, "epochs": 2, "random_state": 3, "batch_size": 32, **more}
    if model in HIDDEN:
        made.setdefault("hidden_units", [9, 5])
    if model in LINEAR:
        made["crosses"] = [["city", "code"], ["city", "gain"]]
    return made


def check(model: NativeModel, batch: pa.RecordBatch) -> Reference:
    reference = Reference(model.to_bytes())
    kind = reference.options["model"]
    explained = model.explain(batch)
    assert [row["probability"] for row in explained] == model.predict(batch).tolist()
    for row, told in zip(batch.to_pylist(), explained):
        assert list(told) == ["probability", "logit", "bias", "deep", *TERMS.get(kind, []), "wide"]
        terms = {f"wide.{term['feature']}": term["weight"] for term in told["wide"]}
        terms.update({name: told[name] for name in ("bias", "deep", *TERMS.get(kind, []))})
        expected = reference.terms(row)
        for name, value in {"deep": 0.0, **expected, "logit": sum(expected.values())}.items():
            assert {**terms, "logit": told["logit"]}[name] == pytest.approx(value, rel=1e-5, abs=1e-5), name
        assert terms.keys() == {"deep", *expected}
        assert sum(terms.values()) == pytest.approx(told["logit"], rel=1e-6, abs=1e-5)
    return reference


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("model", MODELS)
def test_logits_and_terms_match_numpy(model: str, members: int) -> None:
    native = NativeModel(options(model, members=members))
    native.train(table(400, 0))
    fresh = table(80, 1, extra=("never seen", "☃"))
    reference = check(native, fresh)
    assert len({float(reference.tensors[f"{member.prefix}bias"][0]) for member in reference.members}) == members
    # The rows have what the reference has to know.
    encoding, rows = reference.encoding, fresh.to_pylist()
    ids = {feature["name"]: [encoding.ids(feature, row) for row in rows] for feature in encoding.features}
    assert [UNKNOWN] in ids["city"] and [MISSING] in ids["city"] and [MISSING] in ids["age"] and [] in ids["tags"]
    assert any(UNKNOWN in values and len(values) > 1 for values in ids["tags"]) and [1] in ids["gain"]


@pytest.mark.parametrize(
    ("model", "more"),
    [
        ("fm", {"embedding_dim": 1}),
        ("deepfm", {"embedding_dim": 5, "hidden_units": []}),
        ("deepfm", {"min_count": 1, "numeric_bins": 1}),
        ("dcn", {"cross_layers": 1, "embedding_dim": 1, "bin_embeddings": False}),
        ("dcn_v2", {"cross_layers": 5, "hidden_units": [3]}),
        ("dnn", {"hidden_units": []}),
    ],
)
def test_shapes_match_numpy(model: str, more: dict[str, Any]) -> None:
    native = NativeModel(options(model, members=1, **more))
    native.train(table(300, 0))
    check(native, table(40, 1))


@pytest.mark.parametrize("model", MODELS)
def test_continued_training_matches_numpy(model: str) -> None:
    """Where ids join the vocabularies, and others are no longer rare."""
    native = NativeModel(options(model, members=2))
    native.train(table(200, 0))
    before = Reference(native.to_bytes()).encoding.vocabularies
    native.continue_training(table(200, 2, extra=("new",)))
    after = check(native, table(60, 3, extra=("new",))).encoding.vocabularies
    assert "new" in after["city"] and "new" in after["tags"] and len(after["code"]) > len(before["code"])
