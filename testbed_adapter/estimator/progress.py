"""A bar over epochs with losses."""

from __future__ import annotations

import math
import sys
from types import TracebackType
from typing import Any, Optional

from ..messages import progress as words
from ..native.model import Progress
from .phases import Phases


class ProgressBar:
    """Called with each `Progress` of a training. `verbose` 0: nothing; 1: a bar on stderr; 2 and more: a line for each
    epoch instead; "auto": a bar where stderr is a terminal. Use it in a `with` statement."""

    def __init__(
        self, verbose: Any = "auto", description: str = "Wide & Deep", phases: Optional[Phases] = None
    ) -> None:
        is_auto = isinstance(verbose, str)
        self._lines = not is_auto and verbose >= 2
        self._shown = (sys.stderr is not None and sys.stderr.isatty()) if is_auto else verbose >= 1
        self._description = description
        self._phases = phases or Phases()
        self._bar: Any = None
        self._done = 0.0

    def __enter__(self) -> ProgressBar:
        return self

    def __call__(self, told: Progress) -> None:
        if not self._shown:
            return
        said = words.LOSS.format(loss=told.train_log_loss)
        if math.isfinite(told.validation_log_loss):
            said = words.VALIDATION.format(said=said, loss=told.validation_log_loss)
        if math.isfinite(told.validation_auc):
            said = words.AUC.format(said=said, auc=told.validation_auc)
        phase = self._phases.name(told)
        description = self._description if phase is None else f"{self._description} · {phase}"
        # A refit and further models count on.
        epochs = max(told.epochs, told.epoch)
        if self._lines:
            if told.ends_epoch:
                epoch = {"epoch": told.epoch, "epochs": epochs, "seconds": told.seconds}
                print(words.LINE.format(training=description, said=said, **epoch), file=sys.stderr)
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=epochs,
                desc=description,
                unit="epoch",
                bar_format=f"{{desc}}: {{n:.1f}}/{{total}} {words.EPOCHS} |{{bar}}| {{elapsed}}{{postfix}}",
                leave=True,
            )
        self._bar.total = epochs
        self._bar.set_description_str(description, refresh=False)
        if math.isfinite(told.train_log_loss):  # between epochs the last one's stays
            self._bar.set_postfix_str(str(said), refresh=False)
        self._done = max(self._done, told.epoch - 1 + (told.rows_done / told.rows if told.rows > 0 else 1.0))
        self._bar.update(self._done - self._bar.n)

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if self._bar is None:
            return
        if kind is None:
            # It stopped early: these were all.
            self._bar.n = self._bar.total = max(1, math.ceil(self._done - 1e-9))
            self._bar.refresh()
        self._bar.close()
