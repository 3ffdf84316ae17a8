"""The testbed's methods that the switch wraps. Each function here gets the testbed's method as `host`, and what the
method of the same name is called with; which class that belongs to stands in patches.CHANGES."""

from __future__ import annotations

import functools
import inspect
import os
import threading
from collections.abc import Sequence
from typing import Any, Callable, Optional

from ..host import model_files
from ..host.online import is_automatic, online
from ..messages import host_page
from ..messages.terminal import say
from . import slots
from .annotated import annotated

Method = Callable[..., Any]


def _around(ours: Method) -> Callable[[Method], Method]:
    """Of `ours(host, self, …)` what takes the testbed's method and returns the wrapped one."""

    def wrap(host: Method) -> Method:
        @functools.wraps(host)
        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            return ours(host, self, *arguments, **named)

        return method

    return wrap


@_around
def train_model(host: Method, self: Any, *arguments: Any, **named: Any) -> Any:
    """ModelService.train_model(self, data_service, is_online=None): while it runs, `online.is_online()` says how."""
    try:
        given = inspect.signature(host).bind(self, *arguments, **named).arguments.get("is_online")
    except TypeError:
        return host(self, *arguments, **named)  # which says better what is wrong
    with online(getattr(self, "online_learning_enabled", False) if given is None else given):
        return host(self, *arguments, **named)


@_around
def get_feature_importance(host: Method, self: Any, *arguments: Any, **named: Any) -> Any:
    """ModelService.get_feature_importance(self) -> {name: importance}, largest first. The testbed reads `coef_`."""
    model = getattr(getattr(self, "ctr_model", None), "model", None)
    if not _is_ours(model):
        return host(self, *arguments, **named)
    return dict(sorted(_importances(model, None).items(), key=lambda one: one[1], reverse=True))


@_around
def get_feature_importance_from_model(
    host: Method, self: Any, model_instance: Any, *arguments: Any, **named: Any
) -> Any:
    """ModelInterpretability.get_feature_importance_from_model(self, model_instance) -> dict. The page prints
    by_feature["coefficients"]; the testbed fills it from `coef_`, under the names that LIME was given before."""
    answer = host(self, model_instance, *arguments, **named)
    if not _is_ours(model_instance):
        return answer
    measured = _importances(model_instance, getattr(self, "feature_names", None))
    by_feature = {"coefficients": measured, "tree_importance": measured}
    return {**answer, "coefficients": list(measured.values()), "by_feature": by_feature}


@_around
def prepare_lime_explainer(host: Method, self: Any, training_data: Any, *arguments: Any, **named: Any) -> Any:
    """ModelInterpretability.prepare_lime_explainer(self, training_data, feature_names, class_names=None). The page has
    names for its own columns alone, and LIME would take our ids for quantities and make ids of nothing of them; what it
    shows of an id is the word that it stands for."""
    from ..host.id_names import IdNames
    from ..host.impressions import FEATURE_NAMES, SCALED

    if getattr(training_data, "shape", (0, 0))[1:] != (len(FEATURE_NAMES),):
        return host(self, training_data, *arguments, **named)
    bound = inspect.signature(host).bind(self, training_data, *arguments, **named)
    bound.arguments["feature_names"] = list(FEATURE_NAMES)
    answer = host(*bound.args, **bound.kwargs)
    explainer = getattr(self, "lime_explainer", None)
    if explainer is not None:
        ids = range(SCALED, len(FEATURE_NAMES))
        self.lime_explainer = type(explainer)(
            training_data,
            feature_names=list(FEATURE_NAMES),
            class_names=explainer.class_names,
            categorical_features=list(ids),
            categorical_names={column: IdNames(column, training_data) for column in ids},
            mode="classification",
            discretize_continuous=True,
        )
    return answer


@_around
def cross_validate_model(host: Method, self: Any, model_instance: Any, *arguments: Any, **named: Any) -> Any:
    """ModelEvaluator.cross_validate_model(self, model_instance, ctr_data, …) -> dict. The page hands it the inner
    model, for which it makes columns of position and score alone; beside the number of them, which the page shows,
    stands why the scores are below the training's."""
    answer = host(self, model_instance, *arguments, **named)
    if isinstance(answer, dict) and "n_features" in answer and not hasattr(model_instance, "extract_features"):
        note = host_page.TWO_FEATURES.zh if answer["n_features"] == 2 else ""
        note += "" if _is_ours(model_instance) else host_page.FIRST_SLOT.zh
        answer = {**answer, "n_features": annotated(answer["n_features"], note)}
    return answer


def _search(host: Method, self: Any, model_class: Any, *arguments: Any, **named: Any) -> Any:
    """AutoMLOptimizer's searches. The page hands them scikit-learn's LogisticRegression, whatever stands in the slots;
    beside the best parameters, which the page shows, stands that."""
    from sklearn.linear_model import LogisticRegression

    answer = host(self, model_class, *arguments, **named)
    if model_class is not LogisticRegression or not isinstance(answer, dict) or "best_params" not in answer:
        return answer
    return {**answer, "best_params": annotated(answer["best_params"], host_page.LR_SEARCHED.zh)}


simple_grid_search = optimize_hyperparameters_with_optuna = _around(_search)


