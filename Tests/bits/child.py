"""python -m Tests.bits.child LIBRARY FOLDER: trains cases with one library and says the digests of what came of them.

An order a line comes in, as JSON, and its answer goes out. The tables are in the folder."""

from __future__ import annotations

import ctypes
import json
import sys
from ctypes import byref, c_double, c_int32, c_size_t
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from Tests.abi.raw import C_TYPES, IMPRESSION_FEATURES, OK, Callback, Exported, Model, deserialize, header_functions

from . import data
from .case import Case
from .digests import digest, of_file, of_text

SCALED = 12
EXPLAINED = 20
ALONE = 8

Digests = dict[str, str]


def main(library_path: str, folder: str) -> None:
    library = loaded(Path(library_path))
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(answer(library, Path(folder), order)), flush=True)


def answer(library: ctypes.CDLL, folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    """The digests by number of threads; of the model in the file too, where the order names one to read."""
    work = Work(library, Case(**order["case"]), folder)
    told: dict[str, Any] = {}
    try:
        told["digests"] = {str(threads): work.trained(threads) for threads in order["threads"]}
        if "write" in order:
            Path(order["write"]).write_bytes(work.content)
        else:
            told["earlier"] = work.read(Path(order["read"]).read_bytes())
    except AssertionError as error:
        told["failure"] = str(error)
    return told


def loaded(path: Path) -> ctypes.CDLL:
    """An earlier library lacks what came later; what is asked of it is as the header says."""
    library = ctypes.CDLL(str(path))
    for name, declared in header_functions().items():
        if (function := getattr(library, name, None)) is not None:
            function.restype = C_TYPES[declared.result]
            function.argtypes = [C_TYPES[kind] for kind in declared.parameters.values()]
    return library


class Work:
    """A case with its tables."""

    def __init__(self, library: ctypes.CDLL, case: Case, folder: Path) -> None:
        self.library, self.case = library, case
        self.tables = {part: data.read(folder, case.data, part) for part in data.PARTS}
        self.content = b""  # the file of the last model

    def trained(self, threads: int) -> Digests:
        model = Model(self.library, json.dumps({**self.case.options, "n_jobs": threads}).encode())
        log = self.tables[data.TRAIN]
        features, mean, scale = self._features(log)
        model.train(Exported(features))
        if self.case.data == "impressions":
            values = (c_double * SCALED)(*mean), (c_double * SCALED)(*scale)
            _called(model, "ctr_model_set_history", log, *values, SCALED)
        if self.case.further is not None:
            new, earlier = self._features(self.tables[data.FURTHER])[0], features
            table = data.with_replayed(new, earlier) if "replay" in self.case.further else new
            model.ok("ctr_model_set_options", model.handle, json.dumps(self.case.further).encode())
            _called(model, "ctr_model_continue_training", table, Callback(), None)
            if self.case.data == "impressions":
                _called(model, "ctr_model_extend_history", self.tables[data.FURTHER])
        self.content = model.serialize()
        return {**of_file(self.content), **self._answers(model), "extracted features": digest(_bytes(features))}

    def read(self, content: bytes) -> Digests:
        """What a model from a file answers, and the file that it writes."""
        model = Model(self.library)
        assert deserialize(self.library, content, byref(model.handle)) == OK, self.library.ctr_last_error().decode()
        return {**of_file(model.serialize()), **self._answers(model)}

    def _answers(self, model: Model) -> Digests:
        log = self.tables[data.OTHER]
        asked = self._features(log)[0]
        alone = [model.predict(Exported(asked.slice(row, 1))) for row in range(ALONE)]
        answers = {
            "predictions": digest(np.array(model.predict(Exported(asked))).tobytes()),
            "predictions one by one": digest(np.array(alone).tobytes()),
            "explanations": of_text(_told(model, "ctr_model_explain", asked.slice(0, EXPLAINED))),
            "info": of_text(_told(model, "ctr_model_info")),
        }
        if self.case.data == "impressions":
            answers["predictions of impressions"] = digest(_impressions(model, log).tobytes())
        return answers

    def _features(self, log: pa.RecordBatch) -> tuple[pa.RecordBatch, Any, Any]:
        """Of impressions the library's features, the first of them scaled by the training rows'; else the table."""
        if self.case.data != "impressions":
            return log, None, None
        train = _extracted(self.library, self.tables[data.TRAIN])[:, :SCALED]
        mean, scale = train.mean(axis=0), np.where(train.std(axis=0) > 0, train.std(axis=0), 1)
        features = _extracted(self.library, log)
        features[:, :SCALED] = (features[:, :SCALED] - mean) / scale
        columns = {f"x{index}": pa.array(column) for index, column in enumerate(features.T)}
        return pa.RecordBatch.from_pydict({**columns, "clicked": log.column("clicked")}), mean, scale


def _extracted(library: ctypes.CDLL, log: pa.RecordBatch) -> Any:
    model, features = Model(library, b"{}"), np.empty((log.num_rows, IMPRESSION_FEATURES))
    pointer = features.ctypes.data_as(ctypes.POINTER(c_double))
    _called(model, "ctr_model_extract_features", log, pointer, log.num_rows)
    return features


def _impressions(model: Model, log: pa.RecordBatch) -> Any:
    answers = np.empty(log.num_rows)
    for index, record in enumerate(log.to_pylist()):
        answer = c_double()
        texts = {}
        for name in ("query", "summary"):
            text, ends = record[name].encode(), record[f"{name}_ends"]
            texts[name] = (text, len(text), (c_int32 * len(ends))(*ends), len(ends))
        document = record["doc_id"].encode()
        plain = (document, len(document), record["position"], record["score"])
        model.ok("ctr_model_predict_ctr", model.handle, *texts["query"], *plain, *texts["summary"], byref(answer))
        answers[index] = answer.value
    return answers


def _called(model: Model, function: str, table: pa.RecordBatch, *arguments: Any) -> None:
    exported = Exported(table)  # until the call is over
    model.ok(function, model.handle, *exported.both, *arguments)


def _told(model: Model, function: str, *tables: pa.RecordBatch) -> bytes:
    exported = [Exported(table) for table in tables]
    given = [part for one in exported for part in one.both]
    needed = c_size_t()
    model.ok(function, model.handle, *given, None, 0, byref(needed))
    text = ctypes.create_string_buffer(needed.value)
    model.ok(function, model.handle, *given, text, needed, byref(needed))
    return text.value


def _bytes(table: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_batch(table)
    return bytes(sink.getvalue())


if __name__ == "__main__":
    main(*sys.argv[1:])
