"""The Python packages that the adapter and the testbed's CTR parts are made with."""

from __future__ import annotations

import os
import sys

# Import names that differ from what pip calls them.
_PIP_NAMES = {"sklearn": "scikit-learn", "cv2": "opencv-python", "PIL": "Pillow", "yaml": "pyyaml"}
# Ours, as in pyproject.toml.
OURS = {
    "numpy": ">=1.22",
    "pyarrow": ">=14",
    "scikit-learn": ">=1.2",
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


def advice(error: ImportError) -> str:
    """What an ImportError says; of a package that is missing how to have it."""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if not missing or missing.split(".")[0] == __package__:
        return str(error)
    checkout = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    python = os.path.join(checkout, ".venv", "bin", "python")
    said = f"缺少 {pip_name(missing)} / {sys.executable} has no {pip_name(missing)}"
    if os.path.exists(python) and os.path.realpath(sys.prefix) != os.path.realpath(os.path.join(checkout, ".venv")):
        return f"{said}: {python} -m testbed_adapter …"
    if os.path.exists(os.path.join(checkout, "Makefile")):
        return f"{said}: make -C {checkout} setup, then {python} -m testbed_adapter …"
    return f"{said}: {sys.executable} -m pip install {pip_name(missing)}"
