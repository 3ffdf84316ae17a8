"""What the defaults do without being asked: find crosses, answer as an ensemble, share embeddings among rare ids."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import log_loss

from testbed_adapter import WideDeepClassifier
from Tests.adapter.numpy_reference import Reference
from Tests.adapter.support import ROOT


def xor(rows: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Clicks depend on `shop` and `user` together and on neither alone; the other columns say little or nothing."""
    random = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "price": random.normal(size=rows),
            "shop": random.choice([f"店{i}" for i in range(8)], rows),
            "hour": random.integers(0, 24, rows),
            "user": random.integers(100, 108, rows),
            "tags": [[f"t{n}"] for n in random.integers(0, 4, rows)],
        }
    )
    together = (X["shop"].str[1:].astype(int) % 2) ^ (X["user"] % 2)
    logit = -1.0 + 2.5 * (together - 0.5) + 0.3 * X["price"]
    return X, (random.random(rows) < 1 / (1 + np.exp(-logit))).astype(int).to_numpy()


def made(**options: Any) -> WideDeepClassifier:
    return WideDeepClassifier(
        **{"categorical_features": ["user"], "hidden_units": (8,), "epochs": 6, "random_state": 0, **options}
    )


@pytest.fixture(scope="module", params=["wide_deep", "wide"])
def found(request: pytest.FixtureRequest) -> WideDeepClassifier:
    return made(part=request.param).fit(*xor(4000, 0))


def test_the_pair_is_found_and_pays(found: WideDeepClassifier) -> None:
    names, gain = found.crosses_[0]
    assert {*names} == {"shop", "user"} and gain > 0.05
    assert [cross["name"] for cross in found.info_["crosses"]] == ["×".join(names) for names, _ in found.crosses_]
    gains = [gain for _, gain in found.crosses_]
    assert gains == sorted(gains, reverse=True) and gains[-1] > 0
    without = made(part=found.part, crosses=()).fit(*xor(4000, 0))
    assert without.crosses_ == [] and without.info_["crosses"] == []
    X, y = xor(4000, 1)
    loss, worse = (log_loss(y, model.predict_proba(X)[:, 1]) for model in (found, without))
    # Nothing but the pair tells much, so what it gained in the search, it gains here.
    assert loss < worse - (0.5 * gain if found.part == "wide" else 0.005)


def test_given_crosses_are_no_found_ones(found: WideDeepClassifier) -> None:
    given = made(crosses=[("shop", 3)]).fit(*xor(1000, 0))
    assert given.crosses_ == [] and [cross["name"] for cross in given.info_["crosses"]] == ["shop×user"]


def test_none_is_auto() -> None:
    X, y = xor(4000, 0)
    models = [made(crosses=crosses, part="wide").fit(X, y) for crosses in (None, "auto")]
    assert models[0].crosses_ == models[1].crosses_ != []
    assert (models[0].predict_proba(X) == models[1].predict_proba(X)).all()


def test_nothing_is_found_where_there_is_nothing() -> None:
    X, _ = xor(4000, 0)
    y = (np.random.default_rng(9).random(4000) < 0.2 + 0.5 * (X["user"] == 100)).astype(int)
    model = made().fit(X, y)
    assert model.crosses_ == [] and model.info_["crosses"] == []


def test_the_deep_part_alone_has_none() -> None:
    assert made(part="deep").fit(*xor(4000, 0)).crosses_ == []


def test_same_crosses_whatever_the_threads() -> None:
    assert len({str(made(n_jobs=jobs, part="wide").fit(*xor(4000, 0)).crosses_) for jobs in (1, 2, 3)}) == 1


@pytest.mark.parametrize("way", ["file", "pickle"])
def test_found_crosses_are_kept(way: str, found: WideDeepClassifier, tmp_path: Path) -> None:
    X, y = xor(500, 2)
    if way == "file":
        found.save(tmp_path / "model")
        again = WideDeepClassifier.load(tmp_path / "model")
    else:
        again = pickle.loads(pickle.dumps(found))
    assert again.crosses_ == found.crosses_ and again.crosses == "auto" == found.crosses
    assert (again.predict_proba(X) == found.predict_proba(X)).all()
    # They stay through more training, and are looked for anew by a fit from nothing.
    assert again.partial_fit(X, y).crosses_ == found.crosses_
    assert clone(again).get_params() == again.get_params()
    X = X.drop(columns="tags")
    y = ((X["hour"] >= 12) ^ (X["price"] > 0)).astype(int)
    other = clone(again).set_params(part="wide").fit(pd.concat([X] * 4), np.tile(y, 4))
    assert {*other.crosses_[0][0]} == {"hour", "price"}


# --- the ensemble ---


