"""Explanations: their terms are the prediction's logit, in the texts and units that the caller knows."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.exceptions import NotFittedError

from testbed_adapter import WideDeepClassifier
from testbed_adapter.commands import cli
from testbed_adapter.estimator.explanation import Explanation, Term
from testbed_adapter.host.ctr_model import CTRModel, WideAndDeepCTRModel
from testbed_adapter.host.explanation import explain_impression
from testbed_adapter.host.records import records_table
from testbed_adapter.messages.terminal import width
from testbed_adapter.native.model import NativeModel
from Tests.adapter.support import Record, impression

UNKNOWN = " (new or rare)"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(4)
    color = random.choice(["red", "green", "blue"], 300)
    return pd.DataFrame(
        {
            "color": color,
            "size": random.normal(10, 2, 300),
            "tags": [[f"t{n}" for n in range(count)] for count in random.integers(0, 4, 300)],
            "label": ((color == "red") ^ (random.random(300) < 0.2)).astype(int),
        }
    )


def fitted(frame: pd.DataFrame, part: str) -> WideDeepClassifier:
    model = WideDeepClassifier(crosses=[("color", "size")], hidden_units=(8,), epochs=3, random_state=1, part=part)
    return model.fit(frame.drop(columns="label"), frame["label"])


@pytest.fixture(scope="module")
def classifier(frame: pd.DataFrame) -> WideDeepClassifier:
    return fitted(frame, "wide_deep")


@pytest.fixture(scope="module")
def wide(frame: pd.DataFrame) -> WideDeepClassifier:
    return fitted(frame, "wide")


def is_the_sum(told: Explanation, exactly: bool = False) -> bool:
    """Of one model to the bit; of an ensemble, where each model's logit is summed up first, within rounding."""
    sum_ = np.float32(told.bias)
    for term in told.terms:
        sum_ += np.float32(term.weight)
    sum_ += np.float32(told.deep)
    largest = max(abs(part) for part in (told.bias, told.deep, told.logit, *(term.weight for term in told.terms)))
    within = 0.0 if exactly else 4 * (len(told.terms) + 2) * np.finfo(np.float32).eps * max(1.0, largest)
    return bool(abs(float(sum_) - told.logit) <= within)


def is_within(number: float, bin_: str) -> bool:
    found = re.fullmatch(r"[\[(](.*), (.*)\)", bin_)
    assert found is not None, bin_
    low, high = (float(edge.replace("∞", "inf")) for edge in found.groups())
    return low <= number * (1 + 1e-5) and number <= high


def values(told: Explanation) -> dict[str, str]:
    return {term.feature: term.value for term in told.terms}


def test_the_estimator_explains_what_it_predicts(classifier: WideDeepClassifier, frame: pd.DataFrame) -> None:
    X = frame.drop(columns="label")
    told = classifier.explain(X)
    assert [row.probability for row in told] == classifier.predict_proba(X)[:, 1].tolist()
    assert all(map(is_the_sum, told))
    assert told[0].probability == pytest.approx(1 / (1 + math.exp(-told[0].logit)), rel=1e-12)
    assert len({row.deep for row in told}) > 10 and any(term.weight for term in told[0].terms)
    # Numbers and the few colours and tags feed the deep part.
    assert {tuple(values(row)) for row in told} == {("color×size",)}


def test_values_are_the_columns_own(wide: WideDeepClassifier, frame: pd.DataFrame) -> None:
    X = frame.drop(columns="label")
    told = wide.explain(X)
    assert [row.probability for row in told] == wide.predict_proba(X)[:, 1].tolist()
    assert all(row.deep == 0 and is_the_sum(row) for row in told)
    for row, (color, size, tags) in zip(told, X.itertuples(index=False)):
        shown = values(row)
        assert list(shown) == ["color", "size", "tags", "color×size"]
        assert shown["color"] == color
        assert shown["tags"] == (", ".join(tags) or "(none)")
        assert is_within(size, shown["size"]) and shown["color×size"] == f"{color} × {shown['size']}"


def test_unknown_and_missing_values_say_so(wide: WideDeepClassifier) -> None:
    rows = pd.DataFrame(
        {"color": ["pink", None, ""], "size": [10.0, float("nan"), 1e9], "tags": [["t0", "t99"], None, []]}
    )
    first, second, third = map(values, wide.explain(rows))
    assert first["color"] == f"pink{UNKNOWN}" and first["tags"] == f"t0, t99{UNKNOWN}"
    assert re.fullmatch(rf"pink × \[.*\){re.escape(UNKNOWN)}", first["color×size"])
    assert second["color"] == second["size"] == "missing" and second["tags"] == "(none)"
    assert second["color×size"] == "missing × missing"
    assert third["color"] == f"(empty){UNKNOWN}" and third["size"].endswith(", ∞)")


