"""What the switch changes in the testbed: the one table of it, and the kinds of change.

| module, by its name's end           | what                                 | becomes                    | under     |
|-------------------------------------|--------------------------------------|----------------------------|-----------|
| training_tab.ctr_model              | CTRModel, wherever it was taken to   | ours                       | both      |
| training_tab.ctr_wide_deep_model    | the file, which imports TensorFlow   | not run: our class alone   | ours      |
| training_tab.ctr_config             | the names of the slots' models       | what stands there          | ours      |
| training_tab.ctr_lr_model           | the import of LogisticRegression     | ours, and its name         | both      |
| model_service                       | ModelService.train_model             | tells `online.is_online`   | ours      |
| model_service                       | ModelService.get_feature_importance  | knows our models too       | ours      |
| model_service                       | what the REST API says of models     | what stands there          | ours      |
| model_service                       | ModelService._hot_reload_model       | into the slot's class      | second    |
| training_tab.model_interpretability | the importances of a given model     | knows our models too       | ours      |
| training_tab.model_interpretability | the LIME explainer of our 36 columns | knows names and ids        | ours      |
| training_tab.model_evaluation       | what the page's cross-validation is  | says why it scores lower   | ours      |
| training_tab.model_automl           | what the page's searches found       | says that it is the LR's   | ours      |
| data_service                        | DataService.record_click             | trains, if CTR_ONLINE=auto | all       |
| training_tab.ctr_model              | the LR's save_model and load_model   | spare our file             | the LR's  |

"under" says in which slots ours stands: "both", the "second" alone, "ours": either of these; "the LR's": the second
alone or neither. Only of modules whose files are the
testbed's (checkout.py): others may have such names.

Standard library only, and little of that: every Python of an environment with the switch on imports this file.
"""

from __future__ import annotations

import sys

from . import BOTH, NEITHER, SECOND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any, Optional

    from .choice import Choice

_OURS, _THE_LRS = (BOTH, SECOND), (SECOND, NEITHER)

_OURSELVES = __name__.partition(".")[0]
_NEVER_RAN = "_host_never_ran"
_HOST = "_testbed_adapter_host"
_Module, _Function = type(sys), type(lambda: None)  # as in `types`, which need not be imported for it


class Change:
    """A change of one module's `target`: `found` when the module is about to be imported, `apply` after it ran (or ran
    long ago), `undo`. All may be called again, and for a module that lacks the target."""

    def __init__(self, module: str, target: str, under: tuple[str, ...] = _OURS) -> None:
        self.module, self.target, self.under = module, target, under

    def found(self, spec: ModuleSpec) -> ModuleSpec:
        return spec

    def apply(self, module: ModuleType, choice: Choice) -> None: ...

    def undo(self, module: ModuleType) -> None: ...


class ClassReplaced(Change):
    """A class, replaced by the one of the same name of host.ctr_model, in every module that holds it. The testbed's own
    stays in its module, as Host<name>."""

    def __init__(self, module: str, target: str, under: tuple[str, ...] = _OURS) -> None:
        super().__init__(module, target, under)
        self._host = f"Host{target}"
        # Names of other modules that were changed: (module, name).
        self._renamed: set[tuple[str, str]] = set()

    def apply(self, module: ModuleType, choice: Choice) -> None:
        from ..host import ctr_model

        ctr_model.CTRModel.architecture = choice.model
        ours, host = getattr(ctr_model, self.target), vars(module).get(self.target)
        if host is None or host is ours:
            return
        setattr(module, self._host, host)
        # Whoever holds the testbed's class has it from the testbed.
        for other in _modules():
            for key, value in list(vars(other).items()):
                if value is host and key != self._host:
                    setattr(other, key, ours)
                    self._renamed.add((other.__name__, key))

    def undo(self, module: ModuleType) -> None:
        host = vars(module).pop(self._host, None)
        if host is None:
            return
        ours = vars(module)[self.target]
        # Modules of the testbed, and names that were changed; others may have our class from ourselves.
        root = module.__name__.split(".")[0]
        for other in _modules():
            for key, value in list(vars(other).items()):
                theirs = other.__name__.split(".")[0] == root or (other.__name__, key) in self._renamed
                if value is ours and theirs:
                    setattr(other, key, host)


