"""The library's logits against an independent NumPy implementation that reads the model file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from testbed_adapter.estimator import WideDeepClassifier, logit
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


@pytest.mark.parametrize("part", ["wide_deep", "wide", "deep"])
def test_logits_match_numpy(part: str) -> None:
    X = frame(600, 0)
    y = (X["level"] + X["gain"] + (X["city"] == "北京") > 2.5).astype(int)
    model = WideDeepClassifier(
        categorical_features=["city", "code"],
        crosses=[("city", "code"), ("city", "level")],
        hidden_units=(12, 6),
        epochs=3,
        part=part,
        random_state=0,
    ).fit(X, y)
    reference = Reference(model._native.to_bytes())
    fresh = frame(200, 1)  # values outside the bins, categories never seen, values missing
    fresh.loc[0, "city"] = "never seen"
    fresh.loc[1, "gain"] = 1e9
    fresh.loc[2, "age"] = -1e9
    expected = [reference.logit(row) for row in fresh.to_dict("records")]
    np.testing.assert_allclose(model.decision_function(fresh), expected, rtol=0, atol=2e-5)


def test_impressions_match_numpy(trained: Any, log: list[Record]) -> None:
    X = trained.scaler.transform(trained.extract_features(log)[0])[:200]
    reference = Reference(trained.model._native.to_bytes())
    expected = [reference.logit({f"x{i}": float(v) for i, v in enumerate(row)}) for row in X]
    np.testing.assert_allclose(logit(trained.model.predict_proba(X)[:, 1]), expected, rtol=0, atol=2e-5)
