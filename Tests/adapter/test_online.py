"""Online learning: training goes on from the present weights on what is new, where the log says it can."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest

from testbed_adapter.host import evaluation, incremental
from testbed_adapter.host.ctr_model import CTRModel, WideAndDeepCTRModel
from testbed_adapter.host.impressions import ImpressionClassifier
from testbed_adapter.host.online import is_online, online
from testbed_adapter.host.records import ClickLog
from Tests.adapter.support import Record, click_log


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return click_log(900)


@pytest.fixture
def base(records: list[Record], workdir: Path) -> CTRModel:
    model = CTRModel()
    assert model.train(records[:600]).get("success")
    return model


def rows_of(model: CTRModel) -> int:
    assert model.model is not None
    count: int = model.model.info_["rows"]
    return count


def answers(model: CTRModel, records: list[Record]) -> list[float]:
    keys = ("query", "doc_id", "position", "score", "summary")
    return [model.predict_ctr(**{key: record[key] for key in keys}) for record in records]


@pytest.mark.parametrize("kind", [CTRModel, WideAndDeepCTRModel])
def test_it_goes_on_where_the_log_goes_on(kind: Any, records: list[Record], workdir: Path, capsys: Any) -> None:
    model = kind()
    first = model.train(records[:600])
    steps = model.model.info_["steps"]
    with online():
        result = model.train(records[:700])
    assert "新增 100 条" in capsys.readouterr().out
    assert result["success"] and result.keys() == first.keys()
    assert result["train_samples"] + result["test_samples"] == 700
    assert result["data_quality"]["total_samples"] == 700
    assert model.model.info_["steps"] > steps
    # 70 of each 100 are trained on, each counted once however often it is visited or replayed.
    assert rows_of(model) == result["train_samples"] == 490


def test_without_online_training_is_from_nothing(base: CTRModel, records: list[Record]) -> None:
    assert not is_online()
    result = base.train(records[:700])
    again = CTRModel()
    assert again.train(records[:700]) == result
    assert answers(base, records[:20]) == answers(again, records[:20])


def test_the_same_log_gives_the_same_bits_and_leaves_the_model_before(base: CTRModel, records: list[Record]) -> None:
    models = [base, copy.deepcopy(base), pickle.loads(pickle.dumps(base))]
    base.save_model("models/other.pkl")
    loaded = CTRModel()
    assert loaded.load_model("models/other.pkl")
    before = answers(base, records[:30])
    classifier = base.model
    with online():
        for model in [*models, loaded]:
            assert model.train(records[:650]).get("success")
    after = [answers(model, records[:30]) for model in [*models, loaded]]
    assert after[0] != before and all(each == after[0] for each in after)
    assert classifier is not base.model and classifier is not None
    features, _ = base.extract_features(records[:600])
    assert base.scaler is not None
    assert len(np.unique(classifier.predict_proba(base.scaler.transform(features)))) > 10


def test_held_out_records_are_never_trained_on(base: CTRModel, records: list[Record]) -> None:
    held = [base._trained.log.held_out]  # type: ignore[union-attr]
    with online():
        for count in (605, 606, 640, 900):
            base.train(records[:count])
            held.append(base._trained.log.held_out)  # type: ignore[union-attr]
    for before, after in zip(held, held[1:]):
        assert (after[: len(before)] == before).all()
    clicked = np.array([record["clicked"] for record in records])
    for label in (0, 1):
        assert held[-1][clicked == label].mean() == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(
    "change",
    [
        lambda log: log[1:],  # the first record is gone
        lambda log: log[:300],  # cleared, and begun again
        lambda log: [log[1], log[0], *log[2:]],
        lambda log: [{**log[0], "summary": log[0]["summary"] + "。"}, *log[1:]],
        lambda log: [{**log[0], "query": log[0]["query"] + "a", "doc_id": log[0]["doc_id"]}, *log[1:]],
        lambda log: [{**log[0], "score": log[0]["score"] + 1e-9}, *log[1:]],
        lambda log: [{**log[0], "timestamp": log[0]["timestamp"][:-1] + "9"}, *log[1:]],
        lambda log: [{**record, "clicked": 0} if record["clicked"] else record for record in log[:20]] + log[20:],
        lambda log: [{**record, "clicked": 1} for record in log[:200]] + log[200:],
    ],
)
def test_a_changed_log_is_trained_on_from_nothing(
    change: Callable[[list[Record]], list[Record]], base: CTRModel, records: list[Record], capsys: Any
) -> None:
    changed = change(records[:650])
    with online():
        result = base.train(changed)
    assert "从头训练" in capsys.readouterr().out
    assert CTRModel().train(changed) == result


def test_late_clicks_are_learnt_and_counted(base: CTRModel, records: list[Record]) -> None:
    late = [index for index in range(600) if not records[index]["clicked"]][-12:]
    log = [{**record, "clicked": 1} if index in late else record for index, record in enumerate(records[:620])]
    known = base._trained.log  # type: ignore[union-attr]
    assert known is not None
    growth = known.growth(ClickLog(log))
    assert growth is not None and growth.new == 20 and growth.late_clicks.tolist() == late
    part = incremental.rows_to_train(growth)
    new = set(part.rows[~part.replayed].tolist())
    assert new == {row for row in [*late, *range(600, 620)] if not growth.held_out[row]}
    assert not growth.held_out[part.rows].any() and len(set(part.rows.tolist())) == len(part.rows)
    before = answers(base, [log[row] for row in late])
    with online():
        assert base.train(log)["success"]
    assert np.mean(answers(base, [log[row] for row in late])) > np.mean(before)
    whole = CTRModel()
    whole.train(log)
    ours, theirs = base._trained.native.info(), whole._trained.native.info()  # type: ignore[union-attr]
    assert ours["rows"] >= theirs["rows"]


def test_nothing_new_changes_nothing(base: CTRModel, records: list[Record]) -> None:
    before = answers(base, records[:30])
    with online():
        result = base.train(records[:600])
    assert result["success"] and answers(base, records[:30]) == before


def test_new_queries_and_documents_join(base: CTRModel, records: list[Record]) -> None:
    fresh = [
        {**record, "query": "全新的查询", "doc_id": f"new{index % 2}", "clicked": index % 2}
        for index, record in enumerate(records[600:640])
    ]
    with online():
        base.train(records[:600] + fresh)
    chances = answers(base, [{**fresh[0], "doc_id": f"new{which}"} for which in (0, 1)])
    assert chances[1] > chances[0] + 0.1


def test_quality_comes_near_training_from_nothing(workdir: Path) -> None:
    from sklearn.metrics import roc_auc_score

    differences = []
    for seed in range(3):
        log = click_log(5000, seed=seed)
        learnt, later = log[:3000], log[3000:]
        model, whole = CTRModel(), CTRModel()
        model.train(learnt[:1500])
        with online():
            for end in range(1700, 3001, 100):
                assert model.train(learnt[:end])["success"]
        whole.train(learnt)
        clicked = [record["clicked"] for record in later]
        areas = [roc_auc_score(clicked, answers(each, later)) for each in (model, whole)]
        differences.append(areas[0] - areas[1])
    assert np.mean(differences) > -0.01


def test_after_online_training_the_classifier_has_its_own_settings(base: CTRModel, records: list[Record]) -> None:
    assert base.model is not None
    settings = base.model.get_params()
    with online():
        base.train(records[:650])
    assert base.model.get_params() == settings
    again = CTRModel()
    assert again.load_model() and again.model is not None
    restored = again.model.get_params()
    for name, value in settings.items():
        assert value is None or name in ("crosses", "categorical_features") or restored[name] == value
    assert restored["early_stopping"] is True and restored["epochs"] > 2


def test_the_metrics_are_there_after_a_reload(base: CTRModel, records: list[Record]) -> None:
    again = CTRModel()
    assert again.load_model()
    for name in ("accuracy", "auc", "precision", "recall", "f1", "training_samples"):
        assert getattr(again, name) == getattr(base, name)


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "no JSON",
        "[" * 100_000,
        "[]",
        '{"log": 3, "metrics": []}',
        '{"log": {"rows": -1, "digest": "", "clicked": "", "held_out": ""}}',
        '{"log": {"rows": 1e400, "digest": "", "clicked": "", "held_out": ""}}',
        '{"log": {"rows": 9, "digest": null, "clicked": "AA==", "held_out": "AA=="}}',
        '{"log": {"rows": 600, "digest": "x", "clicked": "é", "held_out": 5}}',
    ],
)
def test_a_file_with_other_notes_is_read_and_trained_anew(
    metadata: str, base: CTRModel, records: list[Record], capsys: Any
) -> None:
    base._trained.native.set_metadata(metadata)  # type: ignore[union-attr]
    base.save_model()
    again = CTRModel()
    assert again.load_model()
    with online():
        assert again.train(records[:650])["success"]
    assert "从头训练" in capsys.readouterr().out


def test_a_digest_tells_texts_apart_that_join_to_the_same(records: list[Record]) -> None:
    def of(*queries: str) -> list[str]:
        log = ClickLog([{**record, "query": query} for record, query in zip(records, queries)])
        return [incremental.digest(log, rows) for rows in (1, 2)]

    assert of("ab", "c") != of("a", "bc")
    assert of("ab", "c")[0] == of("ab", "d")[0] and of("ab", "c")[1] != of("ab", "d")[1]
    long = ClickLog(records[:50])
    assert incremental.digest(long, 50) == incremental.digest(ClickLog(records[:60]), 50)


@pytest.mark.parametrize(("rows", "share"), [(500, 0.5), (1999, (1999 / 2000) ** 0.5), (2000, 1.0), (9000, 1.0)])
def test_a_small_part_takes_smaller_steps(rows: int, share: float) -> None:
    def chosen(**arguments: Any) -> dict[str, Any]:
        part = incremental.TrainingRows(np.arange(rows), np.arange(rows) >= 20)
        return incremental.training_options(ImpressionClassifier(**arguments), part)

    assert chosen()["deep_learning_rate"] == pytest.approx(0.03 * share)
    assert chosen(wide_learning_rate=0.3).get("wide_learning_rate", 0.3) == pytest.approx(0.3 * share)
    assert "wide_learning_rate" not in chosen() and chosen()["epochs"] == 1


def test_the_split_goes_on(records: list[Record]) -> None:
    labels = np.array([record["clicked"] for record in records])
    _, test = evaluation.split(labels[:300])
    held = np.zeros(300, dtype=bool)
    held[test] = True
    for count in range(301, 420):
        held = evaluation.grown_split(labels[:count], held)
    assert held.mean() == pytest.approx(0.3, abs=0.01)
    assert len(np.unique(np.diff(np.flatnonzero(held[300:])))) > 2  # not each third


def test_notes_are_json(base: CTRModel) -> None:
    notes = json.loads(base._trained.native.info()["metadata"])  # type: ignore[union-attr]
    assert set(notes) == {"metrics", "log"}
