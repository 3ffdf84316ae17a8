"""Uses a model in children whose memory is limited, to a little more in each: what cannot be done is an error.

Run as a program: which limit, and its steps in MiB. It prints what went wrong, and how many calls found memory.
"""

from __future__ import annotations

import os
import resource
import sys
from collections import Counter
from ctypes import byref, c_double, c_size_t
from typing import Any, Callable

import numpy as np
import pyarrow as pa

from Tests.abi.conftest import IMPRESSION_SCHEMA, OPTIONS
from Tests.abi.raw import IMPRESSION_FEATURES, OK, OUT_OF_MEMORY, Callback, Exported, Model, load_library, message

ROWS = 60_000
SUFFERED = 97  # the status of a child that did not end by itself or had another error than for memory
LIMITS = {"address": (resource.RLIMIT_AS, 0), "data": (resource.RLIMIT_DATA, 5)}


def click_log() -> pa.RecordBatch:
    """As many distinct texts as rows. No objects of Python make it: their memory would be free afterwards."""
    numbers = np.random.default_rng(1).integers(1 << 40, size=ROWS)
    texts, rows = pa.array(numbers).cast(pa.utf8()), pa.array(np.arange(ROWS))
    words = pa.ListArray.from_arrays(pa.array(np.arange(ROWS + 1, dtype=np.int32)), texts)
    columns = {"query": texts, "query_words": words, "doc_id": texts, "summary": texts, "summary_words": words}
    columns |= {"position": pa.array(numbers % 10), "doc_length": rows, "score": pa.array(numbers / (1 << 40))}
    columns |= {"timestamp": rows.cast(pa.utf8()), "clicked": pa.array((numbers % 2).astype(np.int8))}
    return pa.RecordBatch.from_pydict(columns, schema=IMPRESSION_SCHEMA)


class Calls:
    """Calls on a log of many rows, by a model that was trained on a few of them."""

    def __init__(self) -> None:
        self.library, self.batch = load_library(), click_log()
        self.table, self.some = Exported(self.batch), Exported(self.batch.slice(0, 900))
        self.answers = (c_double * (ROWS * IMPRESSION_FEATURES))()
        self.needed = c_size_t()
        self.model = Model(self.library, OPTIONS).train(self.some)
        self.model.ok("ctr_model_set_options", self.model.handle, b'{"epochs": 1, "n_jobs": 2}')
        self.model.predict(self.some)

    def train(self) -> int:
        return self.library.ctr_model_train(self.model.handle, *self.table.both, Callback(), None)

    def resume(self) -> int:
        return self.library.ctr_model_continue_training(self.model.handle, *self.table.both, Callback(), None)

    def predict(self) -> int:
        return self.library.ctr_model_predict(self.model.handle, *self.table.both, self.answers, ROWS)

    def explain(self) -> int:
        return self.library.ctr_model_explain(self.model.handle, *self.some.both, None, 0, byref(self.needed))

    def features(self) -> int:
        return self.library.ctr_model_extract_features(self.model.handle, *self.table.both, self.answers, ROWS)

    def history(self) -> int:
        return self.library.ctr_model_set_history(self.model.handle, *self.table.both, None, None, 0)

    def extend(self) -> int:
        return self.library.ctr_model_extend_history(self.model.handle, *self.table.both)


def limited(kind: str, more: int, call: Callable[[], int], library: Any) -> int:
    """The status of a call in a child with so many bytes to spare."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    status = SUFFERED
    try:
        name, field = LIMITS[kind]
        with open("/proc/self/statm") as sizes:
            used = int(sizes.read().split()[field]) * resource.getpagesize()
        resource.setrlimit(name, (used + more, resource.RLIM_INFINITY))
        status = call()
        resource.setrlimit(name, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if status not in (OK, OUT_OF_MEMORY) and "MiB" not in message(library):
            status = SUFFERED
    finally:
        os._exit(status)


def main(kind: str, first: str, last: str, step: str) -> int:
    calls = Calls()
    wrong, good = [], Counter[str]()
    for more in range(int(first), int(last), int(step)):
        for call in (
            calls.train, calls.resume, calls.predict, calls.explain, calls.features, calls.history, calls.extend,
        ):  # fmt: skip
            status = limited(kind, more << 20, call, calls.library)
            good[call.__name__] += status == OK
            if status < 0 or status == SUFFERED:
                wrong.append(f"{call.__name__} with {more} MiB: {status}")
    print(dict(good))
    print(*wrong, sep="\n", file=sys.stderr)
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
