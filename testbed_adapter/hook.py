"""The switch: puts Wide & Deep under the testbed's two model names, at import, without touching its files.

The testbed's `training_tab.ctr_model` is run as it is and its `CTRModel` replaced (the testbed's own stays there as
`HostCTRModel`); `training_tab.ctr_wide_deep_model` is not run at all, as it would import TensorFlow. Modules imported
before `install` are patched too, and so are the names that other modules took from them. This module imports the
standard library alone, so that installing costs nothing where the testbed is then never imported.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import threading
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Optional

ENVIRONMENT_VARIABLE = "CTR_MODEL"
WIDE_DEEP, HOST_ITSELF = "wide_deep", "logistic_regression"
CHOICES = (WIDE_DEEP, HOST_ITSELF)

_LR_MODULE = "training_tab.ctr_model"
_DEEP_MODULE = "training_tab.ctr_wide_deep_model"
_KEPT, _KEPT_DEEP = "HostCTRModel", "HostWideAndDeepCTRModel"
_MARK = "_host_never_ran"


def install(model: Optional[str] = None) -> bool:
    """Switches the testbed to `model`: "wide_deep", or "logistic_regression", which leaves it as it is.

    Without an argument the environment variable CTR_MODEL says which; without that it is wide_deep. Returns whether the
    testbed is switched now. ValueError for any other name. Calling it again is fine.
    """
    if chosen(model) == HOST_ITSELF:
        uninstall()
        return False
    with _lock:
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
        for name, module in list(sys.modules.items()):
            if isinstance(module, ModuleType) and _is(name, _LR_MODULE):
                _replace_lr(module)
            elif isinstance(module, ModuleType) and _is(name, _DEEP_MODULE) and _MARK not in vars(module):
                _swap(module, "WideAndDeepCTRModel", _KEPT_DEEP)
    return True


def uninstall() -> None:
    """Undoes install: the testbed's modules have their own classes again, and so have the names taken from them."""
    with _lock:
        if _finder in sys.meta_path:
            sys.meta_path.remove(_finder)
        for name, module in list(sys.modules.items()):
            if not isinstance(module, ModuleType):
                continue
            if _is(name, _LR_MODULE):
                _swap_back(module, "CTRModel", _KEPT)
            elif _is(name, _DEEP_MODULE) and _MARK in vars(module):
                _forget(name)
            elif _is(name, _DEEP_MODULE):
                _swap_back(module, "WideAndDeepCTRModel", _KEPT_DEEP)


def chosen(model: Optional[str] = None) -> str:
    """The model that an argument, CTR_MODEL or the default names. ValueError for one there is not."""
    source = "model" if model is not None else ENVIRONMENT_VARIABLE
    name = model if model is not None else os.environ.get(ENVIRONMENT_VARIABLE) or WIDE_DEEP
    if name not in CHOICES:
        raise ValueError(f"{source}={name!r} 不是可选的模型；可选: {', '.join(CHOICES)}")
    return name


class _Finder:
    """Finds the two modules, each its own way; any other it leaves to the finders after it."""

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]] = None, target: Optional[ModuleType] = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        if not _is(fullname, _LR_MODULE) and not _is(fullname, _DEEP_MODULE):
            return None
        spec = self._found_by_others(fullname, path, target)
        if spec is None or spec.loader is None:
            return spec
        if _is(fullname, _DEEP_MODULE):
            ours = importlib.machinery.ModuleSpec(fullname, _DeepLoader(), origin=spec.origin)
            ours.has_location = spec.has_location
            return ours
        # Each import makes its spec and loader anew, so this changes no other module's loader.
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            _replace_lr(module)

        loader.exec_module = exec_module
        return spec

    def _found_by_others(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType]
    ) -> Optional[importlib.machinery.ModuleSpec]:
        for finder in list(sys.meta_path):
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(fullname, path, target)
                if spec is not None:
                    return spec
        return None


class _DeepLoader(importlib.abc.Loader):
    """Makes the second slot's module, which holds our class; the testbed's file is not run."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Optional[ModuleType]:
        return None

    def exec_module(self, module: ModuleType) -> None:
        from .ctr_model import WideAndDeepCTRModel

        module.__doc__ = "Wide & Deep (testbed_adapter) in the place of the testbed's TensorFlow model."
        module.__dict__.update(WideAndDeepCTRModel=WideAndDeepCTRModel, TF_AVAILABLE=False, **{_MARK: True})


def _is(name: str, module: str) -> bool:
    return name == module or name.endswith("." + module)


def _replace_lr(module: ModuleType) -> None:
    _swap(module, "CTRModel", _KEPT)


def _swap(module: ModuleType, name: str, kept: str) -> None:
    from . import ctr_model

    ours, host = getattr(ctr_model, name), vars(module).get(name)
    if host is None or host is ours:
        return
    setattr(module, kept, host)
    # Whoever holds the testbed's class has it from the testbed.
    for other in _modules():
        for key, value in list(vars(other).items()):
            if value is host and key != kept:
                setattr(other, key, ours)
                _renamed.add((other.__name__, key))


def _swap_back(module: ModuleType, name: str, kept: str) -> None:
    host = vars(module).pop(kept, None)
    if host is None:
        return
    ours = vars(module)[name]
    # Modules of the testbed, and names that were changed; others may have our class from ourselves.
    root = module.__name__.split(".")[0]
    for other in _modules():
        for key, value in list(vars(other).items()):
            theirs = other.__name__.split(".")[0] == root or (other.__name__, key) in _renamed
            if value is ours and theirs:
                setattr(other, key, host)


def _modules() -> list[ModuleType]:
    found = [module for module in list(sys.modules.values()) if isinstance(module, ModuleType)]
    return [module for module in found if module.__name__.split(".")[0] != __package__]


def _forget(name: str) -> None:
    """Drops a module that was never run, so that the next import runs it."""
    del sys.modules[name]
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        sys.modules[parent].__dict__.pop(child, None)


_lock = threading.RLock()
# Names of other modules that install changed: (module, name).
_renamed: set[tuple[str, str]] = set()
_finder: Any = _Finder()
