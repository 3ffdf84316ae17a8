"""The models of `make bench`: their sizes, their table of fake figures, and that ours trains each of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from Tests.benchmarks.speed import data, models
from Tests.benchmarks.speed.outcome import Outcome
from Tests.benchmarks.speed.peak import Peak
from Tests.benchmarks.speed.peers import ours_tool
from Tests.benchmarks.speed.peers.variants import PLAIN
from Tests.benchmarks.speed.work import MIDDLE, MODELS, Work

LR, FM, DEEPFM, DCN, DCN_V2 = MODELS


@pytest.fixture(scope="module")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> data.Data:
    return data.prepared(tmp_path_factory.mktemp("arrays"), True, 0)


def test_the_limit_counts_matrices_alone() -> None:
    assert LR.products == FM.products == Peak(ours=210e9).rows(LR.training_flops) == 0
    assert DEEPFM.products == MIDDLE.products + (13 * 16 - 13) * 256  # the numbers are fields
    assert DCN.products == MIDDLE.products  # its cross network has vectors
    assert DCN_V2.products == MIDDLE.products + 3 * (26 * 16 + 13) ** 2


def test_the_table_has_ratios_losses_and_the_share_of_the_limit_where_there_is_one() -> None:
    outcomes = [
        Outcome(
            work,
            {models.OURS: [400.0, 400.0], "torch": theirs},
            {models.OURS: "", "torch": "2 threads"},
            {models.OURS: (0.41, 2.0), "torch": (0.42, 2.0)},
        )
        for work, theirs in ((FM, [200.0, 100.0]), (DCN, [400.0, 250.0]))
    ]
    made = models.result(outcomes, Peak(ours=800.0 * DCN.training_flops), 1000, False)
    assert "| FM | 400 | 150 | 3.00 × (2.00…4.00) | ≥ 1.8 × ✓ | 0.4100 | 0.4200 |  |" in made.text
    assert "| DCN | 400 | 325 | 1.30 × (1.00…1.60) | ≥ 1.8 × ✗ | 0.4100 | 0.4200 | 50% |" in made.text
    assert "FM, batch 2,048, dim 16; DCN, batch 2,048, 256-128-64, dim 16, 3 cross layers." in made.text
    assert "FM: 2 threads; DCN: 2 threads." in made.text
    assert made.missed == [f"training, {DCN.about}: 1.30 × (1.00…1.60) torch, hand-tuned, not 1.8 ×"]
    assert [work["ratios"]["torch"]["met"] for work in made.json()["works"]] == [True, False]
    assert models.result(outcomes, Peak(ours=1.0), 1000, True).missed == []
    json.dumps(made.json())


def test_bins_are_fields_of_their_own_and_ascend_with_their_number(arrays: data.Data) -> None:
    ids, first = arrays.binned_ids[:, 26:], sum(data.VOCABULARY) + data.BINS * np.arange(13)
    assert (arrays.binned_ids[:, :26] == arrays.joint_ids).all()
    assert (ids.min(axis=0) == first).all() and (ids.max(axis=0) == first + data.BINS - 1).all()
    assert LR.fields == 39 and LR.ids == first[-1] + data.BINS
    assert (np.diff(ids[np.argsort(arrays.numbers[:, 3]), 3]) >= 0).all()
    rows = np.bincount(ids[:, 3] - first[3])
    assert abs(rows - arrays.rows / data.BINS).max() <= 1


@pytest.mark.parametrize("work", MODELS, ids=lambda work: work.model)
def test_ours_trains_each_model_and_learns(arrays: data.Data, tmp_path: Path, work: Work) -> None:
    few = data.Data(arrays.folder, arrays.numbers[:4096], arrays.ids[:4096], arrays.labels[:4096])
    tool = ours_tool.OursTool(few, tmp_path, PLAIN)
    assert tool.prepare(work)["rows"] == few.rows
    turn, found = tool.train(), tool.loss()
    assert turn["rows"] == few.rows and turn["seconds"] > 0 and found["epochs"] == 2
    rate = few.labels.mean()
    assert found["loss"] < -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate)) - 0.01
