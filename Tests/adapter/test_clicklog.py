"""The generated click log: the testbed's format, and as hard as it says."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from typing import Any

import jieba
import numpy as np
import pytest

from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.clicklog.vocabulary import GENERIC, JOINERS, LINK, TOPIC_OF, TOPICS
from testbed_adapter.lab.clicklog.world import make_world
from Tests.adapter.click_log_reference import reference

# The fields of the testbed's CTRSampleConfig, with their types.
FIELDS = {
    "timestamp": str, "query": str, "doc_id": str, "position": int, "score": float, "clicked": int, "summary": str,
    "doc_length": int, "query_length": int, "summary_length": int, "request_id": str, "request_time": str,
    "match_score": float, "query_ctr": float, "doc_ctr": float, "position_decay": float, "click_count": int,
    "click_time": str, "last_click_time": str,
}  # fmt: skip


@pytest.fixture(scope="module")
def log() -> tuple[list[dict[str, Any]], np.ndarray]:
    return generate(5_003, seed=4)


def test_fields_and_types(log):
    records, probabilities = log
    assert len(records) == len(probabilities) == 5_003
    for record in records:
        assert {name: type(value) for name, value in record.items()} == FIELDS
        assert record["doc_length"] == record["summary_length"] == len(record["summary"])
        assert record["query_length"] == len(record["query"])
        assert record["position_decay"] == round(1 / record["position"], 4)
        assert record["score"] > 0 and record["clicked"] in (0, 1)


def test_same_seed_same_log(log):
    again, probabilities = generate(5_003, seed=4)
    assert again == log[0] and (probabilities == log[1]).all()
    other, _ = generate(5_003, seed=5)
    assert other != again


@pytest.mark.parametrize(
    ("records", "after", "digest"), [(403, None, "6a2cc3e58670ca64"), (57, "2025-02-01T00:00:00", "f4b7cd2e9bad39f5")]
)
def test_the_log_of_a_seed_stays_what_it_was(records, after, digest):
    """Published figures are of these very records."""
    text = json.dumps(generate(records, 3, after)[0], ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest


def test_pages_and_times(log):
    records, _ = log
    times = [record["timestamp"] for record in records]
    assert times == sorted(set(times))
    assert {len(time) for time in times} == {len("2025-01-01T00:00:00.000000")}
    pages = defaultdict(list)
    for record in records:
        pages[record["request_id"]].append(record)
    assert len(pages) == 501
    for page in list(pages.values())[:-1]:
        assert [record["position"] for record in page] == list(range(1, 11))
        assert len({record["query"] for record in page}) == 1
        assert len({record["doc_id"] for record in page}) == 10
        first, last = (datetime.datetime.fromisoformat(page[i]["timestamp"]) for i in (0, -1))
        assert last - first < datetime.timedelta(milliseconds=10)


def test_clicks_have_times(log):
    for record in log[0]:
        assert bool(record["click_time"]) == bool(record["clicked"]) == bool(record["click_count"])
        assert not record["click_time"] or record["click_time"] > record["timestamp"]
        assert (record["click_count"] > 1) == bool(record["last_click_time"])


def test_histories_are_what_the_data_service_saw(log):
    """Impressions before this one count, of this page too; clicks of this page have not happened yet."""
    shown: dict[str, int] = defaultdict(int)
    clicks: dict[str, int] = defaultdict(int)
    page: list[dict[str, Any]] = []
    for record in log[0]:
        if page and record["request_id"] != page[0]["request_id"]:
            for earlier in page:
                for key in (earlier["query"], earlier["doc_id"]):
                    clicks[key] += earlier["clicked"]
            page = []
        for key, field in ((record["query"], "query_ctr"), (record["doc_id"], "doc_ctr")):
            assert record[field] == pytest.approx(round(clicks[key] / shown[key], 4) if shown[key] else 0.1)
            shown[key] += 1
        page.append(record)


def test_vocabulary():
    words = [word for topic in TOPICS for word in topic] + GENERIC
    assert len(words) == len(set(words))
    assert all(len(topic) >= 20 for topic in TOPICS) and 8 <= len(TOPICS) <= 12
    assert set(TOPIC_OF) | set(GENERIC) == set(words)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_words_come_back_when_the_texts_are_cut(seed):
    world = make_world(seed)
    for text, words in zip(world.query_texts, world.query_words):
        assert [word for word in jieba.lcut(text) if word != LINK] == words
    for text, words in zip(world.summaries, world.summary_words):
        assert [word for word in jieba.lcut(text) if word not in JOINERS and word != "。"] == words


def test_popular_pairs_repeat(log):
    pairs = defaultdict(int)
    for record in log[0]:
        pairs[record["query"], record["doc_id"]] += 1
    repeated = sum(count for count in pairs.values() if count >= 5)
    assert repeated > 0.6 * len(log[0])


def test_probabilities_are_those_of_the_clicks():
    records, probabilities = generate(50_000, seed=1)
    clicked = np.array([record["clicked"] for record in records])
    assert ((probabilities > 0) & (probabilities < 1)).all()
    order = np.argsort(probabilities)
    for rows in np.array_split(order, 10):
        expected = probabilities[rows].mean()
        spread = np.sqrt((probabilities[rows] * (1 - probabilities[rows])).sum()) / len(rows)
        assert abs(clicked[rows].mean() - expected) < 4.5 * spread


def test_difficulty():
    """The package's docstring has the exact figures, over ten seeds; here two, with the width of two."""
    found = [reference(20_000, seed) for seed in (0, 1)]
    mean = {name: np.mean([one[name] for one in found]) for name in found[0]}
    assert 0.15 < mean["click rate"] < 0.25
    assert 0.745 < mean["oracle"] < 0.785
    assert 0.655 < mean["LR"] < 0.70
    assert 0.42 < mean["one-hot share"] < 0.64
    assert mean["topics share"] > mean["one-hot share"] + 0.08
    assert mean["topics, rare"] > mean["one-hot, rare"] + 0.015


@pytest.mark.parametrize(("records", "seed"), [(0, 0), (-3, 0), (10, -1)])
def test_wrong_arguments(records, seed):
    with pytest.raises(ValueError, match=str(min(records, seed))):
        generate(records, seed)


def test_one_record():
    records, probabilities = generate(1)
    assert len(records) == len(probabilities) == 1
