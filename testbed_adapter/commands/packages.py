"""The Python packages that the adapter and the testbed's CTR parts are made with."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Optional

from ..messages import Message, said
from ..messages import packages as words
from ..messages.packages import reinstall
from ..native.errors import LibraryError

_PACKAGE = __name__.partition(".")[0]
# Import names that differ from what pip calls them. (opencv-python itself wants a desktop's libraries.)
_PIP_NAMES = {
    "sklearn": "scikit-learn",
    "cv2": "opencv-python-headless",
    "PIL": "Pillow",
    "yaml": "pyyaml",
    "gremlin_python": "gremlinpython",
}
# Ours, as in pyproject.toml.
OURS = {
    "numpy": ">=1.22",
    "pyarrow": ">=14",
    "scikit-learn": ">=1.2",
    "scipy": ">=1.8",
    "joblib": ">=1.1",
    "threadpoolctl": ">=2",
    "jieba": ">=0.42",
    "safetensors": ">=0.4",
    "tqdm": ">=4.60",
}
# What the testbed's training_tab and model_service import besides.
HOSTS = ("pandas", "gradio", "flask", "matplotlib", "seaborn", "requests", "networkx")
# What single buttons of its evaluation section want.
OPTIONAL = ("lime", "shap", "optuna", "tpot")


def pip_name(module: str) -> str:
    top = module.split(".")[0]
    return _PIP_NAMES.get(top, top)


def module_name(package: str) -> str:
    return next((module for module, name in _PIP_NAMES.items() if name == package), package)


def culprit(error: BaseException) -> Optional[str]:
    """The package that is there and fails as it is imported; None where that is none of others, or not known."""
    while isinstance(error.__cause__ or error.__context__, ImportError):
        error = error.__cause__ or error.__context__ or error
    if not isinstance(error, ImportError) or isinstance(error, LibraryError):
        return None
    roots = sorted((os.path.abspath(folder) for folder in sys.path if folder), key=len, reverse=True)
    standard = os.path.dirname(os.__file__)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        root = next((one for one in roots if frame.filename.startswith(one + os.sep)), None)
        name = os.path.relpath(frame.filename, root).split(os.sep)[0] if root else ""
        if root == standard or not name or name.endswith(".py"):
            continue
        return None if name == _PACKAGE else pip_name(name)
    return None


def advice(error: ImportError) -> Message:
    """What an ImportError says; of a package that is missing or half installed how to have it."""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    broken = culprit(error)
    if broken is not None:
        told = " ".join(str(error).split())
        return words.BROKEN.format(
            python=sys.executable, package=broken, error=f"{told:.200}", command=reinstall(broken)
        )
    if not missing or missing.split(".")[0] == _PACKAGE:
        return said(error)
    checkout = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    python = os.path.join(checkout, ".venv", "bin", "python")
    package, command = pip_name(missing), f"{python} -m testbed_adapter …"
    if os.path.exists(python) and os.path.realpath(sys.prefix) != os.path.realpath(os.path.join(checkout, ".venv")):
        how: object = command
    elif os.path.exists(os.path.join(checkout, "Makefile")):
        how = words.SET_UP.format(set_up=f"make -C {checkout} setup", command=command)
    else:
        how = f"{sys.executable} -m pip install {package}"
    return words.MISSING.format(python=sys.executable, package=package, command=how)
