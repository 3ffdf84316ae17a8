"""A model of the Swift library as a Python object: tables in, NumPy arrays out, status codes as exceptions."""

from __future__ import annotations

import ctypes
import json
import os
import weakref
from ctypes import byref, c_char_p, c_double, c_int32, c_void_p, py_object
from typing import Any, Callable, NamedTuple, Optional

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..messages import library as words
from .errors import LibraryError, ModelFileError, about
from .interrupts import DeferredInterrupt
from .library import ProgressCallback, library
from .locks import TrainingLock
from .status import OK, FilePath, check, parsed, sized

__all__ = ["FilePath", "LibraryError", "ModelFileError", "NativeModel", "Progress", "build_info", "check"]

IMPRESSION_FEATURES = 36
_MANY_ROWS = 4096  # below this, signals wait for the prediction's end

FloatArray = npt.NDArray[np.float64]

_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.argtypes = (py_object, c_char_p)
_capsule_pointer.restype = c_void_p


class Progress(NamedTuple):
    """What a progress function is told, at each epoch's end and about every half second within one."""

    epoch: int
    epochs: int
    rows_done: int
    rows: int
    train_log_loss: float
    validation_log_loss: float
    validation_auc: float
    seconds: float
    member: int = 1
    members: int = 1
    is_refit: bool = False

    @property
    def ends_epoch(self) -> bool:
        return self.rows_done >= self.rows


ProgressFunction = Callable[[Progress], None]


def build_info() -> str:
    """Version, compiler and instruction set of the library, for a bug report."""
    return str(library().ctr_build_info().decode("utf-8", "replace"))


