"""CTRClassifier with each of the library's models."""

from __future__ import annotations

import inspect
import pickle
import pydoc
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

import testbed_adapter
from testbed_adapter import CTRClassifier, WideDeepClassifier
from testbed_adapter.estimator import documentation
from testbed_adapter.native.errors import LibraryError, ModelFileError, ParameterError

MODELS = [one["model"] for one in testbed_adapter.models()]
# What the estimator says in scikit-learn's way, or by the schema.
OTHERWISE = {"features", "label", "weight", "time", "replay", "bin_embeddings"}


def data(rows: int = 1500) -> tuple[Any, Any]:
    """A click where two categories are the same, and by a number."""
    rng = np.random.default_rng(0)
    X = np.c_[rng.integers(0, 6, rows), rng.integers(0, 6, rows), rng.normal(size=rows)]
    return X, ((X[:, 0] == X[:, 1]) | (X[:, 2] > 1) | (rng.random(rows) < 0.1)).astype(int)


@pytest.mark.parametrize("model", MODELS)
def test_each_trains_explains_and_is_kept(model: str, tmp_path: Path) -> None:
    X, y = data()
    fitted = CTRClassifier(model=model, categorical_features=[0, 1], epochs=8, random_state=1).fit(X, y)
    answers = fitted.predict_proba(X)
    assert fitted.training_history_[-1]["train_log_loss"] < 0.9 * fitted.training_history_[0]["train_log_loss"]
    for explanation, answer in zip(fitted.explain(X[:20]), answers):
        parts = (explanation.bias, explanation.deep, explanation.pairs or 0, explanation.cross or 0)
        assert abs(sum(parts) + sum(term.weight for term in explanation.terms) - explanation.logit) < 1e-5
        assert abs(explanation.probability - answer[1]) == 0
    assert (explanation.pairs is not None) == (model in ("fm", "deepfm"))
    assert (explanation.cross is not None) == (model in ("dcn", "dcn_v2"))
    fitted.save(tmp_path / "model")
    again = CTRClassifier.load(tmp_path / "model")
    assert again.model == model and (again.predict_proba(X) == answers).all()
    twin = pickle.loads(pickle.dumps(clone(fitted).fit(X, y)))
    assert (twin.predict_proba(X) == answers).all()
    fitted.partial_fit(np.array([[9, 9, 0.0]] * 40), [0, 1] * 20)
    assert fitted.predict_proba(np.array([[9, 9, 0.0]]))[0, 1] != answers[0, 1]
    if model != "wide_deep":
        with pytest.raises(ModelFileError, match=f'"{model}"; WideDeepClassifier .* CTRClassifier'):
            WideDeepClassifier.load(tmp_path / "model")


@pytest.mark.parametrize("model", MODELS)
def test_many_numbers_of_noise_do_not_carry_it_off(model: str) -> None:
    """A cross network's sums over all of its width did, in the first epoch."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(500, 20)), (rng.random(500) < 0.3).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        fitted = CTRClassifier(model=model, members=1, epochs=3, random_state=1).fit(X, y)
    assert max(row["train_log_loss"] for row in fitted.training_history_) < 1.5


def test_a_pair_is_more_than_a_sum() -> None:
    X, y = data()
    scores = {
        model: CTRClassifier(model=model, categorical_features=[0, 1], random_state=1).fit(X, y).score(X, y)
        for model in ("lr", "fm", "deepfm")
    }
    assert scores["fm"] > scores["lr"] + 0.05 and scores["deepfm"] > scores["lr"] + 0.05, scores


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"model": "nope"}, 'model = \'nope\'.*"lr", "fm"'),
        ({"model": "fm", "hidden_units": (8,)}, 'hidden_units = \\[8\\].*"fm" does not read'),
        ({"model": "dcn", "part": "wide"}, 'part = "wide".*"dcn"'),
        ({"model": "deepfm", "cross_layers": 2}, 'cross_layers = 2.*"deepfm"'),
        ({"model": "dcn", "cross_layers": 17}, "cross_layers = 17"),
    ],
)
def test_what_a_model_does_not_read_is_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        CTRClassifier(**arguments).fit(*data(100))
    assert issubclass(ParameterError, ValueError)


@pytest.mark.parametrize("kind", [CTRClassifier, WideDeepClassifier])
def test_help_says_each_argument(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = pydoc.render_doc(kind, renderer=pydoc.plaintext)
    for name in inspect.signature(kind).parameters:
        assert f"\n{name} : " in kind.__doc__ and f" |  {name} : " in shown
    assert "classes_ : " in shown and kind.__doc__ == kind().__doc__
    monkeypatch.setattr(documentation, "options", unloadable)
    assert "classes_ : " in kind.__doc__ and "verbose : " in kind.__doc__


def unloadable() -> Any:
    raise LibraryError("no library")


def test_wide_and_deep_alone_takes_neither_another_model_nor_its_layers() -> None:
    assert not {"model", "cross_layers"} & WideDeepClassifier().get_params().keys()
    assert "\nmodel : " not in WideDeepClassifier.__doc__ and "\ncross_layers : " not in WideDeepClassifier.__doc__
    for given in ({"model": "fm"}, {"cross_layers": 2}, {"no_such": 1}):
        with pytest.raises(TypeError, match=next(iter(given))):
            WideDeepClassifier(**given)
    with pytest.raises(TypeError, match="positional"):
        WideDeepClassifier("fm")


def test_each_option_of_the_list_is_an_argument() -> None:
    arguments = set(inspect.signature(CTRClassifier).parameters)
    documented = CTRClassifier.__doc__ or ""
    for model in testbed_adapter.models():
        for option in model["options"]:
            assert option["name"] in arguments | OTHERWISE and option["range"] and option["about"], option
            assert option["name"] in OTHERWISE or option["name"] in documented
    testbed_adapter.models()[0]["options"].clear()
    assert testbed_adapter.models()[0]["options"]
