"""`planted.py leak|overflow`: a caller's fault, for `make sanitize` to see that it would find one of the library's."""

from __future__ import annotations

import sys
from ctypes import byref, c_double, c_void_p

import pyarrow as pa

from Tests.abi.raw import Callback, Exported, Model, load_library

library = load_library()
if sys.argv[1] == "leak":
    for _ in range(3):
        handle = c_void_p()
        assert library.ctr_model_create(b"{}", byref(handle)) == 0
    del handle
else:
    table = Exported(pa.RecordBatch.from_pydict({"x": [1.0, 2.0] * 20, "label": [0, 1] * 20}))
    model = Model(library, b'{"members": 1, "hidden_units": [4], "epochs": 1}')
    model.ok("ctr_model_train", model.handle, *table.both, Callback(), None)
    # Room for one answer fewer than is said.
    library.ctr_model_predict(model.handle, *table.both, (c_double * (table.rows - 1))(), table.rows)