@pytest.mark.parametrize("part", ["wide_deep", "wide", "deep"])
def test_terms_of_an_ensemble_are_means_over_its_models(part: str, frame: pd.DataFrame) -> None:
    X, y = frame.drop(columns="label"), frame["label"]
    options = {"crosses": [("color", "size")], "hidden_units": (8,), "epochs": 3, "random_state": 1, "part": part}
    alone = WideDeepClassifier(members=1, **options).fit(X, y)
    assert all(is_the_sum(row, exactly=True) for row in alone.explain(X))
    three = WideDeepClassifier(members=3, **options).fit(X, y)
    tensors = three.tensors_()
    biases = [float(tensors[f"{prefix}bias"][0]) for prefix in ("", "members.1.", "members.2.")]
    told = three.explain(X)
    assert all(map(is_the_sum, told)) and len(set(biases)) == 3
    assert [row.bias for row in told] == pytest.approx([np.mean(biases)] * len(told), rel=1e-6)
    assert [row.probability for row in told] == three.predict_proba(X)[:, 1].tolist()


def test_found_crosses_are_explained_as_crosses() -> None:
    random = np.random.default_rng(0)
    X = pd.DataFrame({"a": random.integers(0, 4, 3000), "u": random.choice(["x", "y"], 3000), "t": ["z"] * 3000})
    y = (X["a"] % 2 == 0) ^ (X["u"] == "x")
    model = WideDeepClassifier(categorical_features=["a"], part="wide", epochs=3, random_state=0).fit(X, y)
    assert {*model.crosses_[0][0]} == {"a", "u"}
    for row, (a, u, t) in zip(model.explain(X[:20]), X[:20].itertuples(index=False)):
        shown = values(row)
        # "a", "u" and "t" are letters of "auto", too: they are no crosses.
        assert (shown["a"], shown["u"], shown["t"]) == (str(a), u, t)
        assert shown["×".join(model.crosses_[0][0])] in (f"{a} × {u}", f"{u} × {a}")


def test_one_part_alone(frame: pd.DataFrame) -> None:
    X, y = frame.drop(columns="label"), frame["label"]
    wide = WideDeepClassifier(part="wide", crosses=(), epochs=1, random_state=1).fit(X, y).explain(X[:5])
    assert all(row.deep == 0 and len(row.terms) == 3 and is_the_sum(row) for row in wide)
    deep = WideDeepClassifier(part="deep", epochs=1, hidden_units=(4,), random_state=1).fit(X, y).explain(X[:5])
    assert all(row.terms == () and row.deep != 0 and is_the_sum(row) for row in deep)


def test_what_the_estimator_does_not_explain(classifier: WideDeepClassifier, frame: pd.DataFrame) -> None:
    X = frame.drop(columns="label")
    with pytest.raises(NotFittedError):
        WideDeepClassifier().explain(X)
    with pytest.raises(ValueError, match=r"1200 rows; at most 1000"):
        classifier.explain(pd.concat([X] * 4))


def test_an_impression_is_explained_in_its_own_words(log: list[Record], trained: CTRModel) -> None:
    for record in log[:40]:
        told = trained.explain(*impression(record))
        assert told.probability == trained.predict_ctr(*impression(record))
        assert is_the_sum(told)
        shown = {name: value.replace(UNKNOWN, "") for name, value in values(told).items()}
        position = record["position"]
        upper = "∞" if position == 10 else position + 1
        assert shown == {
            "position": f"{position} ∈ [{position}, {upper})",
            "query_id": record["query"],
            "doc_id": record["doc_id"],
            "query_id×doc_id": f"{record['query']} × {record['doc_id']}",
        }
    assert any(values(trained.explain(*impression(record)))["query_id×doc_id"][-1] != ")" for record in log[:200])


@pytest.mark.parametrize("summary", ["没有见过的摘要", ""])
def test_what_the_model_never_saw_says_so(summary: str, trained: CTRModel) -> None:
    new = ("从未见过的查询", "doc-new", 0, -3.5, summary)
    told = trained.explain(*new)
    assert told.probability == trained.predict_ctr(*new)
    assert values(told) == {
        "position": "0 ∈ (-∞, 1)",
        "query_id": f"从未见过的查询{UNKNOWN}",
        "doc_id": f"doc-new{UNKNOWN}",
        "query_id×doc_id": f"从未见过的查询 × doc-new{UNKNOWN}",
    }


def test_numbers_of_other_types(trained: CTRModel) -> None:
    given: tuple[Any, ...] = ("搜索引擎入门", 7, np.int64(3), np.float32(0.25), "推荐系统")
    told = trained.explain(*given)
    assert told.probability == trained.predict_ctr(*given)
    assert values(told)["doc_id"].startswith("7") and values(told)["position"] == "3 ∈ [3, 4)"


