"""WideDeepClassifier: fitting, answers, options, and what it keeps."""

from __future__ import annotations

import copy
import pickle
import sys
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score

from testbed_adapter import WideDeepClassifier


def numbers(rows: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, 4))
    return X, (X[:, 0] + X[:, 1] * X[:, 2] + 0.5 * random.normal(size=rows) > 0).astype(int)


def quick(**options: Any) -> WideDeepClassifier:
    return WideDeepClassifier(**{"hidden_units": (16,), "epochs": 5, "random_state": 0, **options})


@pytest.fixture(scope="module")
def fitted() -> WideDeepClassifier:
    return quick().fit(*numbers())


def test_learns(fitted: WideDeepClassifier) -> None:
    X, y = numbers(seed=1)
    assert fitted.score(X, y) > 0.75


def test_answers_agree_with_one_another(fitted: WideDeepClassifier) -> None:
    X, _ = numbers(seed=1)
    probabilities = fitted.predict_proba(X)
    assert probabilities.shape == (len(X), 2)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert np.allclose(1 / (1 + np.exp(-fitted.decision_function(X))), probabilities[:, 1])
    assert (fitted.predict(X) == fitted.classes_[probabilities.argmax(axis=1)]).all()


def test_a_row_does_not_depend_on_the_rows_beside_it(fitted: WideDeepClassifier) -> None:
    X, _ = numbers(seed=1)
    whole = fitted.predict_proba(X)
    assert (np.concatenate([fitted.predict_proba(X[i : i + 1]) for i in range(20)]) == whole[:20]).all()


def test_ten_rows_are_enough() -> None:
    X, y = numbers(10)
    y[:2] = [0, 1]
    assert np.isfinite(WideDeepClassifier(random_state=0).fit(X, y).predict_proba(X)).all()


def test_same_seed_same_bits_whatever_the_threads() -> None:
    X, y = numbers(3000)
    one, two, other = (
        quick(n_jobs=jobs, random_state=seed, dropout=0.3).fit(X, y).predict_proba(X)
        for jobs, seed in [(1, 7), (2, 7), (2, 8)]
    )
    assert (one == two).all()
    assert (one != other).any()


def test_no_seed_is_a_new_seed_each_time() -> None:
    X, y = numbers()
    first, second = (quick(random_state=None).fit(X, y).predict_proba(X) for _ in range(2))
    assert (first != second).any()
    state = [quick(random_state=np.random.RandomState(3)).fit(X, y).predict_proba(X) for _ in range(2)]
    assert (state[0] == state[1]).all()


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_answer_the_same_bits(fitted: WideDeepClassifier, duplicate: Any) -> None:
    X, _ = numbers(seed=1)
    twin = duplicate(fitted)
    assert (twin.predict_proba(X) == fitted.predict_proba(X)).all()
    assert twin.get_params() == fitted.get_params()
    before = fitted.predict_proba(X)
    twin.partial_fit(*numbers(seed=2))
    assert (fitted.predict_proba(X) == before).all()


def test_saves_and_loads_in_a_fresh_process(fitted: WideDeepClassifier, tmp_path: Any, fresh: Any) -> None:
    X, _ = numbers(seed=1)
    fitted.save(tmp_path / "模型")
    np.save(tmp_path / "X.npy", X)
    answer = fresh(
        "import sys, numpy as np; from testbed_adapter import WideDeepClassifier\n"
        "model = WideDeepClassifier.load(sys.argv[1])\n"
        "print(model.predict_proba(np.load(sys.argv[2]))[:, 1].tobytes().hex())",
        str(tmp_path / "模型"),
        str(tmp_path / "X.npy"),
    )
    assert answer.strip() == fitted.predict_proba(X)[:, 1].tobytes().hex()


def test_loading_brings_back_arguments_and_attributes(tmp_path: Any) -> None:
    pandas = pytest.importorskip("pandas")
    X, y = numbers()
    frame = pandas.DataFrame(X, columns=["a", "b", "c", "d"]).assign(city=np.where(X[:, 0] > 0, "北京", "上海"))
    model = quick(crosses=[("city", "a")], class_weight={"no": 1.0, "yes": 2.0}, l1=0.5, dropout=0.2, part="wide")
    model.fit(frame, np.where(y == 1, "yes", "no"))
    model.save(tmp_path / "model")
    again = WideDeepClassifier.load(tmp_path / "model")
    assert again.classes_.tolist() == ["no", "yes"]
    assert again.feature_names_in_.tolist() == ["a", "b", "c", "d", "city"]
    for name in ("hidden_units", "class_weight", "l1", "dropout", "part", "epochs", "random_state"):
        assert getattr(again, name) == getattr(model, name), name
    assert again.crosses == (("city", "a"),)
    assert (again.predict(frame) == model.predict(frame)).all()
    assert again.training_history_ == model.training_history_
    assert again.fit(frame, model.predict(frame)).predict(frame).shape == (len(X),)


