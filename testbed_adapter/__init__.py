"""Wide & Deep click models in the course testbed's place of the logistic regression, and as a scikit-learn estimator.

    from testbed_adapter import CTRClassifier           # the estimator, by model; WideDeepClassifier is one
    import testbed_adapter; testbed_adapter.install()   # the switch, before the testbed is imported
    python -m testbed_adapter --help                    # the commands

Importing the package loads nothing heavy; the Swift library is loaded when a model is first made.

Its floors, each of which imports those below it alone (`make lint` looks):

    commands    the command line                          lab    experiments: click logs, compare, the report
    switch      hook and patches: ours under the testbed's names
    host        the testbed's two model classes
    estimator   scikit-learn's
    native      the library found, loaded and called
    messages    what it says to people

The other modules beside them are names of earlier versions.
"""

from __future__ import annotations

from .switch.hook import install, uninstall
from .version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .estimator.classifier import CTRClassifier
    from .estimator.wide_deep import WideDeepClassifier

__all__ = ["CTRClassifier", "WideDeepClassifier", "__version__", "install", "models", "uninstall"]


def models() -> list[dict[str, Any]]:
    """The models that there are: each one's `model` and `title`, and the `options` that it reads: `name`, `default`,
    `range`, `about`."""
    import copy

    from .native.architectures import architectures

    return copy.deepcopy(architectures())


def __getattr__(name: str) -> Any:
    if name in ("CTRClassifier", "WideDeepClassifier"):
        from . import estimator

        return getattr(estimator, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