class FileNotRun(ClassReplaced):
    """A class whose file is not run at all: the module is made with our class alone in it."""

    def found(self, spec: ModuleSpec) -> ModuleSpec:
        from importlib.machinery import ModuleSpec

        loader: Any = _Made(self.target)
        ours = ModuleSpec(spec.name, loader, origin=spec.origin)
        ours.has_location = spec.has_location
        return ours

    def undo(self, module: ModuleType) -> None:
        if _NEVER_RAN not in vars(module):
            super().undo(module)
            return
        # Dropped, so that the next import runs the testbed's file.
        del sys.modules[module.__name__]
        parent, _, child = module.__name__.rpartition(".")
        if parent in sys.modules:
            sys.modules[parent].__dict__.pop(child, None)


class _Made:
    """The loader of such a module."""

    def __init__(self, name: str) -> None:
        self._name = name

    def create_module(self, spec: ModuleSpec) -> Optional[ModuleType]:
        return None

    def exec_module(self, module: ModuleType) -> None:
        from ..host import ctr_model

        module.__doc__ = "testbed_adapter's model in the place of the testbed's TensorFlow model."
        module.__dict__.update({self._name: getattr(ctr_model, self._name), "TF_AVAILABLE": False, _NEVER_RAN: True})


class MethodWrapped(Change):
    """A method, wrapped by the function of the same name in methods.py."""

    def _present(self, module: ModuleType) -> tuple[Any, str, Any]:
        """The class, the method's name, and the class's own method where it has one."""
        of, _, name = self.target.partition(".")
        owner = vars(module).get(of)
        method = vars(owner).get(name) if isinstance(owner, type) else None
        return owner, name, method if isinstance(method, _Function) else None

    def apply(self, module: ModuleType, choice: Choice) -> None:
        owner, name, method = self._present(module)
        if method is None or hasattr(method, _HOST):
            return
        from . import methods

        wrapped = getattr(methods, name)(method)
        setattr(wrapped, _HOST, method)
        setattr(owner, name, wrapped)

    def undo(self, module: ModuleType) -> None:
        owner, name, method = self._present(module)
        if hasattr(method, _HOST):
            setattr(owner, name, getattr(method, _HOST))


class ModelsNamed(Change):
    """The names of the slots' models, which the page, the service's messages and its files show."""

    def apply(self, module: ModuleType, choice: Choice) -> None:
        from . import slots

        slots.rename(module, choice)

    def undo(self, module: ModuleType) -> None:
        from . import slots

        slots.name_as_before(module)


class ScriptImport(Change):
    """The stand-alone script's own LogisticRegression: scikit-learn itself stays as it is."""

    def found(self, spec: ModuleSpec) -> ModuleSpec:
        from . import script

        script.rewrite(spec.loader)
        return spec

    def apply(self, module: ModuleType, choice: Choice) -> None:
        from . import script

        script.use_ours(module)

    def undo(self, module: ModuleType) -> None:
        from . import script

        script.use_scikit_learns(module)


CHANGES: tuple[Change, ...] = (
    ClassReplaced("training_tab.ctr_model", "CTRModel", (BOTH,)),
    FileNotRun("training_tab.ctr_wide_deep_model", "WideAndDeepCTRModel"),
    ModelsNamed("training_tab.ctr_config", "CTRModelConfig.SUPPORTED_MODELS"),
    ScriptImport("training_tab.ctr_lr_model", "LogisticRegression", (BOTH,)),
    MethodWrapped("model_service", "ModelService.train_model"),
    MethodWrapped("model_service", "ModelService.get_feature_importance"),
    MethodWrapped("model_service", "ModelService._setup_api_routes"),
    MethodWrapped("model_service", "ModelService._hot_reload_model", (SECOND,)),
    MethodWrapped("training_tab.model_interpretability", "ModelInterpretability.get_feature_importance_from_model"),
    MethodWrapped("training_tab.model_interpretability", "ModelInterpretability.prepare_lime_explainer"),
    MethodWrapped("training_tab.model_evaluation", "ModelEvaluator.cross_validate_model"),
    MethodWrapped("training_tab.model_automl", "AutoMLOptimizer.simple_grid_search"),
    MethodWrapped("training_tab.model_automl", "AutoMLOptimizer.optimize_hyperparameters_with_optuna"),
    MethodWrapped("data_service", "DataService.record_click", (BOTH, SECOND, NEITHER)),
    MethodWrapped("training_tab.ctr_model", "CTRModel.save_model", _THE_LRS),
    MethodWrapped("training_tab.ctr_model", "CTRModel.load_model", _THE_LRS),
)


def _modules() -> list[ModuleType]:
    found = [module for module in list(sys.modules.values()) if isinstance(module, _Module)]
    return [module for module in found if module.__name__.split(".")[0] != _OURSELVES]
