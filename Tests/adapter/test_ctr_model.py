"""The testbed's two classes: results, predictions, files, and many threads."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import classification_report, roc_auc_score
from sklearn.model_selection import StratifiedShuffleSplit, cross_val_score

from testbed_adapter.host.ctr_model import FEATURE_NAMES, CTRModel, WideAndDeepCTRModel
from Tests.adapter.support import Record, click_log, impression

LR_KEYS = [
    *("success", "accuracy", "auc", "precision", "recall", "f1", "train_samples", "test_samples"),
    *("train_score", "test_score", "feature_weights", "data_quality"),
]


def test_the_results_are_the_logistic_regressions(log: list[Record], workdir: Path) -> None:
    model = CTRModel()
    result = model.train(log)
    assert list(result) == LR_KEYS
    named = [*FEATURE_NAMES[:12], "query_id", "doc_id", "query_terms", "summary_terms"]
    assert list(result["feature_weights"]) == named
    assert all(isinstance(weight, float) for weight in result["feature_weights"].values())
    clicks = sum(record["clicked"] for record in log)
    assert result["data_quality"] == {
        "total_samples": 1200,
        "click_rate": round(clicks / 1200, 4),
        "unique_queries": len({record["query"] for record in log}),
        "unique_docs": len({record["doc_id"] for record in log}),
        "unique_positions": 10,
    }
    json.dumps(result)

    X, y = model.extract_features(log)
    assert model.model is not None and model.scaler is not None
    train, test = next(StratifiedShuffleSplit(n_splits=1, test_size=0.3, random_state=42).split(X, y))
    p = model.model.predict_proba(model.scaler.transform(X))[:, 1]
    # Not above 0.5, which calibrated probabilities of a rare click hardly pass: above the click rate.
    clicked = p > y[train].mean()
    report = classification_report(y[test], clicked[test], output_dict=True, zero_division=0)["weighted avg"]
    assert result["auc"] == round(roc_auc_score(y[test], p[test]), 4)
    assert result["accuracy"] == result["test_score"] == round((clicked == y)[test].mean(), 4)
    assert result["train_score"] == round((clicked == y)[train].mean(), 4)
    assert [result[key] for key in ("precision", "recall", "f1")] == [
        round(report[key], 4) for key in ("precision", "recall", "f1-score")
    ]
    assert (result["train_samples"], result["test_samples"]) == (840, 360)
    assert (model.auc, model.training_samples, len(model.feature_names)) == (result["auc"], 840, 36)
    assert result["auc"] > 0.6


def test_the_second_slot_tells_more(log: list[Record], workdir: Path) -> None:
    result = WideAndDeepCTRModel().train(log)
    assert result["model_type"] == "wide_deep"
    assert {"query_id", "doc_id", "query_terms", "summary_terms", "position"} <= set(result["feature_importance"])
    assert "timestamp_checksum" not in result["feature_importance"]
    json.dumps(result)
    assert (workdir / "models" / "wide_deep_ctr_model").is_file()


def test_the_same_log_gives_the_same_model(log: list[Record], trained: Any, workdir: Path) -> None:
    again = CTRModel()
    again.train(log)
    assert [again.predict_ctr(*impression(record)) for record in log[:50]] == [
        trained.predict_ctr(*impression(record)) for record in log[:50]
    ]


def test_serving_answers_as_training_would(log: list[Record], trained: Any) -> None:
    for record in (log[3], log[700], {**log[5], "query": "从未见过的查询", "doc_id": "new", "summary": "新的摘要 new"}):
        served = {**record, "timestamp": "2099-01-01", "doc_length": len(record["summary"])}
        X, _ = trained.extract_features([*log, served])
        expected = trained.model.predict_proba(trained.scaler.transform(X[-1:]))[0, 1]
        answer = trained.predict_ctr(*impression(record))
        assert answer == expected
        assert type(answer) is float and 0 <= answer <= 1


def test_untrained_answers_with_the_score(capsys: pytest.CaptureFixture[str]) -> None:
    for model in (CTRModel(), WideAndDeepCTRModel()):
        assert model.predict_ctr("q", "d", 1, 0.25, "s") == 0.25
        assert model.model is None and model.scaler is None and model.vectorizer is None and not model.is_trained
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"query": None}, "str"),
        ({"summary": None}, "str"),
        ({"query": ["a"]}, ""),
        ({"doc_id": None}, "doc_id"),
        ({"position": -1}, "位置"),
        ({"position": None}, "position"),
        ({"position": 1.5}, "position"),
        ({"position": 2**70}, "位置"),
        ({"score": float("nan")}, "分数"),
        ({"score": float("inf")}, "分数"),
    ],
)
def test_wrong_impressions_answer_with_the_score(
    trained: Any, change: dict[str, Any], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = {"query": "机器学习", "doc_id": "doc1", "position": 1, "score": 0.375, "summary": "摘要", **change}
    answer = trained.predict_ctr(**arguments)
    assert answer is arguments["score"] or (answer == 0 and not np.isfinite(arguments["score"]))
    printed = capsys.readouterr().out
    assert printed.startswith("CTR预测失败: ") and says in printed


def test_other_numbers_and_text_are_taken(trained: Any) -> None:
    expected = trained.predict_ctr("机器学习", "7", 3, 0.5, "摘要")
    for position in (np.int64(3), 3.0, np.float32(3)):
        assert trained.predict_ctr("机器学习", 7, position, np.float64(0.5), "摘要") == expected
    assert trained.predict_ctr("机器学习", "7", 3, 1, "摘要") == trained.predict_ctr("机器学习", "7", 3, 1.0, "摘要")
    for text in ("", "a\0b", "\ud83d", "😀"):
        assert 0 <= trained.predict_ctr(text, text, 0, -5.0, text) <= 1


def test_a_ten_megabyte_query(trained: Any) -> None:
    query = "机器学习，深度学习。" * 350_000
    assert len(query.encode()) >= 10_000_000
    assert 0 <= trained.predict_ctr(query, "doc1", 1, 0.5, "摘要") <= 1
    # Without a place to cut it, jieba alone would take gigabytes for ten megabytes of this.
    assert 0 <= trained.predict_ctr("a" * 300_000, "doc1", 1, 0.5, "摘要") <= 1


def test_the_second_slot_takes_a_timestamp(log: list[Record], trained: Any, workdir: Path) -> None:
    trained.save_model("model")
    model = WideAndDeepCTRModel()
    assert model.load_model("model")
    expected = trained.predict_ctr(*impression(log[0]))
    assert model.predict_ctr(*impression(log[0])) == expected
    assert model.predict_ctr(*impression(log[0]), "2025-01-01") == expected
    assert model.predict_ctr(*impression(log[0]), current_timestamp=None) == expected


def test_files_hold_everything(log: list[Record], trained: Any, workdir: Path, fresh: Any) -> None:
    trained.save_model("model.pkl")
    code = (
        "import sys; from Tests.adapter.support import click_log, impression\n"
        "from testbed_adapter.host.ctr_model import CTRModel\n"
        "model, log = CTRModel(), click_log(1200)[:100]\n"
        "assert model.load_model('model.pkl') and model.is_trained\n"
        "X, y = model.extract_features(log)\n"
        "p = model.model.predict_proba(model.scaler.transform(X))[:, 1]\n"
        "print(p.tobytes().hex(), [model.predict_ctr(*impression(r)).hex() for r in log], file=sys.stderr)"
    )
    X, _ = trained.extract_features(log[:100])
    p = trained.model.predict_proba(trained.scaler.transform(X))[:, 1]
    expected = f"{p.tobytes().hex()} {[trained.predict_ctr(*impression(r)).hex() for r in log[:100]]}"
    assert expected in _errors_of(code, workdir)


def _errors_of(code: str, folder: Path) -> str:
    from Tests.adapter.support import python

    done = python(code, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "CTR模型已从 model.pkl 加载\n"
    return done.stderr


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies(log: list[Record], trained: Any, duplicate: Any) -> None:
    twin = duplicate(trained)
    assert twin.predict_ctr(*impression(log[0])) == trained.predict_ctr(*impression(log[0]))
    assert twin.auc == trained.auc and twin.model.scaler is twin.scaler
    inner = duplicate(trained.model)
    X = trained.scaler.transform(trained.extract_features(log[:20])[0])
    assert (inner.predict_proba(X) == trained.model.predict_proba(X)).all()
    assert duplicate(CTRModel()).is_trained is False


def test_reset(log: list[Record], trained: Any, capsys: pytest.CaptureFixture[str]) -> None:
    model = copy.deepcopy(trained)
    model.reset()
    assert not model.is_trained and model.model is None and model.predict_ctr("q", "d", 1, 0.5, "s") == 0.5
    assert capsys.readouterr().out == "CTR模型已重置\n"
    assert not hasattr(model, "auc")


def test_refitting_the_inner_classifier_leaves_the_model(log: list[Record], trained: Any) -> None:
    """As the testbed's evaluate_on_splits does, on two columns."""
    model = copy.deepcopy(trained)
    before = model.predict_ctr(*impression(log[0]))
    X = np.array([[record["position"], record["score"]] for record in log], dtype=float)
    y = [record["clicked"] for record in log]
    assert cross_val_score(model.model, X, y, cv=3, scoring="roc_auc").mean() > 0.5
    model.model.fit(X, y)
    assert model.model.predict(X).shape == (len(X),)
    assert model.predict_ctr(*impression(log[0])) == before


