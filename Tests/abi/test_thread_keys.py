"""What a thread keeps: where a process has no key left for it, and when other libraries' destructors call here last."""

from __future__ import annotations

import subprocess
import sys

from Tests.abi.raw import ROOT

BEGIN = """
import ctypes, threading, time
import pyarrow as pa
from Tests.abi.raw import Exported, Model, load_library, message

system, library, handle = ctypes.CDLL(None), load_library(), ctypes.c_void_p()
system.pthread_getspecific.restype = ctypes.c_void_p
table = Exported(pa.record_batch({
    "label": pa.array([row % 3 == 0 for row in range(300)]), "x": pa.array([row % 7 / 7 for row in range(300)])}))

def fail(option):
    library.ctr_model_create(option, ctypes.byref(handle))
    return message(library)
"""

# Key 0 is its owner's, whatever this library lacks: it is the number of a key that was never made.
NO_KEYS = """
key = ctypes.c_uint()
while system.pthread_key_create(ctypes.byref(key), None) == 0:
    pass
before = system.pthread_getspecific(0)
model = Model(library, b'{"epochs": 1, "members": 1, "hidden_units": [8], "n_jobs": 2}').train(table)
answers = model.predict(table)
assert "first" in fail(b'{"first": 1}') and "second" in fail(b'{"second": 1}')
assert system.pthread_getspecific(0) == before
heard = []
thread = threading.Thread(target=lambda: heard.extend([model.predict(table), fail(b'{"third": 1}')]))
thread.start()
thread.join()
assert heard[0] == answers and "third" in heard[1] and "second" in message(library)
"""

# The layer is that wide for what predictions take to be given back to the system when it is freed.
LATE = """
options = b'{"epochs": 1, "members": 1, "hidden_units": [4096], "deep_learning_rate": 1e-3, "n_jobs": 1}'
model = Model(library, options).train(table)
answers, heard, done = model.predict(table), [], threading.Event()

@ctypes.CFUNCTYPE(None, ctypes.c_void_p)
def late(value):
    heard.extend([message(library), model.predict(table) == answers, fail(b'{"late": 1}')])
    done.set()

key = ctypes.c_uint()
assert system.pthread_key_create(ctypes.byref(key), late) == 0

def run():
    model.predict(table)
    fail(b'{"early": 1}')
    system.pthread_setspecific(key, ctypes.c_void_p(1))

threading.Thread(target=run).start()
assert done.wait(60)
assert heard[:2] == ["", True] and "late" in heard[2]
"""


def run(script: str) -> None:
    done = subprocess.run([sys.executable, "-c", BEGIN + script], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_a_process_without_keys_keeps_those_of_others() -> None:
    run(NO_KEYS)


def test_a_destructor_that_comes_after_the_librarys_can_predict() -> None:
    run(LATE)
