"""What a file keeps of an estimator: names, labels, arguments and columns as they were, not as they look."""

from __future__ import annotations

import datetime
import decimal
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from testbed_adapter import WideDeepClassifier
from testbed_adapter.host.impressions import FEATURE_NAMES, ImpressionClassifier
from testbed_adapter.native.errors import ModelFileError
from testbed_adapter.native.model import NativeModel

pd = pytest.importorskip("pandas")


def quick(**options: Any) -> WideDeepClassifier:
    made = {"hidden_units": (4,), "epochs": 2, "random_state": 0, "members": 1, "min_count": 1, **options}
    return WideDeepClassifier(**made)


def numbers(rows: int = 60, columns: int = 2) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(rows, columns))
    return X, (X[:, 0] > 0).astype(int)


def loaded(model: WideDeepClassifier, folder: Path) -> WideDeepClassifier:
    model.save(folder / "model")
    return WideDeepClassifier.load(folder / "model")


def old_file(model: WideDeepClassifier) -> NativeModel:
    """The model as a file of before kept it."""
    native = NativeModel.from_bytes(model._native.to_bytes())
    native.set_metadata("")
    return native


@pytest.mark.parametrize("names", [["x1", "x0"], ["x0", "x1"], ["x5", "x7"], ["x00", "x01"], ["a", "x0"]])
def test_named_columns_stay_named(names: list[str], tmp_path: Path) -> None:
    X, y = numbers()
    frame = pd.DataFrame(X, columns=names)
    model = quick().fit(frame, y)
    again = loaded(model, tmp_path)
    assert again.feature_names_in_.tolist() == names and again.n_features_in_ == 2
    assert (again.predict_proba(frame) == model.predict_proba(frame)).all()
    with pytest.raises(ValueError, match="Feature names must be in the same order"):
        again.predict_proba(frame[names[::-1]])


def test_nameless_columns_stay_nameless(tmp_path: Path) -> None:
    X, y = numbers(columns=12)
    model = quick().fit(X, y)
    again = loaded(model, tmp_path)
    assert not hasattr(again, "feature_names_in_") and again.n_features_in_ == 12
    assert (again.predict_proba(X) == model.predict_proba(X)).all()


def test_older_files_go_by_the_names_that_nameless_columns_have() -> None:
    X, y = numbers()
    for names, is_named in ((["x0", "x1"], False), (["x1", "x0"], True), (["x0", "x01"], True), (["a", "b"], True)):
        again = WideDeepClassifier._of_native(old_file(quick().fit(pd.DataFrame(X, columns=names), y)))
        assert hasattr(again, "feature_names_in_") == is_named
        assert again.n_features_in_ == 2


LABELS = {
    "bytes": np.array([b"no", b"yes"]),
    "objects of bytes": np.array([b"no", b"yes"], dtype=object),
    "days": np.array(["2025-01-01", "2025-01-02"], dtype="datetime64[D]"),
    "times": np.array(["2025-01-01", "2025-01-02"], dtype="datetime64[ns]"),
    "dates": np.array([datetime.date(2025, 1, 1), datetime.date(2025, 1, 2)]),
    "datetimes": np.array([datetime.datetime(2025, 1, 1), datetime.datetime(2025, 1, 2, 3)]),
    "timestamps": np.array([pd.Timestamp("2025-01-01", tz="UTC"), pd.Timestamp("2025-01-02", tz="UTC")]),
    "decimals": np.array([decimal.Decimal("0.5"), decimal.Decimal("1.50")]),
    "booleans": np.array([False, True]),
    "objects of booleans": np.array([False, True], dtype=object),
    "text": np.array(["no", "yes"]),
    "objects of text": np.array(["no", "yes"], dtype=object),
    "half a surrogate pair": np.array(["no", "\ud83d"]),
    "small": np.array([-1, 1], dtype=np.int8),
    "floats": np.array([0.0, 1.0]),
    "0 and 1": np.array([0, 1]),
}


@pytest.mark.parametrize("labels", LABELS)
def test_labels_come_back_of_their_type(labels: str, tmp_path: Path) -> None:
    X, y = numbers()
    classes = LABELS[labels]
    model = quick().fit(X, classes[y])
    assert model.classes_.tolist() == classes.tolist()
    for again in (loaded(model, tmp_path), pickle.loads(pickle.dumps(model))):
        assert again.classes_.dtype == model.classes_.dtype and again.classes_.tolist() == classes.tolist()
        assert list(map(type, again.classes_)) == list(map(type, model.classes_))
        assert (again.predict(X) == model.predict(X)).all()
        again.partial_fit(X, classes[y])


