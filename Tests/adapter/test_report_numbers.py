"""results.json: the pictures' numbers, under the keys that docs/results.md names."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from testbed_adapter.lab.compare.run import LR, WIDE, WIDE_DEEP, Run
from testbed_adapter.lab.report import results
from testbed_adapter.lab.report.inside import Inside
from testbed_adapter.lab.report.learning import learning
from testbed_adapter.lab.report.maps import embedding_maps
from testbed_adapter.lab.report.numbers import numbers
from testbed_adapter.lab.report.roc import precision_recall, roc
from testbed_adapter.lab.report.weights import heaviest
from Tests.adapter import results_keys
from Tests.adapter.report_reader import drawings
from Tests.adapter.results_keys import ROWS
from Tests.adapter.small_comparison import small_comparison, small_inside


@pytest.fixture(scope="module")
def run() -> Run:
    return small_comparison().run


@pytest.fixture(scope="module")
def inside() -> Inside:
    return small_inside()


@pytest.fixture(scope="module")
def text(inside: Inside) -> str:
    return results(small_comparison(), inside)


@pytest.fixture(scope="module")
def pictures(text: str) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    told = json.loads(text, parse_constant=refuse)["pictures"]
    assert isinstance(told, dict)
    return told


def test_keys_are_the_documented_ones(text):
    results_keys.check(json.loads(text))
    bare = replace(small_comparison(), figures=small_comparison().figures[:1])
    results_keys.check(json.loads(results(bare, None)))
    assert "why" not in json.loads(results(bare, None))["pictures"]


def test_lists_of_numbers_take_a_line_each_and_stay_what_they_were(text, inside):
    plain = {**small_comparison().results(), "pictures": numbers(small_comparison().run, inside)}
    assert json.loads(text) == json.loads(json.dumps(plain))
    assert len(text) < 1_000_000 and text.count("\n") < len(json.dumps(plain, indent=2).splitlines()) / 2


def test_curves_are_the_drawn_ones(run, pictures):
    labels = run.labels[run.test]
    for key, part in (("roc", roc(run)), ("precision_recall", precision_recall(run))):
        lines = list(drawings(part)[0].iter("polyline"))[1:]  # after that of guessing
        counts = sorted(len(line.get("points").split()) for line in lines)
        assert sorted(len(list(curve.values())[1]) for curve in pictures[key].values()) == counts
    for outcome in run.outcomes:
        curve = pictures["roc"][outcome.key]
        across, up = np.array(curve["false_positive_rate"]), np.array(curve["true_positive_rate"])
        area = ((across[1:] - across[:-1]) * (up[1:] + up[:-1]) / 2).sum()
        assert curve["auc"] == pytest.approx(roc_auc_score(labels, outcome.probabilities), abs=1e-6)
        assert area == pytest.approx(curve["auc"], abs=0.01)


def test_bins_hold_every_test_impression(run, pictures):
    count, clicks = len(run.test), run.labels[run.test].sum()
    for key in ROWS:
        rows = pictures["calibration"][key]["bins"]
        assert sum(row["impressions"] for row in rows) == count
        assert sum(row["impressions"] * row["click_rate"] for row in rows) == pytest.approx(clicks, abs=0.01)
        assert sum(pictures["prediction_counts"]["impressions"][key]) == count
    assert len(pictures["prediction_counts"]["edges"]) == 41
    assert sum(row["impressions"] for row in pictures["positions"]) == count
    for same in (["query", "doc_id"], ["query"], ["doc_id"]):
        levels = [row for row in pictures["cold_start"] if row["same"] == same]
        assert [row["seen"] for row in levels] == ["often", "rarely", "never"]
        assert sum(row["impressions"] for row in levels) == count


def test_learning_is_the_models_history(run, pictures):
    assert LR not in pictures["learning"] and pictures["learning"][WIDE]["dropout"] == 0
    info = run.outcome(WIDE_DEEP).model.model.info_
    told = pictures["learning"][WIDE_DEEP]
    assert told["best_epoch"] == info["best_epoch"] and told["dropout"] == info["options"]["dropout"] > 0
    assert told["train_log_loss"] == pytest.approx([row["train_log_loss"] for row in info["history"]], abs=1e-6)


def test_training_loss_above_validation_is_explained(run):
    part = learning(run)
    assert "drops 10% of the deep part" in part and "随机丢弃 10%" in part
    assert part.count("training, with dropout<") == 2 and part.count('<span lang="en">training<') == 1  # the wide part


def test_waterfall_adds_up(run, pictures):
    told = pictures["why"]
    assert told["bias"] + sum(term["weight"] for term in told["terms"]) + told["deep"] == pytest.approx(
        told["logit"], abs=1e-4
    )
    assert 1 / (1 + math.exp(-told["logit"])) == pytest.approx(told["probability"], abs=1e-5)
    given = (told[name] for name in ("query", "doc_id", "position", "score", "summary"))
    model = run.outcome(WIDE_DEEP).model
    assert model.predict_ctr(*given) == pytest.approx(told["probability"], abs=1e-3)  # of a rounded score


def test_maps_are_the_drawn_ones(inside, pictures):
    for one, drawing in zip(pictures["embedding_maps"].values(), drawings(embedding_maps(inside))):
        assert len(one["x"]) == len(one["name"]) == len(one["topic"]) == len(list(drawing.iter("circle")))


def test_a_numbers_bins_are_in_its_order(inside, pictures):
    found = heaviest(
        inside.model.model.info_, inside.tensors, inside.names, inside.model.scaler, inside.model.feature_names, 1000
    )
    (bins,) = [group for group in found if group.key == "bins"]
    begins = []
    for one in bins.weights:
        label = (one.label if isinstance(one.label, str) else one.label.en).removeprefix("position ")
        begins.append(-math.inf if label[0] in "<m" else float(label.lstrip("=≥[ ").split(",")[0]))
    assert begins == sorted(begins) and len(begins) > 5
    names = [one["name"] for one in pictures["weights"]["bins"]]
    assert names == [name for name in (getattr(one.label, "en", one.label) for one in bins.weights) if name in names]
