"""WideDeepClassifier: Wide & Deep alone, with the arguments that it has had from the first."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, TypeVar

from .classifier import CTRClassifier
from .documentation import documented

Init = TypeVar("Init", bound=Callable[..., None])


def _without(init: Init, *names: str) -> Init:
    """An __init__ that does not take these arguments."""
    parameters = [one for name, one in inspect.signature(init).parameters.items() if name not in names]
    signature = inspect.Signature(parameters)

    @functools.wraps(init)
    def fewer(self: Any, **arguments: Any) -> None:
        signature.bind(self, **arguments)
        init(self, **arguments)

    fewer.__signature__ = signature  # type: ignore[attr-defined]
    return fewer  # type: ignore[return-value]


@documented
class WideDeepClassifier(CTRClassifier):
    """Wide & Deep (Cheng et al., 2016) for two classes, from mixed columns: numbers, categories, lists of categories.

    A sparse linear part over categories, binned numbers and crosses, and a deep part over embeddings, trained together
    on one log loss."""

    model = "wide_deep"
    cross_layers = None
    __init__ = _without(CTRClassifier.__init__, "model", "cross_layers")
