"""IndexService.rank() by CTR inside the real testbed, where TESTBED names a checkout of it; it is only read.

The index, its search, the services and the models are real; Tests/host/stand_ins.py says what is not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable

import pytest

TESTBED = os.environ.get("TESTBED", "")
pytestmark = pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")

SLOTS = ("logistic_regression", "wide_and_deep")
COUNTS = ("10", "1000")


def rank(folder: Path, model: str) -> Any:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("rank.py")), TESTBED],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "CTR_MODEL": model, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    *printed, answer = done.stdout.splitlines()
    # The testbed ranks by TF-IDF and only prints so where a model fails it.
    assert not [line for line in printed if "失败" in line or "❌" in line]
    return json.loads(answer)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Any:
    ours = rank(tmp_path_factory.mktemp("ours"), "wide_deep")
    return {**ours, "LR": rank(tmp_path_factory.mktemp("lr"), "logistic_regression")["logistic_regression"]}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("slot", SLOTS)
def test_candidates_stand_in_the_order_of_the_models_own_probability(said: Any, slot: str, count: str) -> None:
    assert said[slot]["class"] == "testbed_adapter.host.ctr_model"
    answer = said[slot][count]
    found, own = answer["candidates"], answer["own"]
    assert len(set(found)) == int(count) and set(own) == set(found)
    # Equal probabilities keep the order of the search, as the testbed's sort does.
    in_order = sorted(found, key=lambda doc_id: -float.fromhex(own[doc_id]))
    for result in answer["results"]:
        assert [doc_id for doc_id, _ in result] == in_order
        assert all(probability == own[doc_id] for doc_id, probability in result)
    assert in_order != found
    probabilities = [float.fromhex(value) for value in own.values()]
    assert 0 < min(probabilities) < max(probabilities) < 1
    assert len(set(probabilities)) > 0.9 * int(count)


def test_time_beside_the_logistic_regression(said: Any, tabulate: Callable[[str, str], None]) -> None:
    assert said["LR"]["class"].startswith("search_engine.")
    names = {"LR": "LR (the testbed's own)", **{slot: f"ours in {slot}" for slot in SLOTS}}
    for key, name in names.items():
        times = (f"{1000 * seconds:8.1f}" for count in COUNTS for seconds in said[key][count]["seconds"])
        line = f"{name:32s} 10:{next(times)}{next(times)}   1,000:{next(times)}{next(times)}"
        tabulate("IndexService.rank(), ms: candidates not seen before, the same again", line)
    # Ranking 1,000 new texts is all feature extraction and prediction: several times the LR's speed.
    for slot in SLOTS:
        assert sum(said[slot]["1000"]["seconds"]) < sum(said["LR"]["1000"]["seconds"])
