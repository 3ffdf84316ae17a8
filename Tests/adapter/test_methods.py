"""The methods of the testbed that the switch wraps: online training, and feature importance for the training page."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from testbed_adapter.estimator.wide_deep import WideDeepClassifier
from testbed_adapter.host import online
from testbed_adapter.host.ctr_model import FEATURE_NAMES
from testbed_adapter.host.script_model import WideDeepWithCoefficients
from testbed_adapter.switch import methods
from Tests.adapter.support import python

TESTBED = os.environ.get("TESTBED", "")

SERVICE = '''
import threading
from testbed_adapter.host import online

class ModelService:
    """Of a testbed."""
    online_learning_enabled = False

    def train_model(self, data_service, is_online: bool = None):
        """训练CTR模型"""
        if data_service == "fail":
            raise KeyError(data_service)
        elsewhere = []
        thread = threading.Thread(target=lambda: elsewhere.append(online.is_online()))
        thread.start(); thread.join()
        return online.is_online(), elsewhere[0], is_online

    def get_feature_importance(self):
        return "the host's"

class Heir(ModelService):
    pass

def ask():
    service, heir = ModelService(), Heir()
    heir.online_learning_enabled = True
    ways = ({}, {"is_online": True}, {"is_online": False}, {"is_online": None})
    said = [one.train_model("d", **way) for one in (service, heir) for way in ways]
    by_position = service.train_model("d", True)[0]
    return [answer[0] for answer in said], any(answer[1] for answer in said), said[1][2], by_position
'''


@pytest.fixture
def service(tmp_path: Path) -> Path:
    (tmp_path / "search_engine" / "training_tab").mkdir(parents=True)
    (tmp_path / "search_engine" / "__init__.py").touch()
    (tmp_path / "search_engine" / "training_tab" / "ctr_model.py").write_text(
        "class CTRModel:\n    def predict_ctr(self): pass"
    )
    (tmp_path / "search_engine" / "model_service.py").write_text(SERVICE)
    return tmp_path


@pytest.mark.parametrize("imported", ["before", "after"])
def test_online_training_is_told_in_its_own_thread(imported: str, service: Path, fresh: Any) -> None:
    install = "testbed_adapter.install()\n"
    answer = fresh(
        "import sys, inspect, testbed_adapter; sys.path.insert(0, '.')\n"
        + (install if imported == "after" else "")
        + "from search_engine import model_service as host; ModelService = host.ModelService\n"
        + install * 2
        + "from testbed_adapter.host.online import is_online\n"
        "print(host.ask())\n"
        "print(ModelService.train_model.__name__, ModelService.train_model.__doc__,\n"
        "      inspect.signature(ModelService.train_model))\n"
        "try: ModelService().train_model('fail', is_online=True)\n"
        "except KeyError: print('failed', is_online())\n"
        "try: ModelService().train_model(1, 2, 3)\n"
        "except TypeError as error: print(error)\n"
        "print(ModelService().get_feature_importance())\n"
        "testbed_adapter.uninstall()\n"
        "print(host.ask()[0][1], 'online' in inspect.getsource(ModelService.train_model),\n"
        "      hasattr(ModelService.train_model, '__wrapped__'))\n",
        cwd=service,
    )
    assert answer.splitlines() == [
        "([False, True, False, False, True, True, False, True], False, True, True)",
        "train_model 训练CTR模型 (self, data_service, is_online: bool = None)",
        "failed False",
        "ModelService.train_model() takes from 2 to 3 positional arguments but 4 were given"
        if "ModelService.train_model()" in answer  # Python 3.10 on
        else "train_model() takes from 2 to 3 positional arguments but 4 were given",
        "the host's",
        "False True False",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "ModelService = 7",
        "other = 8",
        "class ModelService: pass",
        "class ModelService: train_model = staticmethod(len); get_feature_importance = None",
        "class Base:\n    def train_model(self, data): return 9\nclass ModelService(Base): pass",
    ],
)
def test_hosts_without_such_a_method_are_left_alone(source: str, service: Path, fresh: Any) -> None:
    (service / "search_engine" / "model_service.py").write_text(source)
    answer = fresh(
        "import sys, testbed_adapter; sys.path.insert(0, '.'); testbed_adapter.install()\n"
        "from search_engine import model_service as host\n"
        "kept = {name: value for name, value in vars(host).items() if name[0] != '_'}\n"
        "methods = {name: dict(vars(value)) for name, value in kept.items() if isinstance(value, type)}\n"
        "testbed_adapter.uninstall(); testbed_adapter.install()\n"
        "print(all(vars(host)[name] is value for name, value in kept.items()))\n"
        "print(all(dict(vars(kept[name])) == there for name, there in methods.items()), 'numpy' in sys.modules)",
        cwd=service,
    )
    assert answer == "True\nTrue False\n"


def test_a_train_model_without_is_online(fresh: Any) -> None:
    class Service:
        online_learning_enabled = True

        def train_model(self, data_service: Any) -> bool:
            return online.is_online()

    wrapped = methods.train_model(Service.train_model)
    assert wrapped(Service(), "data") is True
    assert online.is_online() is False


# --- importance ---


class Interpretability:
    feature_names: Any = None

    def get_feature_importance_from_model(self, model_instance: Any) -> dict[str, Any]:
        return {"tree_importance": model_instance.feature_importances_.tolist()}


from_model = methods.get_feature_importance_from_model(Interpretability.get_feature_importance_from_model)


def test_the_page_is_told_the_measured_importances_by_name(trained: Any) -> None:
    answer = from_model(Interpretability(), trained.model)
    measured = trained.model.feature_importances_
    assert answer["tree_importance"] == measured.tolist()
    shown = answer["by_feature"]["coefficients"]
    assert list(shown) == list(FEATURE_NAMES)
    assert list(shown.values()) == answer["coefficients"] == np.maximum(measured, 0).tolist()
    assert max(shown, key=shown.__getitem__) == FEATURE_NAMES[int(np.argmax(measured))]
    assert sum(value > 0 for value in shown.values()) > 3


def test_names_of_columns(log: Any) -> None:
    pandas = pytest.importorskip("pandas")
    random = np.random.default_rng(0)
    X = random.normal(size=(300, 2))
    y = X[:, 0] > 0
    model = WideDeepClassifier(epochs=2, hidden_units=(4,))
    page = Interpretability()

    def shown() -> list[str]:
        return list(from_model(page, model)["by_feature"]["coefficients"])

    model.fit(X, y)
    assert shown() == ["特征0", "特征1"]
    page.feature_names = ["位置", "分数"]
    assert shown() == ["位置", "分数"]
    page.feature_names = ["a", "b", "c"]  # LIME's, of another X
    assert shown() == ["特征0", "特征1"]
    model.fit(pandas.DataFrame(X, columns=["position", "score"]), y)
    assert shown() == ["position", "score"]


def test_other_models_are_answered_by_the_host() -> None:
    class Host:
        def get_feature_importance_from_model(self, model_instance: Any, more: int = 0) -> Any:
            return "theirs", model_instance, more

    wrapped = methods.get_feature_importance_from_model(Host.get_feature_importance_from_model)
    X = np.random.default_rng(0).normal(size=(200, 2))
    for model in (None, LogisticRegression(), WideDeepWithCoefficients().fit(X, X[:, 0] > 0)):
        assert wrapped(Host(), model, more=3) == ("theirs", model, 3)


def test_the_services_importances(trained: Any) -> None:
    class Service:
        ctr_model: Any = trained

        def get_feature_importance(self) -> Any:
            return "theirs"

    wrapped = methods.get_feature_importance(Service.get_feature_importance)
    answer = wrapped(Service())
    assert set(answer) == set(FEATURE_NAMES) and min(answer.values()) >= 0
    assert list(answer.values()) == sorted(answer.values(), reverse=True)
    service = Service()
    for other in (None, object(), type("CTRModel", (), {"model": LogisticRegression()})()):
        service.ctr_model = other
        assert wrapped(service) == "theirs"


@pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")
def test_the_real_training_page(tmp_path: Path) -> None:
    code = f"""
