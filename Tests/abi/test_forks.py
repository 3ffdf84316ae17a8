"""A child forked while other threads use the models can use them itself: it neither dies nor hangs."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from typing import Any

import pytest

from Tests.abi.raw import INVALID_ARGUMENT, ROOT, Callback, Exported, Model


@pytest.mark.parametrize(
    "acts, children",
    [("options,options", 25), ("train", 25), ("predict,predict", 10), ("train,options,predict,keep,reset", 25)],
)
def test_children_of_a_busy_parent(library: ctypes.CDLL, acts: str, children: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "Tests.abi.forks", acts, str(children)],
        cwd=ROOT, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_forked_in_a_callback_finishes_the_training(untrained: Model, table: Exported) -> None:
    """It is inside the training, as its parent is: there it cannot train, and what it ends with is the same model."""
    parent = os.getpid()
    children: list[int] = []
    statuses: list[int] = []

    @Callback
    def progress(info: Any, context: Any) -> int:
        if info.contents.epoch == 2 and not children:
            children.append(os.fork())
            call = (untrained.handle, *table.both, Callback(), None)
            statuses.append(untrained.library.ctr_model_train(*call))
            untrained.ok("ctr_model_set_options", untrained.handle, b'{"n_jobs": 2}')
        return 0

    try:
        untrained.ok("ctr_model_train", untrained.handle, *table.both, progress, None)
        assert statuses == [INVALID_ARGUMENT]
        assert untrained.info()["options"]["n_jobs"] == 2
        answers = untrained.predict(table)
        again = untrained.train(table).predict(table)
        assert answers == again
    except BaseException:
        if os.getpid() != parent:
            os._exit(1)
        raise
    if os.getpid() != parent:
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(children[0], 0)[1]) == 0