def test_an_ensemble_answers_by_the_mean_of_its_logits(tmp_path: Path) -> None:
    X, y = xor(1500, 0)
    model = made(members=3, crosses=()).fit(X, y)
    reference = Reference(model._native.to_bytes())
    rows = X[:100].assign(tags=[tag for (tag,) in X["tags"][:100]]).to_dict("records")
    logits = np.array([reference.logits(row) for row in rows])
    assert logits.shape == (100, 3) and (np.ptp(logits, axis=1) > 0.01).mean() > 0.9  # each has learnt its own
    np.testing.assert_allclose(model.decision_function(X[:100]), logits.mean(axis=1), rtol=0, atol=2e-5)
    assert not any(name.startswith("members.3.") for name in model.tensors_())
    model.save(tmp_path / "model")
    again = WideDeepClassifier.load(tmp_path / "model")
    assert again.members == 3 and (again.predict_proba(X) == model.predict_proba(X)).all()
    assert again.tensors_().keys() == model.tensors_().keys()


def test_one_more_member_is_one_more_model() -> None:
    X, y = xor(1500, 0)
    one, two = (made(members=members, refit=False, crosses=()).fit(X, y).tensors_() for members in (1, 2))
    assert all((two[name] == tensor).all() for name, tensor in one.items())
    weights = {name for name in one if name.startswith(("bias", "wide.", "deep."))}
    assert {name for name in two if name.startswith("members.")} == {f"members.1.{name}" for name in weights}
    assert made(members=5, crosses=()).fit(X, y).info_["parameters"] == 5 * sum(one[name].size for name in weights)


# --- rare categories ---


def rare() -> tuple[pd.DataFrame, np.ndarray]:
    random = np.random.default_rng(0)
    X = pd.DataFrame({"city": random.choice(["a", "b", "c"], 400), "tags": [["t"]] * 399 + [["u", "t"]]})
    X.loc[7, "city"] = "once"
    X.loc[[8, 9], "city"] = "twice"
    return X, ((X["city"] == "a") | (X.index % 5 == 0)).astype(int).to_numpy()


def answers(model: WideDeepClassifier) -> list[float]:
    """For a city never seen, one seen once, one seen twice, and one seen often."""
    return model.predict_proba(
        pd.DataFrame({"city": ["never", "once", "twice", "b"], "tags": [["t"]] * 4})
    )[:, 1].tolist()  # fmt: skip


def test_a_category_seen_once_shares_the_embedding_of_unknown_ones() -> None:
    X, y = rare()
    never, once, twice, often = answers(made(categorical_features="auto", part="deep", min_count=2).fit(X, y))
    assert never == once and len({never, twice, often}) == 3
    assert len(set(answers(made(categorical_features="auto", part="deep", min_count=1).fit(X, y)))) == 4
    tags = made(categorical_features="auto", part="deep", min_count=2).fit(X, y)
    frame = pd.DataFrame({"city": ["b"] * 3, "tags": [["u"], ["new"], ["t"]]})
    first, second, third = tags.predict_proba(frame)[:, 1]
    assert first == second != third


def test_the_wide_part_has_a_weight_for_a_category_seen_once() -> None:
    X, y = rare()
    model = made(categorical_features="auto", part="wide", min_count=2).fit(X, y)
    never, once, _, _ = answers(model)
    assert never != once and model.info_["features"][0]["vocabulary"] == 2 + 5
    # Beside a deep part it has them for what is sparse.
    X, y = pd.concat([X] * 2, ignore_index=True), np.tile(y, 2)
    X.loc[100:399, "city"] = [f"city {i}" for i in range(300)]
    model = made(categorical_features="auto", min_count=3).fit(X, y)
    never, once = (model.explain(pd.DataFrame({"city": [name], "tags": [["t"]]}))[0] for name in ("never", "city 9"))
    weights = [{term.feature: term.weight for term in row.terms}["city"] for row in (never, once)]
    assert never.deep == once.deep and weights[0] != weights[1]


def test_which_part_reads_what() -> None:
    X, y = rare()
    X = X.assign(number=np.arange(400), code=np.arange(400) % 90, id=np.arange(400) % 120)
    few_and_many = {"city": "deep", "tags": "deep", "number": "deep", "code": "deep", "id": "both"}
    for part, expected in (("wide_deep", few_and_many), ("wide", dict.fromkeys(few_and_many, "both"))):
        model = made(categorical_features=["code", "id"], part=part, epochs=1).fit(X, y)
        assert {feature["name"]: feature["part"] for feature in model.info_["features"]} == expected


# --- whatever comes ---


def test_any_small_table_trains_or_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "Tests" / "adapter" / "any_frame.py")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PATH": ""},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    trained, refused, crossed = map(int, done.stdout.split())
    assert trained > 50 and refused > 0 and crossed > 0, done.stdout