def test_the_inner_classifier_takes_other_widths(log: list[Record], trained: Any) -> None:
    X, y = trained.extract_features(log)
    for width in (2, 12, 36):
        columns = X[:, :width]
        standardised = (columns - columns.mean(axis=0)) / np.maximum(columns.std(axis=0), 1e-9)
        model = type(trained.model)(random_state=42, epochs=2).fit(standardised, y)
        assert model.predict_proba(standardised).shape == (len(X), 2)
        assert model.feature_importances_.shape == (width,)


def test_parts(log: list[Record], workdir: Path) -> None:
    class WideOnly(CTRModel):
        part = "wide"

    model = WideOnly()
    assert model.train(log)["success"]
    assert model.model is not None
    assert not any(name.startswith("deep.") for name in model.model.tensors_())


def test_two_threads_predict_while_a_third_trains(workdir: Path) -> None:
    logs = [click_log(400, seed) for seed in range(3)]
    asked = [impression(record) for record in logs[0][:20]]
    model = CTRModel()
    allowed: set[tuple[float, ...]] = {tuple(score for *_, score, _ in asked)}
    for log in logs:
        alone = CTRModel()
        assert alone.train(log)["success"]
        allowed.add(tuple(alone.predict_ctr(*one) for one in asked))
    seen: set[float] = set()
    problems: list[BaseException] = []
    done = threading.Event()

    def predict() -> None:
        try:
            while not done.is_set():
                seen.update(model.predict_ctr(*one) for one in asked)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=predict) for _ in range(2)]
    for thread in threads:
        thread.start()
    for log in logs:
        assert model.train(log)["success"]
    done.set()
    for thread in threads:
        thread.join()
    assert not problems
    assert seen <= {answer for answers in allowed for answer in answers}
    assert len(seen) > 20
