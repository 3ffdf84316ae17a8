"""Run by Python at start where `python -m testbed_adapter run` put this folder on PYTHONPATH: child processes of the
script are switched as it is. Then the environment's own sitecustomize runs, which this one stands before."""

import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))

try:
    from testbed_adapter.switch.hook import install

    install()
except Exception as error:  # another environment's Python, say: that child goes unswitched, and says so
    try:
        from testbed_adapter.messages.switch import CHILD

        told = str(CHILD.format(error=error))
    except Exception:  # a Python that cannot read the package
        told = f"testbed_adapter: no model was switched in a child process: {error}"
    print(told, file=sys.stderr)


def _run_next() -> None:
    import importlib.machinery

    path = [folder for folder in sys.path if os.path.abspath(folder) != _here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", path)
    if spec is not None and spec.loader is not None:
        import importlib.util

        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


_run_next()
