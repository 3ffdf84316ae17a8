"""The generated click log with users: histories without a look ahead, conversions, and something to learn."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet

from testbed_adapter.commands import cli
from testbed_adapter.lab.clicklog import UserLog, generate, generate_users
from testbed_adapter.lab.compare.logs import read_log
from Tests.adapter.test_clicklog import FIELDS
from Tests.adapter.user_log_reference import reference

# What stands behind the testbed's own.
MORE = {
    "user_id": str, "session_id": str, "price": float, "history": list, "converted": int, "conversion_time": str
}  # fmt: skip


def log(*arguments: object) -> int:
    return cli.main(["log", *map(str, arguments)])


@pytest.fixture(scope="module")
def made() -> UserLog:
    return generate_users(6_003, seed=4)


def check_histories(records: Sequence[dict[str, Any]]) -> None:
    """The history of each is what its user had clicked by then, by the clicks' own times: nothing of its own page,
    nothing later, nobody else's."""
    clicks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for record in records:
        if record["clicked"]:
            clicks[record["user_id"]].append((record["click_time"], record["doc_id"]))
    lengths = set()
    for record in records:
        before = [document for time, document in sorted(clicks[record["user_id"]]) if time < record["timestamp"]]
        assert record["history"] == before[-20:]
        lengths.add(len(record["history"]))
    assert {0, 20} <= lengths


def test_the_testbeds_fields_and_those_of_users(made: UserLog) -> None:
    assert len(made.records) == len(made.click) == len(made.conversion) == 6_003
    for record in made.records:
        assert {name: type(value) for name, value in record.items()} == {**FIELDS, **MORE}
    assert set(generate(20)[0][0]) == set(FIELDS)


def test_same_seed_same_log(made: UserLog) -> None:
    again = generate_users(6_003, seed=4)
    assert again.records == made.records
    assert (again.click == made.click).all() and (again.conversion == made.conversion).all()
    assert generate_users(500, seed=5).records != made.records[:500]


def test_a_history_is_what_was_clicked_before(made: UserLog) -> None:
    check_histories(made.records)


def test_sessions_are_of_one_user_and_interleave(made: UserLog) -> None:
    owners, pages = defaultdict(set), defaultdict(list)
    for number, record in enumerate(made.records[::10]):
        owners[record["session_id"]].add(record["user_id"])
        pages[record["session_id"]].append(number)
    assert all(len(users) == 1 for users in owners.values())
    assert 3 < np.mean([len(found) for found in pages.values()]) < 7
    assert sum(found[-1] - found[0] >= len(found) for found in pages.values()) > len(pages) / 3
    at_once = [{record["user_id"] for record in made.records[start : start + 200]} for start in range(0, 6_000, 200)]
    assert max(map(len, at_once)) > 5


def test_clicks_and_conversions_have_the_probabilities_given() -> None:
    records, click, conversion = generate_users(30_000, seed=1)
    clicked = np.array([one["clicked"] for one in records])
    converted = np.array([one["converted"] for one in records])
    assert not converted[clicked == 0].any()
    for happened, probability in ((clicked, click), (converted[clicked == 1], conversion[clicked == 1])):
        assert ((probability > 0) & (probability < 1)).all()
        for rows in np.array_split(np.argsort(probability), 10):
            spread = np.sqrt((probability[rows] * (1 - probability[rows])).sum()) / len(rows)
            assert abs(happened[rows].mean() - probability[rows].mean()) < 4.5 * spread
    for record in records:
        assert bool(record["conversion_time"]) == bool(record["converted"])
        assert not record["converted"] or record["conversion_time"] > record["click_time"]


def test_there_is_something_to_learn() -> None:
    """The module's docstring has the figures of 20,000 records."""
    found = [reference(6_000, seed) for seed in (0, 1)]
    mean = {name: np.mean([one[name] for one in found]) for name in found[0]}
    assert mean["ids"] + 0.03 < mean["history"] < mean["oracle"] - 0.05
    assert mean["mean"] + 0.008 < mean["history"]  # single clicks tell more than their mean
    # Clicks select what converts less, and rank nothing of it.
    assert mean["conversion, clicked"] < mean["conversion, all"] - 0.01
    assert mean["conversion AUC"] > 0.75 and abs(mean["its AUC by clicks"] - 0.5) < 0.08


def test_appended_records_are_by_the_same_users(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    assert log("--users", "--out", path, "--records", 3000) == 0
    assert log("--append", "--out", path, "--records", 2005) == 0
    records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    assert records[:3000] == generate_users(3000).records and len(records) == 5005
    first, second = ({one["user_id"] for one in part} for part in (records[:3000], records[3000:]))
    assert len(first & second) > 10
    assert not {one["session_id"] for one in records[:3000]} & {one["session_id"] for one in records[3000:]}
    check_histories(records)
    assert len(read_log(path)) == 5005  # what `compare --data` and the doctor read


def test_users_are_not_put_behind_a_log_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.json"
    assert log("--out", path, "--records", 30) == 0
    before = path.read_bytes()
    assert log("--out", path, "--records", 30, "--users", "--append") == 1
    assert "--users" in capsys.readouterr().err and path.read_bytes() == before


def test_files_of_tables(tmp_path: Path) -> None:
    records = generate_users(700).records
    assert log("--users", "--records", 700, "--out", tmp_path / "log.parquet") == 0
    assert parquet.read_table(tmp_path / "log.parquet").to_pylist() == records
    assert log("--users", "--records", 700, "--out", tmp_path / "log.csv") == 0
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        assert [row["history"].split() for row in csv.DictReader(file)] == [one["history"] for one in records]
    assert log("--users", "--records", 5, "--out", tmp_path / "short.parquet") == 0
    assert str(parquet.read_schema(tmp_path / "short.parquet").field("history").type).startswith("list<")
