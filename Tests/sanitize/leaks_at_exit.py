"""Frees, at the interpreter's end, the models that are alive then, which the adapter leaves to the process on purpose:
here they would be taken for leaks."""

import atexit
import weakref


@atexit.register
def _free() -> None:
    for info in list(weakref.finalize._registry.values()):  # type: ignore[attr-defined]
        if getattr(info.func, "__name__", "") == "ctr_model_free":
            info.func(*info.args)
