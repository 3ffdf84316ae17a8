"""Keras as its guides write it, on TensorFlow: an embedding a field, and the faster, by trial, of fit over batches made
beforehand and train_on_batch; predictions through tf.function, with XLA or without.

Training with XLA, or with one table for all fields, was tried too. Both took four times as long and more: XLA makes the
tables' gradients dense, and Keras' AdaGrad reads the whole table a step, which many tables share among threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from ..data import NUMBERS, VOCABULARY, Data
from ..work import FIELDS, Work
from .tool import ACCUMULATOR, LEARNING_RATE, SCALE, TRIAL_SECONDS, Tool, TrainingTool, timed, tried

GRAPH, XLA = "graph", "XLA"
FIT, SINGLE = "fit", "train_on_batch"


def make(data: Data, folder: Path) -> Tool:
    return KerasTool(data)


def model(work: Work) -> Any:
    keras.utils.set_random_seed(0)
    ids = keras.Input((FIELDS,), dtype="int32", name="ids")
    numbers = keras.Input((NUMBERS,), name="numbers")
    new = keras.initializers.RandomNormal(stddev=SCALE)
    fields = [(ids[:, field], size) for field, size in enumerate(VOCABULARY)]
    deep = keras.layers.Concatenate()(
        [keras.layers.Embedding(size, work.dimension, embeddings_initializer=new)(field) for field, size in fields]
    )
    wide = keras.layers.Add()(
        [keras.layers.Embedding(size, 1, embeddings_initializer="zeros")(field) for field, size in fields]
    )[:, 0]
    hidden = keras.layers.Concatenate()([deep, numbers])
    for units in work.hidden:
        hidden = keras.layers.Dense(units, activation="relu", kernel_initializer="he_uniform")(hidden)
    logit = keras.layers.Dense(1)(hidden)[:, 0] + wide
    made = keras.Model((ids, numbers), keras.ops.sigmoid(logit))
    made.compile(
        keras.optimizers.Adagrad(LEARNING_RATE, initial_accumulator_value=ACCUMULATOR),
        keras.losses.BinaryCrossentropy(),
        jit_compile=False,
        steps_per_execution=8,
    )
    return made


class KerasTool(TrainingTool):
    def __init__(self, data: Data) -> None:
        super().__init__(data)
        self._chosen: dict[str, str] = {}
        self._batches: dict[int, tuple[Any, list[Any]]] = {}
        self._calls: dict[int, Callable[[int], Any]] = {}

    def build(self, work: Work) -> str:
        if work.name not in self._chosen:
            self._chosen[work.name] = self._try(work)
        self._way = self._chosen[work.name]
        keras.backend.clear_session()
        self._model = model(work)
        return f"{self._way}, on TensorFlow"

    def _try(self, work: Work) -> str:
        def candidate(way: str) -> Callable[[], Callable[[int], Any]]:
            def made() -> Callable[[int], Any]:
                network = model(work)
                return lambda index: self._train(network, way, work.batch, 8)

            return made

        return tried({way: candidate(way) for way in (FIT, SINGLE)}, TRIAL_SECONDS).fastest()

    def _prepared(self, batch: int) -> tuple[Any, list[Any]]:
        """Whole batches, as a dataset and as a list."""
        if batch not in self._batches:
            count = self.data.rows // batch
            ids = self.data.ids.reshape(count, batch, FIELDS)
            numbers = self.data.numbers.reshape(count, batch, NUMBERS)
            labels = self.data.labels.reshape(count, batch)
            listed = [((ids[index], numbers[index]), labels[index]) for index in range(count)]
            self._batches = {batch: (tf.data.Dataset.from_tensor_slices(((ids, numbers), labels)), listed)}
        return self._batches[batch]

    def _train(self, network: Any, way: str, batch: int, steps: int) -> None:
        dataset, listed = self._prepared(batch)
        if way == FIT:
            network.fit(dataset.take(steps).prefetch(4), epochs=1, verbose=0)
            return
        for inputs, labels in listed[:steps]:
            network.train_on_batch(inputs, labels)

    def run(self, rows: int) -> None:
        assert self.work is not None
        self._train(self._model, self._way, self.work.batch, rows // self.work.batch)

    def probabilities(self) -> Any:
        call = tf.function(lambda ids, numbers: self._model((ids, numbers), training=False))
        places = range(0, self.data.rows, 4096)
        return np.concatenate([call(*self._inputs(start, 4096)).numpy() for start in places])

    def _inputs(self, start: int, batch: int) -> tuple[Any, Any]:
        return tf.constant(self.data.ids[start : start + batch]), tf.constant(self.data.numbers[start : start + batch])

    def ready(self, batch: int) -> str:
        # Its tensors cannot be written to.
        inputs = [self._inputs(index * batch, batch) for index in range(min(1024, self.data.rows // batch))]

        def candidate(compiler: str) -> Callable[[], Callable[[int], Any]]:
            def made() -> Callable[[int], Any]:
                call = tf.function(
                    lambda ids, numbers: self._model((ids, numbers), training=False), jit_compile=compiler == XLA
                ).get_concrete_function(*inputs[0])
                return lambda index: call(*inputs[index % len(inputs)]).numpy()

            return made

        options = {compiler: candidate(compiler) for compiler in (GRAPH, XLA)}
        name = tried(options, TRIAL_SECONDS).fastest()
        self._calls[batch] = options[name]()
        return f"tf.function, {name}"

    def predict(self, batch: int, calls: int) -> float:
        call = self._calls[batch]
        call(0)  # another batch was measured before
        return timed(call, calls)