import json, sys
sys.path.insert(0, {os.path.join(TESTBED, "src")!r})
import testbed_adapter; testbed_adapter.install()
from Tests.adapter.support import click_log
from testbed_adapter.host import online, ctr_model
from search_engine.model_service import ModelService
from search_engine.training_tab.model_interpretability import ModelInterpretability
class Data:
    def get_all_samples(self): seen.append(online.is_online()); return click_log(400)
seen, service = [], ModelService()
untrained = service.get_feature_importance()
assert service.train_model(Data())['success']
service.enable_online_learning(True)
assert service.trigger_online_training(Data())['success']
page = ModelInterpretability().get_feature_importance_from_model(service.ctr_model.model)
from sklearn.linear_model import LogisticRegression
lr = ModelInterpretability().get_feature_importance_from_model(LogisticRegression().fit([[0.0], [1.0]], [0, 1]))
print(json.dumps([untrained, service.get_feature_importance(), page, lr, seen]))
"""
    done = python(code, cwd=tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stderr[-2000:]
    untrained, importance, page, lr, seen = json.loads(done.stdout.splitlines()[-1])
    assert untrained == {} and set(importance) == set(FEATURE_NAMES)
    assert page["by_feature"]["coefficients"] == importance
    assert set(lr) == {"coefficients", "coefficients_raw"}
    # The offline training asks for the records once; the trigger counts them before it trains.
    assert seen[0] is False and seen[-1] is True


class Explainer:
    """Keeps what LIME's explainer is told."""

    def __init__(self, training_data: Any, **named: Any) -> None:
        self.rows = training_data
        self.class_names = named["class_names"]
        self.named = named