def test_an_impression_that_cannot_be(trained: CTRModel) -> None:
    for query, doc, position, score in (("q", "d", -1, 0.5), ("q", "d", 1, float("nan")), (None, "d", 1, 0.5)):
        with pytest.raises(ValueError, match="record 1"):
            trained.explain(query, doc, position, score, "摘要")  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="was not trained"):
        WideAndDeepCTRModel().explain("q", "d", 1, 0.5, "摘要")


def test_a_model_that_reads_click_rates_is_not_explained(log: list[Record], trained: CTRModel) -> None:
    """One that another program trained on the same columns: predict_ctr knows rates that a lone record does not."""
    X, y = trained.extract_features(log)
    scaled = trained.scaler.transform(X)  # type: ignore[union-attr]
    plain = WideDeepClassifier(part="wide", epochs=2, random_state=1).fit(scaled, y)
    with pytest.raises(ValueError, match="a click log"):
        explain_impression(plain._native, *impression(log[0]))
    scaler = trained.scaler
    assert scaler is not None
    plain._native.set_history(records_table(log), scaler.mean_, scaler.scale_)
    with pytest.raises(ValueError, match="click rates"):
        explain_impression(plain._native, *impression(log[0]))


def test_other_features_of_an_impression(log: list[Record], trained: CTRModel) -> None:
    """A model of another make: only what the impression's row has changed into numbers is changed back."""
    assert trained.scaler is not None
    X, y = trained.extract_features(log)
    scaled = trained.scaler.transform(X)
    table = {f"x{place}": scaled[:, place] for place in (2, 12, 20)}
    kinds = {"x2": "numeric", "x12": "numeric", "x20": "categorical"}
    features = [{"name": name, "kind": kind} for name, kind in kinds.items()]
    native = NativeModel({"features": features, "crosses": [["x2", "x20"]], "part": "wide", "epochs": 1})
    native.train(pa.RecordBatch.from_pydict({**table, "label": y.astype(float)}))
    native.set_history(records_table(log), trained.scaler.mean_, trained.scaler.scale_)
    shown = values(explain_impression(native, *impression(log[0])))
    length, word = len(log[0]["query"]), f"{X[0, 20]:.0f}"
    assert shown["x2"].startswith(f"{length} ∈ [{length}, ") and shown["x20"] == word
    assert shown["x2×x20"] == f"{shown['x2']} × {word}"
    low, high = shown["x12"].strip("[)").split(", ")
    assert float(low) <= X[0, 12] * (1 + 1e-5) and X[0, 12] <= float(high.replace("∞", "inf")) * (1 + 1e-5)


def test_its_text_is_the_sum() -> None:
    terms = (Term("position", "3 ∈ [3, 4)", -0.25), Term("query_id", "很长的\n查询" * 20, 0.5))
    lines = str(Explanation(0.25, -1.0986, -2.0, 0.6514, terms)).splitlines()
    assert lines[0].startswith("bias  ") and lines[0].endswith("  -2.0000")
    assert lines[2].startswith("query_id") and "…" in lines[2] and lines[2].endswith("  +0.5000")
    assert lines[3].startswith("deep part  ") and lines[5].startswith("sum: the logit  ")
    assert lines[-1] == "click probability = 1 / (1 + exp(-logit)) = 0.2500"
    assert len({width(line) for line in lines[:-1]}) == 1


# --- the command ---


def command(model: Path, *more: str) -> int:
    given = ["--query", "机器学习入门", "--doc", "doc3", "--position", "2", "--score", "0.5", "--summary", "机器学习"]
    return cli.main(["explain", "--model", str(model), *given, *more])


def test_the_command_prints_the_explanation(
    trained: CTRModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.pkl"
    trained.save_model(str(path))
    capsys.readouterr()
    assert command(path) == 0
    assert capsys.readouterr().out == f"{trained.explain('机器学习入门', 'doc3', 2, 0.5, '机器学习')}\n"
    assert command(path, "--position", "-2") == 1
    assert "-2" in capsys.readouterr().err


def test_the_command_says_what_is_wrong_with_a_file(
    classifier: WideDeepClassifier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lr.pkl").write_bytes(b"\x80\x04}q\x00X\x05\x00\x00\x00model" + bytes(200))
    classifier.save(tmp_path / "plain.safetensors")
    for name, said in (
        ("none.pkl", "none.pkl"),
        ("lr.pkl", "the LR's pickle"),
        ("plain.safetensors", "not trained on a click log"),
        (".", str(tmp_path)),
    ):
        assert command(tmp_path / name) == 1
        told = capsys.readouterr()
        assert said in told.err and told.err.startswith("error: ") and not told.out
    with pytest.raises(SystemExit) as misuse:
        cli.main(["explain", "--model", "x"])
    assert misuse.value.code == 2
