"""What stands in the testbed's two model slots, in words: for its page, its REST service, and who starts it."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Optional

from ..messages import switch as words
from . import BOTH, NEITHER, SECOND, WIDE_DEEP
from .choice import Choice

FIRST_SLOT, SECOND_SLOT = "logistic_regression", "wide_and_deep"
TYPE = "ctr_models"

_ABOUT_WIDE_DEEP = "线性的宽部记忆，嵌入与神经网络的深部泛化，联合训练 (CTRModels)"
_IN_SLOTS = {BOTH: words.BOTH_OURS, SECOND: words.SECOND_OURS, NEITHER: words.HOSTS}
_BEFORE = "_testbed_adapter_before"

_announced: Optional[Choice] = None


def announce(choice: Choice) -> None:
    """One line on stderr, once a process and choice."""
    global _announced
    if _announced != choice and sys.stderr is not None:
        _announced = choice
        slots = _IN_SLOTS[choice.holds].format(first=FIRST_SLOT, second=SECOND_SLOT, name=choice.title)
        if choice.holds == BOTH and choice.model != WIDE_DEEP:
            slots = words.SCRIPT_IS_WIDE_DEEP.format(slots=slots)
        print(words.ANNOUNCED.format(model=choice.text, slots=slots), file=sys.stderr)


def _named(choice: Choice) -> dict[str, dict[str, Any]]:
    """Of each slot that holds ours what the page's list says of it."""
    about = _ABOUT_WIDE_DEEP if choice.model == WIDE_DEEP else f"{choice.title} (CTRModels)"
    second = {"name": choice.title, "description": about, "params": {}}
    first = {**second, "name": f"{choice.title}（代替逻辑回归）"}
    return {BOTH: {FIRST_SLOT: first, SECOND_SLOT: second}, SECOND: {SECOND_SLOT: second}, NEITHER: {}}[choice.holds]


# --- the page: training_tab.ctr_config.CTRModelConfig.SUPPORTED_MODELS ---


def rename(module: ModuleType, choice: Choice) -> None:
    config, named = vars(module).get("CTRModelConfig"), _named(choice)
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
        return {"type": TYPE, "model": model.architecture_trained or model.architecture}
    return {"model": slot}
