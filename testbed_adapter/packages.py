"""The Python packages that the adapter and the testbed's CTR parts are made with."""

from __future__ import annotations

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
