"""WDL of DeepCTR-Torch through its own fit and predict, as its examples use them, without penalties and dropout."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from ...quality.models.deep_ctr import _library
from ..data import NUMBERS, VOCABULARY, Data
from ..work import Work
from .tool import ACCUMULATOR, LEARNING_RATE, SCALE, THREADS, TRIAL_SECONDS, Finalists, Tool, TrainingTool, tried


def make(data: Data, folder: Path) -> Tool:
    return DeepCTRTool(data)


class DeepCTRTool(TrainingTool):
    def __init__(self, data: Data) -> None:
        super().__init__(data)
        self._models = _library()
        self._place = 0
        self._chosen: dict[str, str] = {}
        self._finalists: dict[int, Finalists] = {}

    def build(self, work: Work) -> str:
        if work.name not in self._chosen:
            self._chosen[work.name] = self._try(work)
        name = self._chosen[work.name]
        torch.set_num_threads(int(name.split()[0]))
        self._model = self._made(work)
        return name

    def _try(self, work: Work) -> str:
        rows = self._rows(0, work.batch * max(2, 1024 // work.batch))

        def candidate(threads: int) -> Callable[[], Callable[[int], Any]]:
            def made() -> Callable[[int], Any]:
                torch.set_num_threads(threads)
                model = self._made(work)
                return lambda index: self._fit(model, work, *rows)

            return made

        return tried({f"{threads} threads": candidate(threads) for threads in THREADS}, TRIAL_SECONDS).fastest()

    def _made(self, work: Work) -> Any:
        from deepctr_torch.inputs import DenseFeat, SparseFeat

        columns = [SparseFeat(f"c{field}", size, work.dimension) for field, size in enumerate(VOCABULARY)]
        columns += [DenseFeat(f"n{index}", 1) for index in range(NUMBERS)]
        with contextlib.redirect_stdout(io.StringIO()):  # it prints its device
            model = self._models.WDL(
                columns,
                columns[: len(VOCABULARY)],
                dnn_hidden_units=work.hidden,
                l2_reg_linear=0,
                l2_reg_embedding=0,
                l2_reg_dnn=0,
                dnn_dropout=0,
                init_std=SCALE,
                task="binary",
                device="cpu",
            )
            # Its default of 0.0001 for the dense layers' weights leaves three of them without a gradient for long.
            for name, weights in model.dnn.named_parameters():
                if name.endswith("weight"):
                    torch.nn.init.kaiming_uniform_(weights)
            optimizer = torch.optim.Adagrad(model.parameters(), lr=LEARNING_RATE, initial_accumulator_value=ACCUMULATOR)
            model.compile(optimizer, "binary_crossentropy", metrics=[])
        return model

    def _rows(self, start: int, count: int) -> tuple[dict[str, Any], Any]:
        end = start + count
        inputs = {f"c{field}": self.data.ids[start:end, field] for field in range(len(VOCABULARY))}
        inputs.update({f"n{index}": self.data.numbers[start:end, index] for index in range(NUMBERS)})
        return inputs, self.data.labels[start:end]

    @staticmethod
    def _fit(model: Any, work: Work, inputs: dict[str, Any], labels: Any) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            model.fit(inputs, labels, batch_size=work.batch, epochs=1, verbose=0)

    def run(self, rows: int) -> None:
        assert self.work is not None
        if self._place + rows > self.data.rows:
            self._place = 0
        self._fit(self._model, self.work, *self._rows(self._place, rows))
        self._place += rows

    def probabilities(self) -> Any:
        return self._model.predict(self._rows(0, self.data.rows)[0], 4096)[:, 0]

    def ready(self, batch: int) -> str:
        """One predict of many batches, of which each row takes its share: it converts all rows first."""
        rows, _ = self._rows(0, batch * min(8, self.data.rows // batch))

        def candidate(threads: int) -> Callable[[], Callable[[int], Any]]:
            def made() -> Callable[[int], Any]:
                torch.set_num_threads(threads)
                return lambda index: self._model.predict(rows, batch)

            return made

        options = {f"{threads} threads": candidate(threads) for threads in THREADS}
        self._finalists[batch] = Finalists(options, torch.set_num_threads)
        return self._finalists[batch].note

    def predict(self, batch: int, calls: int) -> float:
        batches = min(8, self.data.rows // batch)
        return self._finalists[batch].median(max(3, calls // batches)) / batches
