"""Arguments of the wrong type or out of range are refused by name, with the value and what would be right."""

from __future__ import annotations

import fractions
import io
import os
import re
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.base import clone

from testbed_adapter import WideDeepClassifier
from testbed_adapter.estimator.progress import ProgressBar
from testbed_adapter.native.model import NativeModel, Progress

pd = pytest.importorskip("pandas")


def quick(**options: Any) -> WideDeepClassifier:
    made = {"hidden_units": (4,), "epochs": 2, "random_state": 0, "members": 1, "min_count": 1, **options}
    return WideDeepClassifier(**made)


def numbers(rows: int = 60) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(rows, 2))
    return X, (X[:, 0] > 0).astype(int)


NAN, INF = float("nan"), float("inf")
WRONG: dict[str, list[Any]] = {
    "embedding_dim": [0, 4097, 2.5, "8", True, NAN, [8]],
    "hidden_units": [
        64,
        "64",
        None,
        (0,),
        (65537,),
        (8.0,),
        ("8",),
        (True,),
        (8,) * 65,
        3.5,
        {8: 1},
        [[8]],
        np.array(8),
    ],
    "dropout": [-0.1, 1.0, 1 - 1e-9, NAN, "0.1", False, [0.1]],
    "wide_optimizer": ["sgd", 5, b"ftrl", ["ftrl"]],
    "deep_optimizer": ["", True],
    "wide_learning_rate": [0, -1.0, NAN, INF, "fast", 1e-50, 1e300, 10**400],
    "deep_learning_rate": [0.0, NAN, True],
    "l1": [-1.0, NAN, INF, "0", 10**400, 1e21],
    "l2": [-1e-9, NAN, [1.0]],
    "batch_size": [0, 1 << 21, 12.5, "128", True],
    "epochs": [0, -3, 1.5, "2", NAN, 10**7],
    "early_stopping": ["no", "False", None, 1.0, 2],
    "patience": [0, 1.5, "3"],
    "refit": ["no", None, "best"],
    "validation_fraction": [1.0, -0.1, NAN, "0.1"],
    "min_count": [0, 1.5, "3", 10**9 + 1],
    "numeric_bins": [0, 1025, 3.5],
    "members": [0, 65, 1.5, "3"],
    "class_weight": ["even", {0: NAN}, {0: -1.0}, {0: 10**400}, {0: "2"}, {0: INF}, 5, [1.0, 2.0]],
    "warm_start": ["no", None, 3, pd.NA, np.array([1, 2])],
    "n_jobs": [0, "2", 1.5, True, NAN, [2]],
    "random_state": [-1, 2**32, "seed", 1.5, NAN, [1.5]],
    "verbose": ["loud", -1, 1.5, None],
    "part": ["narrow", None, 3, b"wide"],
    "categorical_features": [5, "x0", b"\0", 1.5, [None], [2.5], ["no_such"], [9]],
    "crosses": ["all", 5, ["x0"], [5], [(0, "no_such")], [(0, 9)], [b"\0\1"]],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_argument_is_named_with_what_would_be_right(name: str, value: Any) -> None:
    model = quick(**{name: value})
    with pytest.raises(ValueError) as caught:
        model.fit(*numbers())
    text = str(caught.value)
    assert name in text
    if name not in ("categorical_features", "crosses"):
        assert isinstance(caught.value, TypeError)  # either, as scikit-learn's own
        assert text.startswith(f"{name} = {value!r}") and "it must be " in text
    assert not hasattr(model, "_native") and not hasattr(model, "classes_")


def test_what_is_right_is_taken() -> None:
    right: dict[str, list[Any]] = {
        "embedding_dim": [None, np.int64(3)],
        "hidden_units": [(), [4, 4], np.array([4, 4]), (np.int32(4),)],
        "dropout": [0, 0.0, np.float32(0.5)],
        "l2": [0, np.float64(2), fractions.Fraction(1, 2)],
        "early_stopping": [np.True_, False],
        "class_weight": [{0: 1, 1: np.float32(2)}, {1: 0.5}, "balanced"],
        "n_jobs": [1, -1, -2, -100, np.int64(2), None],
        "random_state": [np.int64(3), np.random.RandomState(0), None, 2**32 - 1],
        "verbose": [0, False, "auto", np.int64(0)],
        "validation_fraction": [0.0, 0.5],
        "epochs": [np.int16(1), None],
        "categorical_features": [[0], (True, False), np.array([1]), ["x0"]],
    }
    for name, values in right.items():
        for value in values:
            quick(**{"epochs": 1, name: value}).fit(*numbers(20))


def test_processors_are_those_that_the_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    given = {n_jobs: quick(n_jobs=n_jobs).fit(*numbers(20)).info_["options"]["n_jobs"] for n_jobs in (None, -1, -2, 3)}
    assert given == {None: 0, -1: 0, -2: 1, 3: 3}  # 0: the library looks itself


def test_the_argument_is_looked_at_again_at_each_training() -> None:
    model = quick().fit(*numbers())
    before = model.predict_proba(numbers()[0])
    model.set_params(l2=NAN)
    with pytest.raises(ValueError, match=r"l2 = nan"):
        model.partial_fit(*numbers())
    assert (model.predict_proba(numbers()[0]) == before).all()


@pytest.mark.parametrize("replayed", [["no"] * 60, [2] * 60, [NAN] * 60, [None] * 60, "no", 1, [[True] * 60]])
def test_a_mask_is_of_true_and_false(replayed: Any) -> None:
    model = quick().fit(*numbers())
    with pytest.raises(ValueError, match="replayed must be a mask"):
        model.partial_fit(*numbers(), replayed=replayed)
    model.partial_fit(*numbers(), replayed=[0, 1.0] * 30)


def test_classes_of_a_later_call_are_those_of_the_first() -> None:
    X, y = numbers()
    model = quick().partial_fit(X, y, classes=[0, 1])
    model.partial_fit(X, y, classes=np.array([1.0, 0.0]))
    with pytest.raises(ValueError, match=r"classes = \[3, 4\]; the model was fitted with \[0, 1\]"):
        model.partial_fit(X, y, classes=[3, 4])


def test_an_option_that_json_has_no_word_for_is_named() -> None:
    for options, name in (({"dropout": NAN}, "dropout"), ({"l1": 0.0, "l2": INF}, "l2"), ({"epochs": {1}}, "epochs")):
        with pytest.raises(ValueError, match=rf"{name} = "):
            NativeModel(options)


@pytest.mark.parametrize(
    "y",
    [
        pd.Series([0, 1, pd.NA, 1] * 10, dtype="Int64"),
        pd.Series([True, False, pd.NA, True] * 10, dtype="boolean"),
        pd.Series(["a", "b", pd.NA, "b"] * 10, dtype="string"),
        pd.Series(["a", "b", None, "b"] * 10, dtype="category"),
        pd.Series([0, 1, pd.NA, 1] * 10, dtype=object),
        pd.Series([0, 1, None, 1] * 10, dtype=object),
        pd.Series(pd.to_datetime(["2025-01-01", "2025-01-02", None, "2025-01-02"] * 10)),
        pd.Series([0, 1, None, 1] * 10, dtype=pd.ArrowDtype(pa.int64())),
        [0, 1, NAN, 1] * 10,
        ["a", "b", None, "b"] * 10,
        ["a", "b", NAN, "b"] * 10,
        pa.array([0, 1, None, 1] * 10),
        pa.array(["a", "b", None, "b"] * 10),
    ],
)
def test_a_missing_label_is_refused_with_its_row(y: Any) -> None:
    with pytest.raises(ValueError, match=r"Input y contains .*Row 2 \(from 0\)"):
        quick().fit(np.zeros((40, 1)), y)


@pytest.mark.parametrize("weights", [["a"] * 60, [1j] * 60, [None] * 60, [-1] * 60, [1.0]])
def test_weights_that_are_none_are_refused_by_name(weights: Any) -> None:
    with pytest.raises(ValueError, match="sample_weight"):
        quick().fit(*numbers(), sample_weight=weights)


@pytest.mark.parametrize("y", [[0, 1j] * 20, [0, [1]] * 20, [0, object()] * 20, [0.5, 1] * 20, [0, 1, 2, 3] * 10])
def test_labels_that_are_none_are_refused_with_what_would_be_right(y: Any) -> None:
    with pytest.raises(ValueError, match="y should be "):
        quick().fit(np.zeros((40, 1)), y)


@pytest.mark.parametrize(
    "y",
    [
        pd.Series([0, 1] * 20, dtype="Int64"),
        pd.Series([False, True] * 20, dtype="boolean"),
        pd.Series(["a", "b"] * 20, dtype="string"),
        pd.Series(["a", "b"] * 20, dtype="category"),
        pd.Series([0, 1] * 20, dtype=pd.ArrowDtype(pa.int64())),
        pa.chunked_array([["a", "b"] * 20]),
    ],
)
def test_labels_of_any_container(y: Any) -> None:
    values = y.to_pylist() if hasattr(y, "to_pylist") else y.tolist()
    model = quick().fit(np.arange(40).reshape(-1, 1), y)
    assert model.classes_.tolist() == sorted(set(values))
    assert list(map(type, model.classes_.tolist())) == [type(one) for one in sorted(set(values))]


# --- progress ---


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, terminal: bool, **options: Any) -> str:
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    quick(**options).fit(*numbers(200))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("verbose", "terminal", "bar"),
    [
        *((0, True, False), (False, True, False), (0, False, False), ("auto", True, True), ("auto", False, False)),
        *((1, True, True), (1, False, True), (True, False, True)),
    ],
)
def test_who_is_shown_a_bar(monkeypatch: pytest.MonkeyPatch, verbose: Any, terminal: bool, bar: bool) -> None:
    assert bool(shown(monkeypatch, terminal, verbose=verbose)) == bar


