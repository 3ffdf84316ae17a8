"""What earlier versions of the package wrote: pickles and model files load and answer the same, the switch switches."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.host.ctr_model import CTRModel
from Tests.adapter.support import ROOT
from Tests.fixtures.pickles import make

FOLDER = Path(make.__file__).parent
VERSIONS = sorted(path.stem for path in FOLDER.glob("*.pkl"))


def close(found: Any, wanted: Any) -> bool:
    return found == pytest.approx(wanted, rel=1e-6)


def test_there_are_some() -> None:
    assert VERSIONS


@pytest.mark.usefixtures("workdir")
@pytest.mark.parametrize("version", VERSIONS)
def test_pickles_load_and_answer_as_before(version: str) -> None:
    made = pickle.loads((FOLDER / f"{version}.pkl").read_bytes())
    wanted = json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    found = make.answers(made)
    assert found.keys() == wanted.keys() and all(close(found[name], wanted[name]) for name in wanted)
    X, y = make.table()
    made["estimator"].partial_fit(X, y)  # an old lock, an old schema
    assert made["first"].train(make.records(90))["success"]
    again = pickle.loads(pickle.dumps(made))
    assert make.answers(again) == make.answers(made)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_slots_file_loads_and_answers_as_before(version: str) -> None:
    model = CTRModel()
    assert model.load_model(FOLDER / f"{version}.safetensors")
    wanted = json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    assert close(model.predict_ctr(*make.IMPRESSION), wanted["first"])


@pytest.mark.parametrize("version", VERSIONS)
def test_a_switch_file_still_switches(version: str) -> None:
    """As Python's site module runs it: line by line those that begin with "import"."""
    code = (
        f"lines = open({str(FOLDER / f'{version}.pth')!r}).read().splitlines()\n"
        "for line in lines:\n"
        "    if line.startswith('import'): exec(line)\n"
        "import testbed_adapter; print(testbed_adapter.hook.is_installed())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