def test_arguments_come_back(tmp_path: Path) -> None:
    X, y = numbers()
    given: dict[str, Any] = {
        **{"categorical_features": [1], "hidden_units": (5, 4), "dropout": 0.25, "l2": 3.0, "epochs": 3},
        **{"early_stopping": False, "warm_start": True, "n_jobs": -2, "verbose": 0, "random_state": 7},
        **{"class_weight": {False: 1.0, True: 2.0}, "part": "wide_deep", "min_count": 2},
    }
    model = quick(**given).fit(X, y == 1)
    again = loaded(model, tmp_path)
    assert {name: getattr(again, name) for name in given} == {name: getattr(model, name) for name in given}
    assert list(map(type, again.class_weight)) == [bool, bool]
    again.fit(X, y == 1)
    assert quick(random_state=np.random.RandomState(0)).fit(X, y).random_state is not None
    assert isinstance(loaded(quick(random_state=np.random.RandomState(0)).fit(X, y), tmp_path).random_state, int)


def test_a_mask_of_many_columns_comes_back(tmp_path: Path) -> None:
    X, y = numbers(columns=1200)
    model = quick(categorical_features=np.arange(1200) < 2, crosses=(), epochs=1).fit(X, y)
    assert (loaded(model, tmp_path).categorical_features == model.categorical_features).all()


def test_pickles_of_before_have_neither_spellings_nor_what_was_seen() -> None:
    X, y = numbers()
    model = quick().fit(X, y)
    state = {name: value for name, value in model._schema.__dict__.items() if name not in ("truths", "unseen")}
    schema = object.__new__(type(model._schema))
    schema.__setstate__(state)
    assert schema == model._schema


def test_a_model_of_the_testbed_loads_as_a_plain_estimator(tmp_path: Path) -> None:
    """Three of its 36 columns are read by no feature."""
    random = np.random.default_rng(0)
    X = np.hstack([random.normal(size=(80, 12)), random.integers(0, 9, (80, 24))])
    y = np.arange(80) % 2
    host = ImpressionClassifier(hidden_units=(4,), epochs=2, random_state=0, members=1).fit(X, y)
    for native in (NativeModel.from_bytes(host._native.to_bytes()), old_file(host)):
        plain = WideDeepClassifier._of_native(native)
        assert plain.n_features_in_ == len(FEATURE_NAMES) == 36 and not hasattr(plain, "feature_names_in_")
        assert (plain.predict_proba(X) == host.predict_proba(X)).all()
        assert (ImpressionClassifier._of_native(native).predict_proba(X) == host.predict_proba(X)).all()
        assert plain.feature_importances_.shape == (36,)


def test_notes_of_others_stay() -> None:
    X, y = numbers()
    model = quick().fit(X, y)
    notes = json.loads(model._native.info()["metadata"])
    model._native.set_metadata(json.dumps({**notes, "mine": 1}))
    model.partial_fit(X, y)
    assert json.loads(model._native.info()["metadata"])["mine"] == 1
    model._native.set_metadata("another program's")
    again = WideDeepClassifier._of_native(model._native)
    again.partial_fit(X, y)
    assert model._native.info()["metadata"] == "another program's"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ([], 5),
        (["columns"], None),
        (["columns", "names"], ["x0"]),
        (["columns", "names"], ["x0", "x0"]),
        (["columns", "names"], [1, 2]),
        (["columns", "kinds"], ["numeric"]),
        (["columns", "kinds"], ["numeric", "odd"]),
        (["columns", "kinds"], [["numeric"], {}]),
        (["columns", "truths"], [None, "perhaps"]),
        (["columns", "unseen"], [0, 1]),
        (["named"], "yes"),
        (["classes"], [0, 1]),
        (["classes"], {"array": {"type": "<i8", "values": [0, 1, 2]}}),
        (["classes"], {"array": {"type": "no type", "values": [0, 1]}}),
        (["classes"], {"array": {"type": "<i8", "values": ["a", "b"]}}),
        (["classes"], {"array": 5}),
        (["classes"], {"dict": [[{"dict": []}, 1]]}),
        (["classes"], {"timestamp": "never"}),
        (["arguments"], {"epochs": "many"}),
        (["arguments"], {"verbose": {"bytes": 1}}),
        (["arguments"], 7),
    ],
)
def test_notes_that_no_estimator_made_are_refused(place: list[str], value: Any) -> None:
    X, y = numbers()
    model = quick().fit(X, y)
    notes = json.loads(model._native.info()["metadata"])
    inner, names = notes, ["estimator", *place]
    for name in names[:-1]:
        inner = inner[name]
    inner[names[-1]] = value
    model._native.set_metadata(json.dumps(notes))
    with pytest.raises(ModelFileError, match=r"the file's estimator"):
        WideDeepClassifier._of_native(model._native)
