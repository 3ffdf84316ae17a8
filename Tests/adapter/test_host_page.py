"""What the testbed's page shows of our models beyond its own words: names for ids, and what its figures are of."""

from __future__ import annotations

import contextvars
import json
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from testbed_adapter.estimator.wide_deep import WideDeepClassifier
from testbed_adapter.host.ctr_model import FEATURE_NAMES, CTRModel
from testbed_adapter.host.id_names import IdNames
from testbed_adapter.host.words import words_of
from testbed_adapter.switch import methods
from testbed_adapter.switch.annotated import annotated
from Tests.adapter.support import Record, click_log

LOG = click_log(60)
LOG[3] = {**LOG[3], "query": "<b>R & D</b> 机器学习", "doc_id": 17, "summary": "x" * 50 + " 尾"}


def extracted(log: list[Record]) -> Any:
    return CTRModel().extract_features(log)[0]


def named(rows: Any, row: int) -> dict[str, str]:
    return {name: IdNames(at, rows)[int(rows[row, at])] for at, name in enumerate(FEATURE_NAMES) if at >= 12}


@pytest.mark.parametrize("row", [0, 31])
def test_an_id_has_the_name_that_the_log_has(row: int) -> None:
    names, record = named(extracted(LOG), row), LOG[row]
    assert (names["query_id"], names["doc_id"]) == (record["query"], record["doc_id"])
    for part, count in (("query", 6), ("summary", 16)):
        words = [*words_of(record[part]), *["（无）"] * count][:count]
        assert [names[f"{part}_word_{place}"] for place in range(count)] == words


def test_a_name_is_shown_as_text_and_not_without_end() -> None:
    names = named(extracted(LOG), 3)
    assert names["query_id"] == "&lt;b&gt;R &amp; D&lt;/b&gt; 机器学习" and names["doc_id"] == "17"
    assert names["summary_word_0"] == "x" * 39 + "…"


def test_an_id_that_the_records_do_not_tell_keeps_its_number() -> None:
    rows = extracted(LOG)
    at = FEATURE_NAMES.index("doc_id")
    assert IdNames(at, rows)[12345] == "12345"
    extracted(LOG[:50])  # other records than the rows'
    assert named(rows, 0)["doc_id"] == str(int(rows[0, at]))
    extracted(LOG[30:] + LOG[:30])  # as many
    for row, record in enumerate(LOG):
        assert named(rows, row)["doc_id"] in (str(record["doc_id"]), str(int(rows[row, at])))


def test_another_visitors_records_are_not_mixed_in() -> None:
    rows = extracted(LOG)
    contextvars.copy_context().run(extracted, LOG[:5])
    assert named(rows, 0)["doc_id"] == LOG[0]["doc_id"]


def test_an_annotated_value_is_otherwise_what_it_was() -> None:
    two, found = annotated(2, "（注）"), annotated({"C": 0.1}, "（注）")
    assert (f"{two}", f"{found}") == ("2（注）", "{'C': 0.1}（注）")
    for value in (two, found):
        assert f"{pickle.loads(pickle.dumps(value))}" == f"{value}"
    assert (two + 1, json.dumps([two, found])) == (3, '[2, {"C": 0.1}]') and LogisticRegression(**found).C == 0.1


def cross_validated(model: Any, answer: Mapping[str, Any]) -> Any:
    return methods.cross_validate_model(lambda self, *given: answer)(None, model, [])


def test_cross_validation_says_what_it_is_of() -> None:
    answer = {"n_features": 2, "cv_mean": {"roc_auc": 0.6}}
    of_ours, of_the_lr = (cross_validated(model, answer) for model in (WideDeepClassifier(), LogisticRegression()))
    assert of_ours == of_the_lr == answer
    assert f"{of_ours['n_features']}".startswith("2（测试床在这里只用 position 和 score 两个特征")
    assert "逻辑回归" not in f"{of_ours['n_features']}" and "逻辑回归，与上方所选" in f"{of_the_lr['n_features']}"
    for model, other in ((CTRModel(), answer), (WideDeepClassifier(), {"error": "no data"})):
        assert cross_validated(model, other) is other
    assert f"{cross_validated(WideDeepClassifier(), {'n_features': 36})['n_features']}" == "36"


@pytest.mark.parametrize("name", ["simple_grid_search", "optimize_hyperparameters_with_optuna"])
def test_a_search_says_whose_parameters_it_found(name: str) -> None:
    answer = {"best_params": {"C": 0.1}, "best_score": 0.7}
    wrapped = getattr(methods, name)(lambda self, kind, X, y, cv=3: answer if cv == 3 else {"error": "few"})
    found = wrapped(None, LogisticRegression, [], [])
    assert found == answer and f"{found['best_params']}".startswith("{'C': 0.1}（测试床在这里搜索的总是逻辑回归")
    assert wrapped(None, WideDeepClassifier, [], []) is answer
    assert wrapped(None, LogisticRegression, [], [], cv=2) == {"error": "few"}


def test_importances_name_query_and_document(trained: CTRModel) -> None:
    assert trained.model is not None
    weights = trained._importances(trained.model)["feature_weights"]
    assert list(weights)[:12] == list(FEATURE_NAMES[:12])
    assert {"query_id", "doc_id", "query_terms", "summary_terms"} == set(list(weights)[12:])
    strongest = sorted(weights, key=lambda name: -weights[name])[:2]
    assert "doc_id" in strongest and np.isfinite(list(weights.values())).all()
