"""Whether a file is the testbed's, and not one of another program that has modules of the same names."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

_PACKAGE = "search_engine"
_TAB = "training_tab"
_MODEL = os.path.join(_TAB, "ctr_model.py")
_SIGNS = (b"class CTRModel", b"def predict_ctr")


def is_testbeds(path: Optional[str]) -> bool:
    """Whether it lies in a folder search_engine, or in training_tab under one, whose training_tab/ctr_model.py has the
    testbed's class. That file is read, nothing is run."""
    if not isinstance(path, str):
        return False
    # A checkout may be linked to under another name.
    return any(_is_package(_package_of(one)) for one in dict.fromkeys((os.path.abspath(path), os.path.realpath(path))))


def _package_of(path: str) -> str:
    folder = os.path.dirname(path)
    return os.path.dirname(folder) if os.path.basename(folder) == _TAB else folder


def _is_package(folder: str) -> bool:
    if os.path.basename(folder) != _PACKAGE:
        return False
    try:
        with open(os.path.join(folder, _MODEL), "rb") as file:
            source = file.read()
    except OSError:
        return False
    return all(sign in source for sign in _SIGNS)


def file_of(module: Any) -> Optional[str]:
    """The file that a module was imported from, as far as it says."""
    path = vars(module).get("__file__")
    return path if isinstance(path, str) else getattr(vars(module).get("__spec__"), "origin", None)
