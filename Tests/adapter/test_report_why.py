"""The report's explanation of one score: which impression, and the drawing of its terms."""

from __future__ import annotations

import html
import math
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from testbed_adapter.estimator.explanation import Explanation, Term
from testbed_adapter.lab.compare.run import WIDE_DEEP
from testbed_adapter.lab.report.inside import Inside
from testbed_adapter.lab.report.style import STYLE
from testbed_adapter.lab.report.waterfall import waterfall
from testbed_adapter.lab.report.weights import pair_weights
from testbed_adapter.lab.report.why import chosen, why
from Tests.adapter.report_reader import said
from Tests.adapter.small_comparison import EVIL, small_inside


@pytest.fixture(scope="module")
def inside() -> Inside:
    return small_inside()


def test_chosen_impression_is_of_the_rule(inside):
    run = inside.run
    row = chosen(inside)
    predicted = dict(zip(run.test.tolist(), run.outcome(WIDE_DEEP).probabilities))
    weights = pair_weights(inside.tensors)

    def weight(row: int) -> float:
        query, document = inside.features[row, [12, 13]].astype(int).tolist()
        return weights.get((str(query), str(document)), -math.inf)

    rate = run.labels[inside.trained].mean()
    fitting = [row for row in run.test.tolist() if run.labels[row] == 1 and predicted[row] > rate]
    assert row in fitting and weight(row) == max(map(weight, fitting)) > 0
    assert chosen(replace(inside, tensors={})) is None and why(replace(inside, tensors={})) == ""


def test_section_tells_what_predict_ctr_answers(inside):
    record = inside.run.log.records[chosen(inside)]
    answer = inside.model.predict_ctr(*(record[name] for name in ("query", "doc_id", "position", "score", "summary")))
    part = why(inside)
    assert f"<dd>{answer:.4f}</dd>" in part and f"click probability {answer:.1%}" in part
    assert f"{inside.run.log.probabilities[chosen(inside)]:.4f}" in part
    assert html.escape(record["query"]) in part and EVIL not in part
    assert "true click probability" not in why(
        replace(inside, run=replace(inside.run, log=replace(inside.run.log, probabilities=None)))
    )


def told(*weights: float, bias: float = -1.5, deep: float = 0.25) -> Explanation:
    logit = bias + sum(weights) + deep
    terms = tuple(Term(f"f{place}", f"<value {place}>", weight) for place, weight in enumerate(weights))
    return Explanation(1 / (1 + math.exp(-logit)), logit, bias, deep, terms)


def places(node: ElementTree.Element) -> list[float]:
    """Left, and width where it has one, in percent of the track."""
    return [float(number) for number in re.findall(r"([\d.]+)%", node.get("style"))]


@pytest.mark.parametrize("weights", [(0.5, -0.75, 2.0), (-3.0,), (0.0, 0.0), ()])
def test_waterfall_steps_from_0_to_the_logit(weights):
    explanation = told(*weights)
    drawing = ElementTree.fromstring(waterfall(explanation, explanation))
    bars = [(*places(bar), bar.get("class")) for bar in drawing.iter("u")]
    summands = [explanation.bias, *weights, explanation.deep, explanation.logit]
    assert len(bars) == len(summands)
    # The scale is told by the bar that is surely long: widths are in proportion to the weights.
    scale = bars[0][1] / abs(explanation.bias)
    (zero,) = {places(axis)[0] for axis in drawing.iter("i")}
    assert zero == pytest.approx(bars[0][0] + bars[0][1], abs=0.02)
    reached = 0.0
    for (left, across, kind), summand in zip(bars[:-1], summands):
        start, reached = reached, reached + summand
        assert left == pytest.approx(zero + min(start, reached) * scale, abs=0.1)
        assert across == pytest.approx(abs(summand) * scale, abs=0.1)
        assert kind == ("up" if summand > 0 else "down")
    assert bars[-1][0] == pytest.approx(zero + min(0, explanation.logit) * scale, abs=0.1) and bars[-1][2] == "sum"
    assert all(left >= 0 and left + across <= 100 for left, across, _ in bars)
    assert [node.text for node in drawing.iter("td") if "figure" in node.get("class")] == [
        f"{one:+.3f}" for one in summands
    ]
    (result,) = drawing.iter("p")
    assert said(result) == f"logit {explanation.logit:+.3f} → click probability {explanation.probability:.1%}"


def test_waterfall_shows_the_deep_part_and_the_sum_however_narrow_the_page():
    """Nothing of it is wider than the page: no bar is too short to see, and on a phone names stand above their bars."""
    long = told(4.0, deep=0.0004)
    drawing = ElementTree.fromstring(waterfall(long, long))
    names = [said(name) for name in drawing.iter("td") if name.get("class") == "name"]
    assert names[-2:] == ["deep part", "sum: the logit"]
    assert not list(drawing.iter("svg")) and 'class="wide"' not in waterfall(long, long)
    assert re.search(r"\.track u {[^}]*min-width: 2px", STYLE)
    phone = STYLE.split("@media (max-width: 560px)")[1]
    assert '"name figure" auto "track track"' in phone


def test_waterfall_has_both_scales_and_whole_values():
    long = Explanation(0.5, 0.0, -1.0, 0.4, (Term("query_id", "长" * 40, 0.6),))
    drawing = ElementTree.fromstring(waterfall(long, long))
    (scale,) = [node for node in drawing if node.get("class") == "step scale"]
    ticks = ["".join(tick.itertext()) for tick in scale.iter("span") if tick.get("style")]
    assert "050%" in ticks and "-127%" in ticks
    assert [node.text for node in drawing.iter("small")] == ["长" * 40]
