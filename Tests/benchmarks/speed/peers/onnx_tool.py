"""ONNX Runtime with the model that torch trained and exported, every graph optimisation on."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from ..data import Data
from .tool import THREADS, Finalists, Tool, Window


def make(data: Data, folder: Path) -> Tool:
    return OnnxTool(data, folder / "torch.onnx")


class OnnxTool(Tool):
    def __init__(self, data: Data, model: Path) -> None:
        super().__init__(data)
        self._sessions = {threads: _session(model, threads) for threads in THREADS}
        self._finalists: dict[int, Finalists] = {}

    def probabilities(self) -> Any:
        batch = 4096
        session = self._sessions[THREADS[-1]]
        parts = [slice(start, start + batch) for start in range(0, self.data.rows, batch)]
        feeds = [{"ids": self.data.joint_ids[part], "numbers": self.data.numbers[part]} for part in parts]
        return np.concatenate([session.run(None, feed)[0] for feed in feeds])

    def ready(self, batch: int) -> str:
        window = Window(self.data, batch)
        feed = {"ids": window.ids, "numbers": window.numbers}

        def candidate(threads: int, way: str) -> Callable[[], Callable[[int], Any]]:
            session = self._sessions[threads]

            def made() -> Callable[[int], Any]:
                if way == "run":
                    run = session.run
                    return lambda _: run(None, feed)
                binding = _binding(session, feed, batch)
                bound = session.run_with_iobinding
                return lambda _: bound(binding)

            return made

        options = {
            f"{threads} threads, {way}": candidate(threads, way)
            for threads, way in itertools.product(THREADS, ("run", "bound inputs and outputs"))
        }
        self._finalists[batch] = Finalists(options, before=window.fill)
        return self._finalists[batch].note

    def predict(self, batch: int, calls: int) -> float:
        return self._finalists[batch].median(calls)


def _session(model: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _binding(session: Any, feed: dict[str, Any], batch: int) -> Any:
    binding = session.io_binding()
    for name, values in feed.items():
        binding.bind_ortvalue_input(name, onnxruntime.OrtValue.ortvalue_from_numpy(values))
    binding.bind_ortvalue_output(
        "probability", onnxruntime.OrtValue.ortvalue_from_numpy(np.empty(batch, dtype=np.float32))
    )
    return binding
