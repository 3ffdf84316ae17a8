"""The report's figures about predictions: calibration by position, cold start, and the table, as counted anew here."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import log_loss, roc_auc_score

from testbed_adapter.lab.compare.measure import Outcome
from testbed_adapter.lab.compare.run import LR, WIDE_DEEP, Log, Run
from testbed_adapter.lab.compare.table import COLUMNS
from testbed_adapter.lab.report.calibration import calibration, expected_calibration_error
from testbed_adapter.lab.report.cold_start import OFTEN, cold_start, levels
from testbed_adapter.lab.report.positions import places, positions, wilson
from testbed_adapter.lab.report.total import total
from testbed_adapter.messages import Message
from testbed_adapter.messages.figures import FIGURES
from Tests.adapter.report_reader import drawings, tables
from Tests.adapter.small_comparison import small_comparison


@pytest.fixture(scope="module")
def run() -> Run:
    return small_comparison().run


# --- the table ---


def test_best_is_marked_only_where_models_compare():
    """Not of decisions at thresholds of their own, nor of the rows that are no models."""
    comparison = small_comparison()
    (rows,) = tables(total(comparison))
    marked = [["best" in cell for cell in row.split("<td")[2:]] for row in total(comparison).split("<tr")[2:]]
    by_column = dict(zip(rows[0][1:], zip(*marked)))
    for title in ("threshold", "accuracy", "F1"):
        assert not any(by_column[title])
    for title in ("AUC", "log loss", "calibration", "balanced", "training s", "new text µs", "seen µs"):
        assert any(by_column[title][:4]) and not any(by_column[title][4:]), title
    assert [row[0] for row in rows[5:]] == ["oracle", "always no click"]
    assert rows[1][rows[0].index("training s")] == "–"


def test_table_says_what_its_columns_are():
    part = total(small_comparison())
    for language in ("en", "zh"):
        (rows,) = tables(part, language)
        for figure, title in zip((FIGURES[column.key] for column in COLUMNS), rows[0][1:]):
            assert title == getattr(figure.title, language) and html.escape(getattr(figure.says, language)) in part
    assert "stand-in" in part and "替身" in part
    means = {key: dict(figures, train_seconds=30.0) for key, figures in small_comparison().figures[0].items()}
    assert "stand-in" not in total(replace(small_comparison(), figures=[means]))


# --- calibration ---


def test_expected_calibration_error_by_hand():
    """Ten rows are ten bins; of twenty, two and two."""
    labels = np.array([0, 1] * 5)
    assert expected_calibration_error(labels, np.full(10, 0.5)) == pytest.approx(0.5)
    assert expected_calibration_error(labels, labels.astype(float)) == 0
    predicted = np.repeat(np.linspace(0.05, 0.95, 10), 2)
    clicks = np.array([0, 1] * 10)
    assert expected_calibration_error(clicks, predicted) == pytest.approx(
        np.abs(np.linspace(0.05, 0.95, 10) - 0.5).mean()
    )
    shuffled = np.random.default_rng(0).permutation(20)
    assert expected_calibration_error(clicks[shuffled], predicted[shuffled]) == pytest.approx(0.25)


def test_section_of_calibration(run):
    part = calibration(run)
    labels = run.labels[run.test]
    curve, counts = drawings(part)
    assert len(list(curve.iter("polyline"))) == 1 + len(run.outcomes)  # and the diagonal
    assert len(list(counts.iter("polyline"))) == len(run.outcomes)
    errors = {}
    for outcome in run.outcomes:
        bins = np.array_split(np.argsort(outcome.probabilities, kind="stable"), 10)
        apart = [abs(outcome.probabilities[rows].mean() - labels[rows].mean()) for rows in bins]
        errors[outcome.key] = np.average(apart, weights=[len(rows) for rows in bins])
        assert expected_calibration_error(labels, outcome.probabilities) == pytest.approx(errors[outcome.key], abs=5e-3)
        ratio = f"{outcome.figures['calibration']:.3f}"
        error = f"{expected_calibration_error(labels, outcome.probabilities):.4f}"
        assert f">{ratio}, error {error}<" in part and f">{ratio}，误差 {error}<" in part
    assert errors[LR] > 2 * errors[WIDE_DEEP]  # balanced class weights
    assert "expected calibration error" in part and "期望校准误差" in part
    # Each curve's dots are of as many impressions in all as were tested, and of their clicks.
    told = [circle[0].text or "" for circle in curve.iter("circle")]
    for outcome in run.outcomes:
        dots = [re.findall(r"[0-9.]+", text.split("\n")[0].split(": predicted")[1]) for text in told
                if text.startswith(f"{Message.of(outcome.name).en}: predicted")]  # fmt: skip
        assert sum(int(count) for _, _, count in dots) == len(run.test)
        clicks = sum(float(rate) * int(count) for _, rate, count in dots)
        assert clicks == pytest.approx(labels.sum(), abs=0.001 * len(run.test))
        assert [float(mean) for mean, _, _ in dots] == sorted(float(mean) for mean, _, _ in dots)


# --- positions ---


@pytest.mark.parametrize(("clicks", "count"), [(0, 5), (5, 5), (1, 30), (40, 200)])
def test_interval_is_wilsons(clicks, count):
    low, high = binomtest(clicks, count).proportion_ci(method="wilson")
    assert wilson(clicks / count, count) == pytest.approx((low, high), abs=1e-7)


def test_positions_are_counted(run):
    found = places(run)
    assert [place.position for place in found] == list(range(1, 11))
    assert sum(place.shown for place in found) == len(run.test)
    for place in found:
        rows = [index for index, row in enumerate(run.test) if run.log.records[row]["position"] == place.position]
        clicks = [run.log.records[run.test[index]]["clicked"] for index in rows]
        assert place.shown == len(rows) and place.click_rate == pytest.approx(np.mean(clicks))
        assert place.low < place.click_rate < place.high
        for outcome in run.outcomes:
            assert place.predicted[outcome.key] == pytest.approx(np.mean([outcome.probabilities[row] for row in rows]))


def test_section_of_positions(run):
    part = positions(run)
    (rows,) = tables(part)
    assert rows[0] == ["position", "impressions", "click rate", "95% interval", "LR", "Wide & Deep"]
    for row, place in zip(rows[1:], places(run)):
        numbers = [f"{place.click_rate:.3f}", f"{place.low:.3f}–{place.high:.3f}"]
        predicted = [f"{place.predicted[key]:.3f}" for key in (LR, WIDE_DEEP)]
        assert row == [str(place.position), str(place.shown), *numbers, *predicted]
    inside = sum(place.low <= place.predicted[key] <= place.high for place in places(run) for key in (LR, WIDE_DEEP))
    assert part.count('class="best"') == inside > 0
    (drawing,) = drawings(part)
    assert len(list(drawing.iter("circle"))) == 10


# --- cold start ---


def made(train: list[tuple[str, str]], test: list[tuple[str, str, int, float]]) -> Run:
    """A run whose models predict the given probabilities, the LR half of them."""
    records = [{"query": query, "doc_id": document, "clicked": 0, "position": 1} for query, document in train]
    for query, document, click, _ in test:
        records.append({"query": query, "doc_id": document, "clicked": click, "position": 1})
    predicted = np.array([probability for _, _, _, probability in test])
    outcomes = [Outcome(LR, "LR", predicted / 2, {}), Outcome(WIDE_DEEP, "Wide & Deep", predicted, {})]
    labels = np.array([record["clicked"] for record in records])
    return Run(Log(records, None, 0, "made"), labels, np.arange(len(train), len(records)), outcomes)


def test_levels_count_training_alone():
    train = [("q", "a")] * OFTEN + [("q", "b")] * (OFTEN - 1) + [("r", "a")]
    test = [
        *[("q", "a", 1, 0.6), ("q", "a", 0, 0.2), ("q", "b", 0, 0.5), ("r", "a", 1, 0.3)],
        *[("r", "b", 1, 0.1), ("new", "a", 0, 0.4), ("new", "a", 0, 0.4)],
    ]
    run = made(train, test)
    often, rarely, never = levels(run, ("query", "doc_id"))
    assert [often.count, rarely.count, never.count] == [2, 2, 3]
    assert [level.count for level in levels(run, ("query",))] == [3, 2, 2]
    assert [level.count for level in levels(run, ("doc_id",))] == [5, 2, 0]
    assert often.click_rate == 0.5 and often.figures[WIDE_DEEP]["auc"] == 1
    assert often.figures[WIDE_DEEP]["calibration"] == pytest.approx(0.8) == 2 * often.figures[LR]["calibration"]
    assert often.figures[WIDE_DEEP]["log_loss"] == pytest.approx(-(np.log(0.6) + np.log(0.8)) / 2)
    assert rarely.figures[WIDE_DEEP]["auc"] == 0
    new = levels(run, ("query",))[2]  # without a click
    assert new.figures[LR]["auc"] is None is new.figures[LR]["calibration"]
    assert new.figures[LR]["log_loss"] == pytest.approx(-np.log(0.8))


def test_levels_of_a_real_run_are_its_parts(run):
    for fields in (("query", "doc_id"), ("query",), ("doc_id",)):
        found = levels(run, fields)
        assert sum(level.count for level in found) == len(run.test)
        clicks = sum(level.click_rate * level.count for level in found)
        assert clicks == pytest.approx(run.labels[run.test].sum())
    held_out = set(run.test.tolist())
    known = {(record["query"], record["doc_id"]) for row, record in enumerate(run.log.records) if row not in held_out}
    pairs = [(run.log.records[row]["query"], run.log.records[row]["doc_id"]) for row in run.test.tolist()]
    new = np.array([pair not in known for pair in pairs])
    never = levels(run, ("query", "doc_id"))[2]
    assert never.count == new.sum() > 0
    for outcome in run.outcomes[:2]:
        labels, predicted = run.labels[run.test][new], outcome.probabilities[new]
        assert never.figures[outcome.key] == {
            "auc": pytest.approx(roc_auc_score(labels, predicted)),
            "log_loss": pytest.approx(log_loss(labels, predicted)),
            "calibration": pytest.approx(predicted.mean() / labels.mean()),
        }


def test_section_of_cold_start(run):
    part = cold_start(run)
    (rows,) = tables(part)
    assert rows[0][1:] == ["AUC", "log loss", "calibration"] and rows[1][3:] == ["LR", "Wide & Deep"] * 3
    assert [row[0] for row in rows[2:]] == [
        text
        for kind in ("query × document", "query", "document")
        for text in (kind, "often (10 or more)", "rarely (1 to 9)", "never")
    ]
    (chinese,) = tables(part, "zh")
    assert [row[0] for row in chinese[2:]] == [
        text
        for kind in ("查询 × 文档", "查询", "文档")
        for text in (kind, "常见（10 次以上）", "少见（1 至 9 次）", "从未")
    ]
    often = levels(run, ("query", "doc_id"))[0]
    figures = [often.figures[key][name] for name in ("auc", "log_loss") for key in (LR, WIDE_DEEP)]
    assert rows[3][1:7] == [f"{often.count:,}", f"{often.click_rate:.3f}", *(f"{figure:.4f}" for figure in figures)]
    best = [name for row in part.split("<tr")[4:5] for name in row.split("<td")[1:] if 'class="best"' in name]
    assert len(best) == (3 if often.count >= 100 else 0)


def test_section_of_a_log_without_levels():
    run = made([("q", "a")] * OFTEN, [("q", "a", 1, 0.5), ("q", "a", 0, 0.5)])
    (rows,) = tables(cold_start(run))
    assert rows[3][1] == "2" and rows[4][1:] == ["0", *["–"] * 7]
    assert 'class="best"' not in cold_start(run)
    assert levels(replace(run, outcomes=run.outcomes[:1]), ("query",))[0].figures.keys() == {LR}