class LimePage:
    lime_explainer: Any = None
    feature_names: Any = None

    def prepare_lime_explainer(self, training_data: Any, feature_names: Any, class_names: Any = None) -> Any:
        self.feature_names = feature_names
        self.lime_explainer = Explainer(training_data, feature_names=feature_names, class_names=class_names or ["a"])
        return True, "made"


def test_lime_is_told_the_names_and_which_columns_are_ids(log: Any) -> None:
    class Page(LimePage):
        prepare_lime_explainer = methods.prepare_lime_explainer(LimePage.prepare_lime_explainer)

    page = Page()
    rows = np.zeros((3, 36))
    assert page.prepare_lime_explainer(rows, [f"特征{index}" for index in range(36)]) == (True, "made")
    assert page.feature_names == list(FEATURE_NAMES)
    told = page.lime_explainer
    assert told.rows is rows and told.class_names == ["a"] and told.named["feature_names"] == list(FEATURE_NAMES)
    assert told.named["categorical_features"] == list(range(12, 36))
    page = Page()
    page.prepare_lime_explainer(np.zeros((3, 12)), ["b"], class_names=["c"])
    assert page.feature_names == ["b"] and "categorical_features" not in page.lime_explainer.named


@pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")
def test_the_real_lime(tmp_path: Path, log: Any) -> None:
    pytest.importorskip("lime")
    code = f"""
import sys; sys.path.insert(0, {os.path.join(TESTBED, "src")!r})
import testbed_adapter; testbed_adapter.install()
from Tests.adapter.support import click_log
from search_engine.training_tab.ctr_model import CTRModel
from search_engine.training_tab.model_interpretability import ModelInterpretability
log = click_log(600); model = CTRModel(); model.train(log)
rows = model.scaler.transform(model.extract_features(log)[0])
page = ModelInterpretability()
page.prepare_lime_explainer(rows, [f"特征{{index}}" for index in range(36)])
said = page.explain_with_lime(model.model, rows[:1], num_features=10)
assert "error" not in said, said
assert 0 < said["prediction"] < 1 and len(said["features"]) == 10, said
print([one["feature"] for one in said["features"]])
"""
    done = python(code, cwd=tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stderr[-2000:]
    names = done.stdout.splitlines()[-1]
    assert "特征" not in names and "position" in names