# --- the REST service ---


@_around
def _setup_api_routes(host: Method, self: Any, *arguments: Any, **named: Any) -> Any:
    """ModelService._setup_api_routes(self): the testbed's answers about models tell the slot for the model in it."""
    answer = host(self, *arguments, **named)
    views = self.flask_app.view_functions
    for name, correct in (("health", _health), ("list_models", _models), ("get_model_info", _models)):
        if name in views:
            views[name] = _corrected(self, views[name], correct)
    return answer


def _corrected(service: Any, view: Method, correct: Callable[[Any, dict[str, Any]], None]) -> Method:
    @functools.wraps(view)
    def corrected(*arguments: Any, **named: Any) -> Any:
        answer = view(*arguments, **named)
        content = answer.get_json(silent=True) if hasattr(answer, "get_json") else None
        if not isinstance(content, dict):
            return answer  # an error
        correct(service, content)
        from flask import jsonify

        return jsonify(content)

    return corrected


def _health(service: Any, content: dict[str, Any]) -> None:
    content["slot"] = content.get("model_type")
    content["model_type"] = slots.described(str(content["slot"]), service.ctr_model)["model"]


def _models(service: Any, content: dict[str, Any]) -> None:
    found = content.get("model")
    for model in found if isinstance(found, list) else [found]:
        if isinstance(model, dict) and model.get("status") != "error":
            name = str(model.get("name"))
            model.update(slots.described(name, service.get_model_instance(name)))


# --- online learning ---


@_around
def _hot_reload_model(host: Method, self: Any, *arguments: Any, **named: Any) -> Any:
    """ModelService._hot_reload_model(self) -> bool: the testbed reads a checkpoint of either slot into a CTRModel,
    which is the LR where ours stands beside it."""
    from ..host.ctr_model import WideAndDeepCTRModel

    if self.current_model_type != slots.SECOND_SLOT:
        return host(self, *arguments, **named)
    path = self._get_online_model_path(checkpoint_num=self.online_checkpoint_counter)
    model = WideAndDeepCTRModel()
    if not model.load_model(path):
        return False
    self.ctr_model, self.model_file = model, path
    self.model_instances.clear()
    return True


@_around
def record_click(host: Method, self: Any, *arguments: Any, **named: Any) -> Any:
    """DataService.record_click(self, doc_id, request_id) -> bool. The testbed's own trigger of online training is
    commented out there; with CTR_ONLINE=auto it is pulled here, where that stood."""
    answer = host(self, *arguments, **named)
    if answer and is_automatic():
        with self.lock:
            due = self._should_trigger_online_training()
        if due:
            threading.Thread(target=self._trigger_online_training_async, daemon=True).start()
    return answer


# --- the testbed's LR, which would write over our file ---


@_around
def save_model(host: Method, self: Any, filepath: Any = None, *arguments: Any, **named: Any) -> Any:
    """CTRModel.save_model(self, filepath=None) of the testbed's LR. A model of ours at that path is copied first."""
    path = model_files.FIRST_SLOT if filepath is None else filepath
    if self.is_trained and os.path.isfile(path) and model_files.is_ours(path):
        say(f"{path} 原有文件是本项目的模型 (CTRModels)，已备份到 {model_files.back_up(path)}")
    return host(self, filepath, *arguments, **named)


@_around
def load_model(host: Method, self: Any, filepath: Any = None, *arguments: Any, **named: Any) -> Any:
    """CTRModel.load_model(self, filepath=None) -> bool of the testbed's LR. It cannot read a model of ours; where its
    own file of before was kept beside it, it reads that."""
    path = model_files.FIRST_SLOT if filepath is None else filepath
    if not model_files.is_ours(path):
        return host(self, filepath, *arguments, **named)
    backup = model_files.last_backup(path, ours=False)
    if backup is None:
        say(f"{path} 是本项目的模型 (CTRModels)，逻辑回归不能读取，文件保持原样；请先训练逻辑回归")
        return False
    say(f"{path} 是本项目的模型 (CTRModels)；逻辑回归改读其备份 {backup}")
    return host(self, backup, *arguments, **named)


# --- importances ---


def _is_ours(model: Any) -> bool:
    from ..estimator.classifier import CTRClassifier

    return isinstance(model, CTRClassifier) and not hasattr(model, "coef_")


def _importances(model: Any, names: Optional[Sequence[str]]) -> dict[str, float]:
    """By column. A measured one below 0 is noise around 0, and the testbed's are absolute values."""
    return dict(zip(_names(model, names), (max(0.0, float(value)) for value in model.feature_importances_)))


def _names(model: Any, given: Optional[Sequence[str]]) -> list[str]:
    """The columns' names: the data's own, else the click log's 36, else those given, else by number."""
    from ..host.impressions import FEATURE_NAMES, ImpressionClassifier

    count = model.n_features_in_
    own = getattr(model, "feature_names_in_", None)
    if own is not None:
        return [str(name) for name in own]
    if isinstance(model, ImpressionClassifier) and count == len(FEATURE_NAMES):
        return list(FEATURE_NAMES)
    if given is not None and len(given) == count:
        return list(given)
    return [f"特征{index}" for index in range(count)]
