"""TextColumn by row, each distinct one once."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import jieba
import numpy as np
import pytest

from testbed_adapter.host import text_column as texts_room
from testbed_adapter.host import words as words_room
from testbed_adapter.host.ctr_model import CTRModel
from testbed_adapter.host.impressions import ImpressionClassifier
from testbed_adapter.host.records import ClickLog, RecordError, records_table
from testbed_adapter.host.text_column import TextColumn
from testbed_adapter.native.model import NativeModel
from Tests.adapter.support import click_log

SOME = ["学习", "", "机器 学习", "学习", "a\0b", "😀", "机器 学习", "学习", "C++，Python"]


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each text is segmented, from an empty cache."""
    counted: Counter[str] = Counter()
    segment = words_room.segment

    def counting(text: str) -> words_room.Words:
        counted[text] += 1
        return segment(text)

    cache = words_room.WordCache()
    monkeypatch.setattr(words_room, "segment", counting)
    monkeypatch.setattr(texts_room, "words", cache.words)
    monkeypatch.setattr("testbed_adapter.host.ctr_model.words", cache.words)
    return counted


def test_rows_and_distinct_texts() -> None:
    column = TextColumn.of(SOME)
    assert list(column) == SOME and len(column) == len(SOME) and column[2] == SOME[2]
    assert column.distinct == list(dict.fromkeys(SOME))
    assert column.lengths().tolist() == list(map(len, SOME))
    assert [column.used(rows) for rows in range(6)] == [0, 1, 2, 3, 3, 4]
    assert list(TextColumn.of([])) == [] and TextColumn.of([]).used(0) == 0


def test_a_part() -> None:
    rows = np.array([7, 0, 4, 4])
    part = TextColumn.of(SOME).part(rows)
    assert list(part) == [SOME[row] for row in rows] and sorted(part.distinct) == sorted({SOME[0], SOME[4]})
    assert list(part.part(np.array([], dtype=np.int64))) == []


def test_as_arrow() -> None:
    column = TextColumn.of(SOME)
    whole, lists = column.with_words()
    assert whole.to_pylist() == column.array().to_pylist() == SOME
    assert lists.to_pylist() == [jieba.lcut(text) for text in SOME]
    whole.validate(full=True)
    lists.validate(full=True)
    empty, no_lists = TextColumn.of([]).with_words()
    assert len(empty) == len(no_lists) == 0


def test_what_utf8_cannot_hold_may_become_the_same_text() -> None:
    column = TextColumn.of(["b", "a\ud83d", "a?", "a\udc00", "b"])
    assert column.distinct == ["b", "a?"] and column.codes.tolist() == [0, 1, 1, 1, 0]


def test_too_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    column = TextColumn.of(["学习 学习 学习"] * 3)
    monkeypatch.setattr(texts_room, "_LARGEST_TABLE", 20)
    column.with_words()  # 20 bytes, though they stand in three rows
    monkeypatch.setattr(texts_room, "_LARGEST_TABLE", 19)
    with pytest.raises(RecordError, match="20 bytes"):
        column.with_words()
    monkeypatch.setattr(texts_room, "_LARGEST_TABLE", 12)
    with pytest.raises(RecordError, match="15 words"):
        TextColumn.of(["学 a b"] * 3).with_words()


def test_a_training_segments_each_distinct_text_once(cut: Counter[str], tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    log = click_log(400)
    model = CTRModel()
    assert model.train(log)["success"]
    assert set(cut.values()) == {1}
    assert set(cut) == {record["query"] for record in log} | {record["summary"] for record in log}
    cut.clear()
    for record in log[:20]:
        model.predict_ctr(record["query"], record["doc_id"], record["position"], record["score"], record["summary"])
    assert model.train(log)["success"]
    assert not cut
    model.predict_ctr("没有见过的查询", "doc", 1, 0.5, "没有见过的摘要")
    model.predict_ctr("没有见过的查询", "doc", 2, 0.5, "没有见过的摘要")
    assert cut == {"没有见过的查询": 1, "没有见过的摘要": 1}


def test_a_training_extracts_its_features_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.chdir(tmp_path)
    rows: list[int] = []
    extract = NativeModel.extract_features

    def counting(self: NativeModel, table: Any) -> Any:
        rows.append(table.num_rows)
        return extract(self, table)

    monkeypatch.setattr(NativeModel, "extract_features", counting)
    assert CTRModel().train(click_log(400))["success"]
    assert rows == [400]


def test_a_part_of_a_log_is_the_log_of_those_records() -> None:
    log = click_log(60)
    for index, record in enumerate(log):
        record["doc_id"] = index % 7 if index % 3 else record["doc_id"]
        record["doc_length"] = None if index % 2 else record["doc_length"]
    random.Random(3).shuffle(log)
    whole, rows = ClickLog(log), np.array([3, 4, 17, 40, 59])
    whole.table()
    part, anew = whole.part(rows).table(), records_table([log[row] for row in rows])
    assert part.to_pydict() == anew.to_pydict()


def test_a_click_history_needs_no_words(cut: Counter[str]) -> None:
    log = click_log(200)
    records = ClickLog(log)
    table = records.table(words=False)
    assert not cut and set(map(len, table.column("query_words").to_pylist())) == {0}
    assert table.column("summary").to_pylist() == [record["summary"] for record in log]
    X, y = CTRModel().extract_features(log)
    trained = ImpressionClassifier(random_state=0, epochs=1).fit(X, y)._native
    scale = np.ones(12)
    answers = []
    for given in (table, records.table()):
        trained.set_history(given, 0 * scale, scale)
        trained.extend_history(given)
        answers.append(trained.to_bytes())
    assert answers[0] == answers[1]


def test_records_in_time_order_are_said_to_be() -> None:
    log = click_log(30)
    assert records_table(log).column("time").to_pylist() == list(range(30))
    log[4], log[5] = log[5], log[4]
    assert "time" not in records_table(log).schema.names