def test_history_and_importances(fitted: WideDeepClassifier) -> None:
    X, y = numbers(2000)
    X[:, 3] = 0
    model = quick().fit(X, y)
    rows = model.training_history_
    assert [row["epoch"] for row in rows] == list(range(1, len(rows) + 1))
    assert {
        "train_log_loss",
        "train_auc",
        "validation_log_loss",
        "validation_auc",
        "seconds",
        "rows_per_second",
    } <= set(rows[0])
    assert model.feature_importances_.shape == (4,)
    assert model.feature_importances_[0] > 0.05 and abs(model.feature_importances_[3]) < 0.01
    assert model.info_["trained"] and model.info_["rows"] == 2000
    assert "deep.layers.0.weight" in model.tensors_()


def test_parts() -> None:
    X, y = numbers(2000)
    frames = {part: quick(part=part, crosses=()).fit(X, y) for part in ("wide_deep", "wide", "deep")}
    assert not any(name.startswith("deep.") for name in frames["wide"].tensors_())
    assert not any(name.startswith("wide.") for name in frames["deep"].tensors_())
    # The product of two columns is beyond a model that is linear in each column's bins, unless it has their cross.
    assert frames["wide"].score(X, y) < frames["wide_deep"].score(X, y)
    assert frames["wide"].score(X, y) < quick(part="wide", crosses=[(1, 2)]).fit(X, y).score(X, y)


def test_has_no_coef(fitted: WideDeepClassifier) -> None:
    for name in ("coef_", "tree_", "estimators_"):
        assert not hasattr(fitted, name)


def test_unfitted_says_so() -> None:
    model = WideDeepClassifier()
    for call in (model.predict, model.predict_proba, model.decision_function):
        with pytest.raises(NotFittedError):
            call([[1.0]])
    with pytest.raises(NotFittedError):
        model.save("nowhere")
    assert not hasattr(model, "feature_importances_")


def test_serves_model_selection() -> None:
    X, y = numbers(200)
    assert cross_val_score(quick(epochs=2), X, y, cv=3, scoring="roc_auc").shape == (3,)
    search = GridSearchCV(quick(epochs=2), {"dropout": [0.0, 0.2]}, cv=2).fit(X, y)
    assert search.best_params_["dropout"] in (0.0, 0.2)
    assert clone(quick(l2=3.0)).l2 == 3.0


@pytest.mark.parametrize("size", [100, 128])
def test_labels_of_any_two_classes(size: int) -> None:
    X, y = numbers(size)
    for labels in (["no", "yes"], [False, True], [-1, 1], [2.0, 5.0]):
        model = quick().fit(X, np.array(labels)[y])
        assert model.classes_.tolist() == labels
        assert set(model.predict(X).tolist()) <= set(labels)
        assert (model.predict_proba(X) == quick().fit(X, y).predict_proba(X)).all()


def test_one_class_is_named() -> None:
    X, _ = numbers(20)
    with pytest.raises(ValueError, match=r"1 class: 'yes'"):
        quick().fit(X, ["yes"] * 20)
    with pytest.raises(ValueError, match="Only binary classification is supported"):
        quick().fit(X, np.arange(20) % 3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dropout": 1.5}, "dropout"),
        ({"epochs": 0}, "epochs"),
        ({"wide_optimizer": "sgd"}, "sgd"),
        ({"part": "narrow"}, "narrow"),
        ({"hidden_units": (0,)}, "hidden_units"),
        ({"n_jobs": 0}, "n_jobs"),
        ({"random_state": -1}, "Seed"),
        ({"categorical_features": ["no_such"]}, "no_such"),
        ({"categorical_features": [9]}, "9"),
        ({"crosses": "all"}, "'all'"),
        ({"crosses": 5}, "not 5"),
        ({"crosses": ["x0"]}, "'x0'"),
        ({"crosses": [5]}, r"\[5\]"),
        ({"crosses": [(0, "no_such")]}, "'no_such'"),
        ({"crosses": [(0, 9)]}, "column 9"),
        ({"members": 0}, "members = 0"),
        ({"min_count": 0}, "min_count = 0"),
        ({"crosses": [("x0",)]}, "cross"),
        ({"crosses": [("x0", "x9")]}, "x9"),
        ({"class_weight": {5: 1.0}}, "5"),
        ({"class_weight": "even"}, "even"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        quick(**options).fit(*numbers(50))


def test_is_silent_without_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    quick().fit(*numbers(100))
    captured = capfd.readouterr()
    assert captured.out == "" and captured.err == ""


def test_shows_progress_when_asked(capfd: pytest.CaptureFixture[str]) -> None:
    quick(verbose=1).fit(*numbers(100))
    assert "log loss" in capfd.readouterr().err
    quick(verbose=2, early_stopping=False).fit(*numbers(100))
    assert "epoch 5/5" in capfd.readouterr().err


def test_shows_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    quick().fit(*numbers(100))
    assert "epochs" in capfd.readouterr().err