class NativeModel:
    """An untrained model with these options (the JSON object of ctr_model_create), or one read from a file or bytes.

    May be used from many threads: a prediction made while another thread trains is that of one whole model. Copies
    and pickles go by the model file's bytes.
    """

    def __init__(self, options: Optional[dict[str, Any]] = None) -> None:
        self._adopt(library().ctr_model_create, _json(options or {}))

    def _adopt(self, make: Any, *arguments: Any, path: Optional[FilePath] = None) -> NativeModel:
        handle = c_void_p()
        check(make(*arguments, byref(handle)), path)
        self._library = library()
        self.handle: int = handle.value or 0
        self._training = TrainingLock()
        # Not at interpreter exit: a daemon thread may still be predicting then, and the process ends anyway.
        weakref.finalize(self, self._library.ctr_model_free, self.handle).atexit = False
        return self

    @classmethod
    def load(cls, path: FilePath) -> NativeModel:
        """Reads a model file. OSError if it cannot be read (FileNotFoundError, PermissionError …), ModelFileError if it
        is none, MemoryError if there is none for it."""
        with about(path):
            return cls.__new__(cls)._adopt(library().ctr_model_load, _path(path), path=path)

    @classmethod
    def from_bytes(cls, data: bytes) -> NativeModel:
        return cls.__new__(cls)._adopt(library().ctr_model_deserialize, data, len(data))

    def __reduce__(self) -> tuple[Any, ...]:
        return NativeModel.from_bytes, (self.to_bytes(),)

    def train(self, table: pa.RecordBatch, progress: Optional[ProgressFunction] = None) -> None:
        """Trains from nothing. An exception from `progress`, or of a signal's handler (Ctrl-C), cancels, leaves the
        model as it was, and is raised here; one that comes when the training has ended is raised after it."""
        _raise(self.learn(table, progress))

    def continue_training(self, table: pa.RecordBatch, progress: Optional[ProgressFunction] = None) -> None:
        """Trains further from the present weights; new ids join the vocabularies."""
        _raise(self.learn_further(table, progress=progress))

    def learn(self, table: pa.RecordBatch, progress: Optional[ProgressFunction] = None) -> Optional[BaseException]:
        """As `train`, but what a signal's handler raised when the training had ended is returned."""
        with self._training:
            return self._run_training(self._library.ctr_model_train, table, progress)

    def learn_further(
        self,
        table: pa.RecordBatch,
        options: Optional[dict[str, Any]] = None,
        once: Optional[dict[str, Any]] = None,
        progress: Optional[ProgressFunction] = None,
    ) -> Optional[BaseException]:
        """As `continue_training`, with these options changed: for good, but for those that hold `once`. None is where
        it fails. What a signal's handler raised when the training had ended is returned."""
        changed = {**(options or {}), **(once or {})}
        with self._training:
            before = self.info()["options"] if changed else {}
            after = {name: before[name] for name in changed if name in before}
            try:
                if changed:
                    self.set_options(changed)
                late = self._run_training(self._library.ctr_model_continue_training, table, progress)
                after = {name: {**before, **(options or {})}[name] for name in once or {}}
            finally:
                if after:
                    self.set_options(after)
            return late

    def _run_training(
        self, function: Any, table: pa.RecordBatch, progress: Optional[ProgressFunction]
    ) -> Optional[BaseException]:
        raised: list[BaseException] = []
        interrupt = DeferredInterrupt()

        def report(info: Any, context: Any) -> int:
            try:
                if progress is not None and interrupt.error is None:
                    state = info.contents
                    progress(Progress(*(getattr(state, name) for name in Progress._fields)))
            except BaseException as error:
                raised.append(error)
            return 1 if raised or interrupt.error is not None else 0

        callback = ProgressCallback(report)
        with interrupt:
            status = self._with(table, function, callback, None)
        if status == OK and not raised:
            return interrupt.error
        if interrupt.error is not None:
            raise interrupt.error
        if raised:
            raise raised[0]
        check(status)
        return None

    def set_options(self, options: dict[str, Any]) -> None:
        """Changes options for trainings to come; what a trained model is made of stays."""
        check(self._library.ctr_model_set_options(self.handle, _json(options)))

    def predict(self, table: pa.RecordBatch) -> FloatArray:
        """One click probability a row, shape (rows,). MemoryError where there is none for a block of rows. What a
        signal's handler raises meanwhile (Ctrl-C) ends it."""
        answer = np.empty(table.num_rows, dtype=np.float64)
        room = answer.ctypes.data, answer.size
        if answer.size < _MANY_ROWS:
            check(self._with(table, self._library.ctr_model_predict, *room))
            return answer
        interrupt = DeferredInterrupt()
        callback = ProgressCallback(lambda info, context: 0 if interrupt.error is None else 1)
        with interrupt:
            status = self._with(table, self._library.ctr_model_predict_interruptibly, *room, callback, None)
        if interrupt.error is not None:
            raise interrupt.error
        check(status)
        return answer

    def extract_features(self, table: pa.RecordBatch) -> FloatArray:
        """The impression features of a click log (records.records_table), shape (rows, 36)."""
        answer = np.empty((table.num_rows, IMPRESSION_FEATURES), dtype=np.float64)
        check(self._with(table, self._library.ctr_model_extract_features, answer.ctypes.data, table.num_rows))
        return answer

    def set_history(self, table: pa.RecordBatch, mean: npt.ArrayLike, scale: npt.ArrayLike) -> None:
        """Makes a log's click history, and what standardises its first features, part of the model."""
        means = np.ascontiguousarray(mean, dtype=np.float64)
        scales = np.ascontiguousarray(scale, dtype=np.float64)
        if means.shape != scales.shape or means.ndim != 1:
            raise ValueError(words.UNEQUAL.format(means=means.shape, scales=scales.shape))
        moments = means.ctypes.data, scales.ctypes.data, means.size
        check(self._with(table, self._library.ctr_model_set_history, *moments))

    def extend_history(self, table: pa.RecordBatch) -> None:
        """Adds a later log's records to the click history that is part of the model."""
        check(self._with(table, self._library.ctr_model_extend_history))

    def set_metadata(self, text: str) -> None:
        """Keeps a text with the model, until it is trained from nothing: `metadata` of `info`."""
        data = text.encode("utf-8")
        check(self._library.ctr_model_set_metadata(self.handle, data, len(data)))

    def save(self, path: FilePath) -> None:
        """Writes the model file; a failed save (OSError) leaves what was there. A link is followed."""
        check(self._library.ctr_model_save(self.handle, _path(path)), path)

    def to_bytes(self) -> bytes:
        """The model file's bytes."""
        return sized(self._library.ctr_model_serialize, self.handle)

    def info(self) -> dict[str, Any]:
        """Options, features, training history, importances …: what ctr_model_info answers."""
        return parsed(self._library.ctr_model_info, self.handle)

    def explain(self, table: pa.RecordBatch) -> list[dict[str, Any]]:
        """Why each row (of at most 1000) has its probability: what ctr_model_explain answers, as the header describes
        it."""
        return parsed(self._with, table, self._library.ctr_model_explain)

    def _with(self, table: pa.RecordBatch, function: Any, *arguments: Any) -> int:
        """The status of a call that takes a table: its Arrow C structs, which the capsules release after it."""
        schema, array = table.__arrow_c_array__()
        pointers = _capsule_pointer(schema, b"arrow_schema"), _capsule_pointer(array, b"arrow_array")
        return function(self.handle, *pointers, *arguments)

    def reset(self) -> None:
        """Back to untrained; the options stay."""
        check(self._library.ctr_model_reset(self.handle))

    @property
    def is_trained(self) -> bool:
        trained = c_int32()
        check(self._library.ctr_model_is_trained(self.handle, byref(trained)))
        return bool(trained.value)

    def impression_predictor(self) -> Callable[..., float]:
        """`predict(query, doc_id, position, score, summary) -> float`, with all that can be bound bound beforehand.

        query and summary are `words.Words`, doc_id is UTF-8, position an int ≥ 0, score a finite float.
        """
        function, handle = self._library.ctr_model_predict_ctr, self.handle

        def predict(query: Any, doc_id: bytes, position: int, score: float, summary: Any) -> float:
            answer = c_double()
            status = function(handle, *query, doc_id, len(doc_id), position, score, *summary, byref(answer))
            if status:
                check(status)
            return answer.value

        predict.model = self  # type: ignore[attr-defined]  # the handle lives as long as this function
        return predict


def _raise(error: Optional[BaseException]) -> None:
    if error is not None:
        raise error


def _json(options: dict[str, Any]) -> bytes:
    for name, value in options.items():
        try:
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError) as error:
            raise ValueError(words.NO_OPTION.format(name=name, value=value, error=error)) from None
    return json.dumps(options).encode("utf-8")


def _path(path: FilePath) -> bytes:
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ValueError(words.NULL_IN_PATH)
    return encoded
