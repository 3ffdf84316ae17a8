"""What `run` is tried on: says who holds which name, in this process and in one that it starts."""

import json
import multiprocessing
import os
import subprocess
import sys

from search_engine.model_service import ModelService
from search_engine.training_tab import CTRModel


def owner(kind):
    return kind.__module__.split(".")[0]


def owner_in_a_worker(_):
    from search_engine.training_tab.ctr_model import CTRModel as there

    return owner(there)


def main():
    said = {
        "argv": sys.argv,
        "cwd": os.getcwd(),
        "path0": sys.path[0],
        "file": __file__,
        "class": owner(CTRModel),
        "service": owner(type(ModelService().ctr_model)),
        "main": sys.modules["__main__"].__dict__ is globals(),
    }
    code = "from search_engine.training_tab.ctr_model import CTRModel; print(CTRModel.__module__.split('.')[0])"
    there = os.path.dirname(os.path.abspath(__file__))
    said["child"] = subprocess.run(
        [sys.executable, "-c", code], cwd=there, capture_output=True, text=True, check=True
    ).stdout.strip()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        said["worker"] = pool.map(owner_in_a_worker, [0])[0]
    try:
        from search_engine.training_tab.ctr_wide_deep_model import WideAndDeepCTRModel

        said["deep"] = owner(WideAndDeepCTRModel)
    except ImportError as error:
        said["deep"] = error.name
    print(json.dumps(said))
    if "--exit" in sys.argv:
        sys.exit(int(sys.argv[sys.argv.index("--exit") + 1]))


if __name__ == "__main__":
    main()
