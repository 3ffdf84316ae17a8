"""Wide & Deep click models in the course testbed's place of the logistic regression, and as a scikit-learn estimator.

    from testbed_adapter import WideDeepClassifier      # the estimator
    import testbed_adapter; testbed_adapter.install()   # the switch, before the testbed is imported
    python -m testbed_adapter --help                    # the commands

Importing the package loads nothing heavy; the Swift library is loaded when a model is first made.
"""

from __future__ import annotations

from .switch.hook import install, uninstall
from .version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .estimator.classifier import WideDeepClassifier

__all__ = ["WideDeepClassifier", "__version__", "install", "uninstall"]


def __getattr__(name: str) -> Any:
    if name == "WideDeepClassifier":
        from .estimator.classifier import WideDeepClassifier

        return WideDeepClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
