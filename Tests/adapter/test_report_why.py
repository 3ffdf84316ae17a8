"""The report's explanation of one score: which impression, and the drawing of its terms."""

from __future__ import annotations

import html
import math
import re
from dataclasses import replace

import pytest

from testbed_adapter.compare.job import WIDE_DEEP
from testbed_adapter.explanation import Explanation, Term
from testbed_adapter.report.inside import Inside, look_inside
from testbed_adapter.report.waterfall import waterfall
from testbed_adapter.report.weights import pair_weights
from testbed_adapter.report.why import chosen, why
from Tests.adapter.report_reader import drawings, said
from Tests.adapter.small_comparison import EVIL, small_comparison


@pytest.fixture(scope="module")
def inside() -> Inside:
    found = look_inside(small_comparison().run)
    assert found is not None
    return found


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


@pytest.mark.parametrize("weights", [(0.5, -0.75, 2.0), (-3.0,), (0.0, 0.0), ()])
def test_waterfall_steps_from_0_to_the_logit(weights):
    explanation = told(*weights)
    (drawing,) = drawings(waterfall(explanation, explanation))
    bars = [(float(bar.get("x")), float(bar.get("width")), bar.get("fill")) for bar in drawing.iter("rect")]
    summands = [explanation.bias, *weights, explanation.deep, explanation.logit]
    assert len(bars) == len(summands)
    # The scale is told by the two bars that are surely long: widths are in proportion to the weights.
    scale = bars[0][1] / abs(explanation.bias)
    zero = bars[0][0] + bars[0][1]
    reached = 0.0
    for (x, across, fill), summand in zip(bars[:-1], summands):
        start, reached = reached, reached + summand
        assert x == pytest.approx(zero + min(start, reached) * scale, abs=0.3)
        assert across == pytest.approx(max(1.0, abs(summand) * scale), abs=0.3)
        assert fill == ("#1d5fd1" if summand > 0 else "#d9730d")
    assert bars[-1][0] == pytest.approx(zero + min(0, explanation.logit) * scale, abs=0.3)
    texts = [node.text for node in drawing.iter("text") if node.get("lang") != "zh"]
    assert [text for text in texts if re.fullmatch(r"[+-]\d\.\d{3}", text)] == [f"{one:+.3f}" for one in summands]
    assert f"logit {explanation.logit:+.3f} → click probability {explanation.probability:.1%}" in texts


def test_waterfall_has_both_scales_and_cuts_long_values():
    long = Explanation(0.5, 0.0, -1.0, 0.4, (Term("query_id", "长" * 40, 0.6),))
    (drawing,) = drawings(waterfall(long, long))
    texts = [node.text for node in drawing.iter("text")]
    assert "50%" in texts and "-1" in texts and "27%" in texts
    (cut,) = [text for text in texts if text.startswith("长")]
    assert cut.endswith("…") and len(cut) == 15
    assert any("长" * 40 in said(title) for title in drawing.iter("title"))  # whole under the pointer
