"""The testbed's classes never raise at what a user, a log or an output does to them."""

from __future__ import annotations

import datetime
import io
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from testbed_adapter.host.ctr_model import CTRModel, WideAndDeepCTRModel
from Tests.adapter.support import click_log, python


class Unshowable:
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


class Strange(str):
    def __str__(self) -> str:
        return 7  # type: ignore[return-value]


def nested(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


HUGE = 10**5000
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        3,
        2**53,
        2**63,
        2**64,
        HUGE,
        -HUGE,
        0.5,
        -0.0,
        1e308,
        math.nan,
        math.inf,
        -math.inf,
    ),
    *(
        "",
        "1",
        "0.5",
        "1_0",
        "\0",
        "a\0b",
        "\ud83d",
        "\udc00x",
        "😀",
        "e\u0301",
        "\u202e",
        "<script>",
        "'; drop",
        b"1",
        b"",
    ),
    *(
        np.float32(0.5),
        np.float64(math.nan),
        np.int8(3),
        np.uint64(2**64 - 1),
        np.bool_(True),
        np.str_("词"),
        np.array(1),
    ),
    *(np.array([1, 2]), np.datetime64("NaT"), np.datetime64("2025-01-01"), pd.NaT, pd.NA, pd.Timestamp("2025-01-01")),
    *(Decimal("0.5"), Decimal("NaN"), Fraction(1, 3), Fraction(HUGE), 1j, datetime.date(2025, 1, 1), object(), [], {}),
    *([1], {"a": 1}, (1,), {1}, nested(5000), Unshowable(), Strange("词"), range(3), io.StringIO(), int, lambda: 1),
)
FIELDS = ("query", "doc_id", "position", "score", "summary")


def test_any_impression_is_answered_by_a_number(trained: Any, capsys: Any) -> None:
    given = dict(zip(FIELDS, ("机器学习", "doc1", 1, 0.375, "摘要")))
    asked = 0
    for field in FIELDS:
        for value in ODD:
            for model in (trained, CTRModel(), WideAndDeepCTRModel()):
                answer = model.predict_ctr(**{**given, field: value})
                asked += 1
                assert math.isfinite(float(answer)), (field, type(value))
                if model is trained and field != "score":
                    assert 0 <= answer <= 1
    random = np.random.default_rng(5)
    for places in random.integers(0, len(ODD), (2000, len(FIELDS))).tolist():
        answer = trained.predict_ctr(*(ODD[place] for place in places))
        assert math.isfinite(float(answer))
    assert "预测失败" in capsys.readouterr().out and asked > 700


def test_large_texts(trained: Any) -> None:
    for text in ("摘要" * 1_700_000, "\0" * 1_000_000, "😀" * 300_000, "\ud83d" * 300_000):
        assert 0 <= trained.predict_ctr("查询", "d", 1, 0.5, text) <= 1


def test_any_record_is_trained_on_or_named(workdir: Path) -> None:
    """One odd value in one record: an error that names both, or a training that has taken it."""
    fields = ("query", "doc_id", "position", "score", "summary", "clicked", "timestamp", "doc_length")
    for field in fields:
        for value in ODD:
            log = [dict(record) for record in click_log(9)]  # too few to train on: what is checked is checked before
            log[4][field] = value
            error = CTRModel().train(log)["error"]
            named = "第 5 条记录" in error and f"'{field}'" in error and len(error) < 300
            assert (
                named or error.startswith("数据量不足") or (field in ("score", "summary", "timestamp", "doc_length"))
            ), error
            try:
                X, labels = CTRModel().extract_features(log)
            except ValueError as refusal:
                said = str(refusal)
                assert "条记录" in said and f"'{field}'" in said and len(said) < 300, (field, type(value), said)
            else:
                assert X.shape == (9, 36) and labels.shape == (9,) and np.isfinite(X).all()


@pytest.mark.parametrize(
    "records",
    [
        *(None, [], (), {}, "", 0, 7, "text", [None], [[]], [1], {"a": 1}, object(), iter([]), (x for x in "ab")),
        *(
            pd.DataFrame(),
            pd.DataFrame(click_log(12)),
            np.array([]),
            np.array(click_log(2)),
            [Unshowable()],
            [{}],
            [{1: 2}],
        ),
        *([{"clicked": 1}] * 20, [nested(5000)]),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_is_no_log_is_an_error_dict(records: Any, workdir: Path) -> None:
    for kind in (CTRModel, WideAndDeepCTRModel):
        result = kind().train(records)
        assert result["error"] and result["auc"] == 0.0 and "success" not in result and not Path("models").exists()


def test_records_that_come_while_training_wait_for_the_next(workdir: Path, monkeypatch: Any) -> None:
    """The testbed's service appends to the very list that it hands out."""
    from testbed_adapter.host import records as records_room

    log, later = click_log(300), click_log(400)[300:]
    read = records_room.ClickLog._values

    def reading(self: Any, field: str) -> Any:
        log.append(later.pop())
        return read(self, field)

    monkeypatch.setattr(records_room.ClickLog, "_values", reading)
    result = CTRModel().train(log)
    assert result.get("success"), result
    assert result["data_quality"]["total_samples"] == 300 and len(log) > 300


# --- outputs ---

ALL = """
import sys, math
from Tests.adapter.support import click_log, impression
from testbed_adapter.host.ctr_model import CTRModel, WideAndDeepCTRModel
said = sys.stderr
exec(sys.argv[1])
log = click_log(120)
for record in log[::7]: record['query'] += '\\ud83d'
for kind in (CTRModel, WideAndDeepCTRModel):
    model = kind()
    result = model.train(log)
    assert result.get('success'), result
    assert math.isfinite(model.predict_ctr('q', 'd', 1, 0.5, None)) and model.predict_ctr(*impression(log[0])) > 0
    model.save_model('model\\udcff'); assert model.load_model('model\\udcff')
    open('text', 'w').close(); assert model.load_model('text') is False
    model.reset()
print('done', file=said)
"""
OUTPUTS = {
    "ascii": ("", {"PYTHONIOENCODING": "ascii"}),
    "gbk": ("", {"PYTHONIOENCODING": "gbk"}),
    "the C locale": ("", {"PYTHONIOENCODING": "", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}),
    "utf-8": ("", {"PYTHONIOENCODING": "utf-8"}),
    "none": ("sys.stdout = None", {}),
    "closed": ("sys.stdout.close()", {}),
    "full": ("sys.stdout = open('/dev/full', 'w', buffering=1)", {}),
    "unread": ("import os; r, w = os.pipe(); os.close(r); sys.stdout = os.fdopen(w, 'w', buffering=1)", {}),
}


@pytest.mark.parametrize("output", OUTPUTS)
def test_no_output_stops_a_model(output: str, tmp_path: Path) -> None:
    code, environment = OUTPUTS[output]
    done = python(ALL, code, cwd=tmp_path, **environment)
    assert "done" in done.stderr and "Traceback" not in done.stderr.split("Exception ignored")[0], done.stderr
    assert (tmp_path / "models" / "ctr_model.pkl").exists()
    if output == "ascii":
        assert "\\u8bad" not in done.stdout and "CTR\\u6a21\\u578b\\u5df2\\u4fdd\\u5b58" in done.stdout
