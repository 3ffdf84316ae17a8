"""What stands in the testbed's two model slots, in words: for its page, its REST service, and who starts it."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Optional

from ..messages import switch as words
from . import BESIDE_LR, HOST_ITSELF, WIDE_DEEP

FIRST, SECOND = "logistic_regression", "wide_and_deep"
NAME, TYPE = "Wide & Deep", "ctr_models"

_DESCRIPTION = "线性的宽部记忆，嵌入与神经网络的深部泛化，联合训练 (CTRModels)"
_SECOND = {"name": NAME, "description": _DESCRIPTION, "params": {}}
_NAMED: dict[str, dict[str, dict[str, Any]]] = {
    WIDE_DEEP: {
        FIRST: {"name": f"{NAME}（代替逻辑回归）", "description": _DESCRIPTION, "params": {}},
        SECOND: _SECOND,
    },
    BESIDE_LR: {SECOND: _SECOND},
    HOST_ITSELF: {},
}
_IN_SLOTS = {
    WIDE_DEEP: words.BOTH_OURS,
    BESIDE_LR: words.SECOND_OURS,
    HOST_ITSELF: words.HOSTS,
}
_BEFORE = "_testbed_adapter_before"

_announced: Optional[str] = None


def announce(model: str) -> None:
    """One line on stderr, once a process and choice."""
    global _announced
    if _announced != model and sys.stderr is not None:
        _announced = model
        slots = _IN_SLOTS[model].format(first=FIRST, second=SECOND, name=NAME)
        print(words.ANNOUNCED.format(model=model, slots=slots), file=sys.stderr)


# --- the page: training_tab.ctr_config.CTRModelConfig.SUPPORTED_MODELS ---


def rename(module: ModuleType, model: str) -> None:
    config, named = vars(module).get("CTRModelConfig"), _NAMED[model]
    models = getattr(config, "SUPPORTED_MODELS", None)
    if config is None or not isinstance(models, dict) or _BEFORE in vars(module):
        return
    setattr(module, _BEFORE, models)
    config.SUPPORTED_MODELS = {slot: {**model, **named.get(slot, {})} for slot, model in models.items()}


def name_as_before(module: ModuleType) -> None:
    models = vars(module).pop(_BEFORE, None)
    if models is not None:
        vars(module)["CTRModelConfig"].SUPPORTED_MODELS = models


# --- the REST service ---


def is_ours(model: Any) -> bool:
    """Whether an object in a slot is of our classes."""
    from ..host.ctr_model import CTRModel

    return isinstance(model, CTRModel)


def described(slot: str, model: Any) -> dict[str, str]:
    """What /v1/models says of a slot beside its name, which is part of its address, and its status."""
    if is_ours(model):
        return {"type": TYPE, "model": WIDE_DEEP}
    return {"model": slot}
