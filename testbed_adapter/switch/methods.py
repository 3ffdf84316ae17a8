"""The testbed's methods that the switch wraps. Each function here takes the testbed's method and returns the wrapper of
the same name; which class it belongs to stands in patches.CHANGES."""

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
from . import annotated, slots

Method = Callable[..., Any]


def train_model(host: Method) -> Method:
    """ModelService.train_model(self, data_service, is_online=None): while it runs, `online.is_online()` says how."""
    signature = inspect.signature(host)

    @functools.wraps(host)
    def train_model(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            given = signature.bind(self, *arguments, **named).arguments.get("is_online")
        except TypeError:
            return host(self, *arguments, **named)  # which says better what is wrong
        with online(getattr(self, "online_learning_enabled", False) if given is None else given):
            return host(self, *arguments, **named)

    return train_model


def get_feature_importance(host: Method) -> Method:
    """ModelService.get_feature_importance(self) -> {name: importance}, largest first. The testbed reads `coef_`."""

    @functools.wraps(host)
    def get_feature_importance(self: Any, *arguments: Any, **named: Any) -> Any:
        model = getattr(getattr(self, "ctr_model", None), "model", None)
        if not _is_ours(model):
            return host(self, *arguments, **named)
        measured = _measured(model, None)
        return dict(sorted(measured.items(), key=lambda one: one[1], reverse=True))

    return get_feature_importance


def get_feature_importance_from_model(host: Method) -> Method:
    """ModelInterpretability.get_feature_importance_from_model(self, model_instance) -> dict. The page prints
    by_feature["coefficients"]; the testbed fills it from `coef_`, under the names that LIME was given before."""

    @functools.wraps(host)
    def get_feature_importance_from_model(self: Any, model_instance: Any, *arguments: Any, **named: Any) -> Any:
        answer = host(self, model_instance, *arguments, **named)
        if not _is_ours(model_instance):
            return answer
        measured = _measured(model_instance, getattr(self, "feature_names", None))
        coefficients = {"coefficients": list(measured.values())}
        return {**answer, **coefficients, "by_feature": {"coefficients": measured, "tree_importance": measured}}

    return get_feature_importance_from_model


def prepare_lime_explainer(host: Method) -> Method:
    """ModelInterpretability.prepare_lime_explainer(self, training_data, feature_names, class_names=None). The page has
    names for its own columns alone, and LIME would take our ids for quantities and make ids of nothing of them; what it
    shows of an id is the word that it stands for."""

    @functools.wraps(host)
    def prepare_lime_explainer(self: Any, training_data: Any, *arguments: Any, **named: Any) -> Any:
        from ..host.id_names import IdNames
        from ..host.impressions import FEATURE_NAMES, SCALED

        if getattr(training_data, "shape", (0, 0))[1:] != (len(FEATURE_NAMES),):
            return host(self, training_data, *arguments, **named)
        signature = inspect.signature(host)
        bound = signature.bind(self, training_data, *arguments, **named)
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

    return prepare_lime_explainer


def cross_validate_model(host: Method) -> Method:
    """ModelEvaluator.cross_validate_model(self, model_instance, ctr_data, …) -> dict. The page hands it the inner
    model, for which it makes columns of position and score alone; beside the number of them, which the page shows,
    stands why the scores are below the training's."""

    @functools.wraps(host)
    def cross_validate_model(self: Any, model_instance: Any, *arguments: Any, **named: Any) -> Any:
        answer = host(self, model_instance, *arguments, **named)
        if isinstance(answer, dict) and "n_features" in answer and not hasattr(model_instance, "extract_features"):
            note = host_page.TWO_FEATURES.zh if answer["n_features"] == 2 else ""
            note += "" if _is_ours(model_instance) else host_page.FIRST_SLOT.zh
            answer = {**answer, "n_features": annotated.count(answer["n_features"], note)}
        return answer

    return cross_validate_model


def simple_grid_search(host: Method) -> Method:
    """AutoMLOptimizer.simple_grid_search(self, model_class, …) -> dict. The page hands it scikit-learn's
    LogisticRegression, whatever stands in the slots; beside the best parameters, which the page shows, stands that."""

    @functools.wraps(host)
    def simple_grid_search(self: Any, model_class: Any, *arguments: Any, **named: Any) -> Any:
        return _searched(host(self, model_class, *arguments, **named), model_class)

    return simple_grid_search


def optimize_hyperparameters_with_optuna(host: Method) -> Method:
    """AutoMLOptimizer's, the same."""

    @functools.wraps(host)
    def optimize_hyperparameters_with_optuna(self: Any, model_class: Any, *arguments: Any, **named: Any) -> Any:
        return _searched(host(self, model_class, *arguments, **named), model_class)

    return optimize_hyperparameters_with_optuna


def _searched(answer: Any, model_class: Any) -> Any:
    from sklearn.linear_model import LogisticRegression

    if model_class is not LogisticRegression or not isinstance(answer, dict) or "best_params" not in answer:
        return answer
    return {**answer, "best_params": annotated.parameters(answer["best_params"], host_page.LR_SEARCHED.zh)}


def _setup_api_routes(host: Method) -> Method:
    """ModelService._setup_api_routes(self): the testbed's answers about models tell the slot for the model in it."""

    @functools.wraps(host)
    def _setup_api_routes(self: Any, *arguments: Any, **named: Any) -> Any:
        answer = host(self, *arguments, **named)
        views = self.flask_app.view_functions
        for name, correct in (("health", _health), ("list_models", _list), ("get_model_info", _info)):
            if name in views:
                views[name] = _corrected(self, views[name], correct)
        return answer

    return _setup_api_routes


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
    content["model_type"] = slots.told(str(content["slot"]), service.ctr_model)["model"]


def _list(service: Any, content: dict[str, Any]) -> None:
    for model in content.get("model", []):
        _tell(service, model)


def _info(service: Any, content: dict[str, Any]) -> None:
    _tell(service, content.get("model"))


def _tell(service: Any, model: Any) -> None:
    if isinstance(model, dict) and model.get("status") != "error":
        name = str(model.get("name"))
        model.update(slots.told(name, service.get_model_instance(name)))


# --- online learning ---


def _hot_reload_model(host: Method) -> Method:
    """ModelService._hot_reload_model(self) -> bool: the testbed reads a checkpoint of either slot into a CTRModel,
    which is the LR where ours stands beside it."""

    @functools.wraps(host)
    def _hot_reload_model(self: Any, *arguments: Any, **named: Any) -> Any:
        from ..host.ctr_model import WideAndDeepCTRModel

        if self.current_model_type != slots.SECOND:
            return host(self, *arguments, **named)
        path = self._get_online_model_path(checkpoint_num=self.online_checkpoint_counter)
        model = WideAndDeepCTRModel()
        if not model.load_model(path):
            return False
        self.ctr_model, self.model_file = model, path
        self.model_instances.clear()
        return True

    return _hot_reload_model


def record_click(host: Method) -> Method:
    """DataService.record_click(self, doc_id, request_id) -> bool. The testbed's own trigger of online training is
    commented out there; with CTR_ONLINE=auto it is pulled here, where that stood."""

    @functools.wraps(host)
    def record_click(self: Any, *arguments: Any, **named: Any) -> Any:
        answer = host(self, *arguments, **named)
        if answer and is_automatic():
            with self.lock:
                due = self._should_trigger_online_training()
            if due:
                threading.Thread(target=self._trigger_online_training_async, daemon=True).start()
        return answer

    return record_click


# --- the testbed's LR, which would write over our file ---


def save_model(host: Method) -> Method:
    """CTRModel.save_model(self, filepath=None) of the testbed's LR. A model of ours at that path is copied first."""

    @functools.wraps(host)
    def save_model(self: Any, filepath: Any = None, *arguments: Any, **named: Any) -> Any:
        path = model_files.FIRST_SLOT if filepath is None else filepath
        if self.is_trained and os.path.isfile(path) and model_files.is_ours(path):
            say(f"{path} 原有文件是 Wide & Deep 模型，已备份到 {model_files.copied(path)}")
        return host(self, filepath, *arguments, **named)

    return save_model


def load_model(host: Method) -> Method:
    """CTRModel.load_model(self, filepath=None) -> bool of the testbed's LR. It cannot read a model of ours; where its
    own file of before was kept beside it, it reads that."""

    @functools.wraps(host)
    def load_model(self: Any, filepath: Any = None, *arguments: Any, **named: Any) -> Any:
        path = model_files.FIRST_SLOT if filepath is None else filepath
        if not model_files.is_ours(path):
            return host(self, filepath, *arguments, **named)
        kept = model_files.kept(path, ours=False)
        if kept is None:
            say(f"{path} 是 Wide & Deep 模型，逻辑回归不能读取，文件保持原样；请先训练逻辑回归")
            return False
        say(f"{path} 是 Wide & Deep 模型；逻辑回归改读其备份 {kept}")
        return host(self, kept, *arguments, **named)

    return load_model


def _is_ours(model: Any) -> bool:
    from ..estimator.classifier import WideDeepClassifier

    return isinstance(model, WideDeepClassifier) and not hasattr(model, "coef_")


def _measured(model: Any, names: Optional[Sequence[str]]) -> dict[str, float]:
    """Importance by column. A measured one below 0 is noise around 0, and the testbed's are absolute values."""
    importances = model.feature_importances_
    return dict(zip(_names(model, names), (max(0.0, float(value)) for value in importances)))


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
