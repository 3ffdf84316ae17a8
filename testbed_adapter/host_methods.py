"""The testbed's methods that the switch wraps. Each function here takes the testbed's method and returns the wrapper of
the same name; which class it belongs to stands in host_patches.CHANGES."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence
from typing import Any, Callable, Optional

from .online import online

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
    names for its own columns alone, and LIME would take our ids for quantities and make ids of nothing of them."""

    @functools.wraps(host)
    def prepare_lime_explainer(self: Any, training_data: Any, *arguments: Any, **named: Any) -> Any:
        from .impressions import FEATURE_NAMES, SCALED

        if getattr(training_data, "shape", (0, 0))[1:] != (len(FEATURE_NAMES),):
            return host(self, training_data, *arguments, **named)
        signature = inspect.signature(host)
        bound = signature.bind(self, training_data, *arguments, **named)
        bound.arguments["feature_names"] = list(FEATURE_NAMES)
        answer = host(*bound.args, **bound.kwargs)
        explainer = getattr(self, "lime_explainer", None)
        if explainer is not None:
            self.lime_explainer = type(explainer)(
                training_data,
                feature_names=list(FEATURE_NAMES),
                class_names=explainer.class_names,
                categorical_features=list(range(SCALED, len(FEATURE_NAMES))),
                mode="classification",
                discretize_continuous=True,
            )
        return answer

    return prepare_lime_explainer


def _is_ours(model: Any) -> bool:
    from .estimator import WideDeepClassifier

    return isinstance(model, WideDeepClassifier) and not hasattr(model, "coef_")


def _measured(model: Any, names: Optional[Sequence[str]]) -> dict[str, float]:
    """Importance by column. A measured one below 0 is noise around 0, and the testbed's are absolute values."""
    importances = model.feature_importances_
    return dict(zip(_names(model, names), (max(0.0, float(value)) for value in importances)))


def _names(model: Any, given: Optional[Sequence[str]]) -> list[str]:
    """The columns' names: the data's own, else the click log's 36, else those given, else by number."""
    from .impressions import FEATURE_NAMES, ImpressionClassifier

    count = model.n_features_in_
    own = getattr(model, "feature_names_in_", None)
    if own is not None:
        return [str(name) for name in own]
    if isinstance(model, ImpressionClassifier) and count == len(FEATURE_NAMES):
        return list(FEATURE_NAMES)
    if given is not None and len(given) == count:
        return list(given)
    return [f"特征{index}" for index in range(count)]
