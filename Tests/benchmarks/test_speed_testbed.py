"""The testbed's section of `make bench`: a small run whole, and its limits on figures put together here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from testbed_adapter.host import words
from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.compare.measure import impressions
from testbed_adapter.lab.compare.run import LR
from Tests.benchmarks.speed.section import Settings
from Tests.benchmarks.speed.testbed import SECTION, jobs, report, serving
from Tests.benchmarks.speed.testbed.jobs import OURS, Jobs, Size, sizes
from Tests.benchmarks.speed.testbed.limits import limits
from Tests.benchmarks.speed.testbed.serving import Prediction, Ranking, Serving
from Tests.benchmarks.speed.testbed.training import Training, exponent


def made(
    lr: float = 31.0, beyond: float = 29.0, again: int = 0, is_host_lr: bool = True, last: float = 50.0
) -> tuple[list[bool], list[str]]:
    """Whether each limit was met, and what the section says was missed, of a run with these figures."""
    trainings = [
        Training(10_000, {LR: [9.0, 9.0, 9.0], OURS: [0.1, 0.1, 0.1]}, {}),
        Training(20_000, {LR: [lr, lr, lr], OURS: [1.0, 1.0, 1.0]}, {}),
        Training(100_000, {OURS: [5.0]}, {}),
        Training(1_000_000, {OURS: [last]}, {}),
    ]
    predict = {key: [Prediction(70 + beyond, 15.0, 70.0)] * 3 for key in (LR, OURS)}
    ranks = {count: {key: [Ranking(2.0, 1.0)] * 3 for key in (LR, OURS)} for count in serving.CANDIDATES}
    run = Jobs(trainings, Serving(predict, ranks, again), is_host_lr)
    found = limits(run)
    text = report.result(run, Settings(out=Path("/nonexistent"))).missed if found else []
    return [limit.met for limit in found], text


@pytest.fixture(autouse=True)
def _no_plot(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if "plot" not in request.node.name:
        monkeypatch.setattr("Tests.benchmarks.speed.testbed.plot.draw", lambda jobs, path: False)


def test_limits() -> None:
    assert made() == ([True, True, True, True], [])
    met, missed = made(lr=29.0)
    assert met == [False, True, True, True] and "29.00 ×" in missed[0] and "≥ 30 ×" in missed[0]
    assert made(last=90.0)[0] == [True, False, True, True]
    assert made(beyond=31.0)[0] == [True, True, False, True]
    assert made(again=1)[0] == [True, True, True, False]
    # The replica's training time is not the testbed's.
    assert made(lr=1.0, is_host_lr=False)[0] == [True, True, True]


def test_exponent() -> None:
    records = [1_000, 10_000, 100_000]
    assert exponent(records, [0.003 * count for count in records]) == pytest.approx(1)
    assert exponent(records, [1e-8 * count**2 for count in records]) == pytest.approx(2)


def test_sizes() -> None:
    whole = sizes(Settings(rounds=5))
    assert [size.records for size in whole] == [1_000, 10_000, 20_000, 100_000, 1_000_000]
    assert [size.with_lr for size in whole] == [True, True, True, False, False]
    assert max(size.records for size in sizes(Settings(quick=True))) <= 2_000


def test_candidates_have_texts_of_their_own_and_are_ranked_as_the_testbed_does() -> None:
    class Known:
        def predict_ctr(self, query: str, doc_id: str, position: int, score: float, summary: str) -> float:
            return position * 7 % 5

    records, _ = generate(200, seed=1)
    shown = impressions(records, np.arange(200), 20, 0)
    page = serving.page(serving.Rewriter(records, 0), shown, 30)
    assert len({one[0] for one in page}) == 1 and len({one[4] for one in page}) == 30
    assert [one[2] for one in page] == list(range(1, 31))
    assert not {one[4] for one in page} & {record["summary"] for record in records}
    ranked = serving.rank(Known(), page)
    assert [answer[2] for answer in ranked] == sorted((place * 7 % 5 for place in range(1, 31)), reverse=True)


def test_segmentations_are_counted() -> None:
    with serving.counted_segmentations() as counts:
        words.segment("一个文本")
        words.segment("一个文本")
    words.segment("一个文本")
    assert counts == {"一个文本": 2}


def test_a_small_run_with_its_plot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(jobs, "sizes", lambda settings: [Size(300, 2), Size(500, 1, with_lr=False)])
    monkeypatch.setattr(serving, "_PAGES", {10: 2, 1_000: 1})
    result = SECTION.run(Settings(quick=True, rounds=2, out=tmp_path))
    assert (tmp_path / report.PLOT).read_bytes().startswith(b"\x89PNG")
    assert f"]({report.PLOT})" in result.text and "replica" in result.text and result.missed == []
    data = json.loads(json.dumps(result.json()))
    assert [one["records"] for one in data["train"]] == [300, 500]
    assert all(one["epochs"] >= 1 for one in data["train"])
    assert [sorted(one["seconds"]) for one in data["train"]] == [sorted([LR, OURS]), [OURS]]
    assert len(data["predict_us"][OURS]) == 2 and data["predict_us"][OURS][0]["segmentation"] > 0
    assert data["limits"][-1] == {"about": "texts segmented again", "measured": "0", "asked": "0", "met": True}