def test_auto_is_the_default() -> None:
    assert WideDeepClassifier().verbose == "auto" == clone(WideDeepClassifier()).verbose


@pytest.mark.parametrize(
    "options",
    [
        {"epochs": 30, "members": 1},
        {"epochs": 30, "members": 3},
        {"epochs": 5, "early_stopping": False},
        {"epochs": 4, "early_stopping": False, "members": 2},
        {"epochs": 30, "refit": False},
    ],
)
def test_a_bar_ends_full(monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]) -> None:
    last = shown(monkeypatch, False, verbose=1, **options).rstrip().rsplit("\r", 1)[-1]
    found = re.search(r"(\d+)\.0/(\d+) epochs", last)
    assert found and found[1] == found[2], last


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"members": 1, "crosses": ()}, ["Wide & Deep", "Wide & Deep · refit"]),
        ({"members": 3, "crosses": ()}, [f"Wide & Deep · member {member} of 3" for member in (1, 2, 3)]),
        ({"members": 2, "early_stopping": False}, [f"Wide & Deep · member {member} of 2" for member in (1, 2)]),
        ({"members": 2, "crosses": (), "refit": False}, [f"Wide & Deep · member {member} of 2" for member in (1, 2)]),
        ({"members": 1, "crosses": (), "refit": False}, ["Wide & Deep"]),
    ],
)
def test_a_bar_names_the_model_that_it_is_of(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], names: list[str]
) -> None:
    told = shown(monkeypatch, False, verbose=2, epochs=6, **options).splitlines()
    assert list(dict.fromkeys(line.partition(":")[0] for line in told)) == names


def test_a_bar_of_an_interrupted_training_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    nothing = float("nan")
    with pytest.raises(KeyboardInterrupt), ProgressBar(1) as bar:
        bar(Progress(6, 30, 10, 10, 0.5, nothing, nothing, 1.0))
        raise KeyboardInterrupt
    assert "6.0/30 epochs" in stream.getvalue().rsplit("\r", 1)[-1]
    with ProgressBar(1) as bar:
        bar(Progress(7, 0, 10, 10, 0.5, nothing, nothing, 1.0))
    assert "None" not in stream.getvalue() and "7.0/7 epochs" in stream.getvalue()
