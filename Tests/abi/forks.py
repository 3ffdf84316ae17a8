"""Forks again and again while threads use the models; each child must then be able to use them itself.

Run as a program: what the threads do, and how many children. It prints what went wrong.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from ctypes import byref, c_double, c_void_p
from pathlib import Path
from typing import Callable

from Tests.abi.conftest import OPTIONS, click_log
from Tests.abi.raw import CANCELLED, OK, Callback, Exported, Model, load_library

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
PATIENCE = 60  # seconds for a child, on a busy machine; one that hangs takes all of them


class Parent:
    """Two models: one is trained again and again from nothing, always to the same weights, the other is changed."""

    def __init__(self, folder: str) -> None:
        self.library, self.folder = load_library(), Path(folder)
        self.table, self.small = Exported(click_log()), Exported(click_log(60))
        self.trained = Model(self.library, OPTIONS).train(self.table)
        self.changed = Model(self.library, OPTIONS).train(self.table)
        self.answers = self.trained.predict(self.table)
        self.zeros, self.ones = (c_double * 12)(), (c_double * 12)(*[1.0] * 12)
        self.done = threading.Event()
        self.wrong: Counter[str] = Counter()

    def train(self) -> None:
        self.trained.train(self.table)
        self.changed.ok("ctr_model_continue_training", self.changed.handle, *self.small.both, Callback(), None)

    def options(self) -> None:
        for threads in (b'{"n_jobs": 1}', b'{"n_jobs": 2}'):
            self.changed.ok("ctr_model_set_options", self.changed.handle, threads)
            self.trained.ok("ctr_model_set_options", self.trained.handle, threads)

    def predict(self) -> None:
        if self.trained.predict(self.table) != self.answers:
            self.wrong["the parent's answers"] += 1
        self.changed.predict(self.small)

    def keep(self) -> None:
        model = self.changed
        model.ok("ctr_model_set_metadata", model.handle, b"kept", 4)
        model.ok("ctr_model_set_history", model.handle, *self.small.both, self.zeros, self.ones, 12)
        model.ok("ctr_model_save", model.handle, str(self.folder / "parent.model").encode())

    def reset(self) -> None:
        model = Model(self.library, OPTIONS)
        thread = threading.Thread(target=model.ok, args=("ctr_model_reset", model.handle))
        thread.start()
        status = self.library.ctr_model_train(model.handle, *self.small.both, Callback(), None)
        thread.join()
        if status not in (OK, CANCELLED):
            self.wrong["the parent's training that is reset"] += 1

    def repeat(self, act: Callable[[], None]) -> None:
        try:
            while not self.done.is_set():
                act()
        except BaseException as error:
            self.wrong[f"the parent: {error}"] += 1

    def child(self) -> None:
        """All that a model can do, on both."""
        if self.trained.predict(self.table) != self.answers:
            raise AssertionError("other answers than of the model before or after")
        path = self.folder / f"{os.getpid()}.model"
        for model in (self.changed, self.trained):
            model.predict(self.small)
            model.info()
            model.ok("ctr_model_set_options", model.handle, b'{"epochs": 1, "n_jobs": 2}')
            model.ok("ctr_model_set_metadata", model.handle, b"a child's", 9)
            model.ok("ctr_model_set_history", model.handle, *self.small.both, self.zeros, self.ones, 12)
            model.ok("ctr_model_extend_history", model.handle, *self.small.both)
            model.ok("ctr_model_continue_training", model.handle, *self.small.both, Callback(), None)
            model.train(self.small)
            before = model.predict(self.small)
            model.ok("ctr_model_save", model.handle, str(path).encode())
            loaded = Model(self.library)
            loaded.ok("ctr_model_load", str(path).encode(), byref(loaded.handle))
            assert loaded.predict(self.small) == before
            model.ok("ctr_model_reset", model.handle)
            assert not model.is_trained()
        path.unlink()
        assert self.library.ctr_model_create(b'{"no": 1}', byref(c_void_p())) != OK

    def fork(self) -> None:
        process = os.fork()
        if process == 0:
            status = 1
            try:
                self.child()
                status = 0
            except BaseException as error:
                print(f"child: {error!r}", file=sys.stderr, flush=True)
            finally:
                os._exit(status)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                if code != 0:
                    self.wrong[f"a child ended with {code}"] += 1
                return
            time.sleep(0.001)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        self.wrong["a child hung"] += 1

    def run(self, acts: list[str], children: int) -> None:
        threads = [threading.Thread(target=self.repeat, args=(getattr(self, act),)) for act in acts]
        for thread in threads:
            thread.start()
        for _ in range(children):
            if len(self.wrong) == 0:
                self.fork()
        self.done.set()
        for thread in threads:
            thread.join()


def main(acts: str, children: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        parent = Parent(folder)
        parent.run(acts.split(","), int(children))
    if parent.wrong:
        print(dict(parent.wrong), file=sys.stderr)
    return 1 if parent.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
