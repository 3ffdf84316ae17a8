"""The library's logits against an independent NumPy implementation that reads the model file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from testbed_adapter.estimator.classifier import logit
from testbed_adapter.estimator.wide_deep import WideDeepClassifier
from Tests.adapter.numpy_reference import Reference
from Tests.adapter.support import Record


def frame(rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    skewed = random.exponential(size=rows).round(2)
    skewed[random.random(rows) < 0.3] = 0.0  # a mode
    values = pd.DataFrame(
        {
            "age": np.where(random.random(rows) < 0.1, np.nan, random.normal(size=rows)),
            "gain": skewed,
            "level": random.integers(0, 5, rows),
            "city": random.choice(["北京", "上海", "São Paulo", "x"], rows),
            "code": random.zipf(1.5, rows) % 60,
        }
    )
    values["city"] = values["city"].where(random.random(rows) > 0.1, None)
    return values


def clicked(X: pd.DataFrame) -> Any:
    return (X["level"] + X["gain"] + (X["city"] == "北京") > 2.5).astype(int)


def made(**options: Any) -> WideDeepClassifier:
    return WideDeepClassifier(
        **{
            "categorical_features": ["city", "code"],
            "crosses": [("city", "code"), ("city", "level")],
            "hidden_units": (12, 6),
            "epochs": 3,
            "random_state": 0,
            **options,
        }
    )


def check(model: WideDeepClassifier) -> Reference:
    """Against the reference, on values outside the bins, categories never seen and values missing."""
    fresh = frame(200, 1)
    fresh.loc[0, "city"] = "never seen"
    fresh.loc[1, "gain"] = 1e9
    fresh.loc[2, "age"] = -1e9
    reference = Reference(model._native.to_bytes())
    expected = [reference.logit(row) for row in fresh.to_dict("records")]
    np.testing.assert_allclose(model.decision_function(fresh), expected, rtol=1e-5, atol=1e-5)
    return reference


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("part", ["wide_deep", "wide", "deep"])
def test_logits_match_numpy(part: str, members: int) -> None:
    X = frame(600, 0)
    reference = check(made(part=part, members=members).fit(X, clicked(X)))
    biases = {float(reference.tensors[f"{member.prefix}bias"][0]) for member in reference.members}
    assert len(reference.members) == len(biases) == members
    if part != "wide":
        # The frame has what the reference has to know: a number with modes, ids of their own and rare ones.
        assert reference.tensors["deep.gain.embedding"].shape[1] == 4 and "deep.age.embedding" not in reference.tensors
        counts = reference.tensors["vocabulary.code.counts"]
        assert 0 < (counts < reference.description["options"]["min_count"]).sum() < len(counts)


@pytest.mark.parametrize("least", [1, 10])
def test_rare_ids_match_numpy(least: int) -> None:
    X = frame(600, 0)
    reference = check(made(min_count=least).fit(X, clicked(X)))
    assert int((reference.tensors["vocabulary.code.counts"] < least).sum()) in ([0] if least == 1 else range(6, 60))


def test_found_crosses_match_numpy() -> None:
    X = frame(3000, 0)
    y = (X["level"] % 2 == 0) ^ X["city"].isin(["北京", "x"])
    reference = check(made(crosses="auto").fit(X, y))
    assert {"level", "city"} in [{*cross["name"].split("×")} for cross in reference.description["crosses"]]


def test_logits_match_numpy_after_more_training() -> None:
    """Where ids join the vocabularies, and others are no longer rare."""
    X, more = frame(300, 0), frame(300, 2)
    model = made().fit(X, clicked(X))
    before = check(model).tensors["vocabulary.code.counts"]
    after = check(model.partial_fit(more, clicked(more))).tensors["vocabulary.code.counts"]
    assert len(after) > len(before) and ((before < 3) & (after[: len(before)] >= 3)).any()


def test_impressions_match_numpy(trained: Any, log: list[Record]) -> None:
    X = trained.scaler.transform(trained.extract_features(log)[0])[:200]
    reference = Reference(trained.model._native.to_bytes())
    expected = [reference.logit({f"x{i}": float(v) for i, v in enumerate(row)}) for row in X]
    np.testing.assert_allclose(logit(trained.model.predict_proba(X)[:, 1]), expected, rtol=1e-5, atol=1e-5)
