"""A bar over epochs with losses."""

from __future__ import annotations

import math
import sys
from types import TracebackType
from typing import Any, Optional

from ._native import Progress


class ProgressBar:
    """Called with each `Progress` of a training. A bar on stderr where that is a terminal or `verbose` is 1 or more
    (2: a line for each epoch instead); nothing otherwise. Use it in a `with` statement."""

    def __init__(self, verbose: int = 0, description: str = "Wide & Deep") -> None:
        self._lines = verbose >= 2
        self._shown = verbose >= 1 or (sys.stderr is not None and sys.stderr.isatty())
        self._description = description
        self._bar: Any = None

    def __enter__(self) -> ProgressBar:
        return self

    def __call__(self, told: Progress) -> None:
        if not self._shown:
            return
        text = f"log loss {told.train_log_loss:.4f}"
        if math.isfinite(told.validation_log_loss):
            text += f", validation {told.validation_log_loss:.4f}"
        if math.isfinite(told.validation_auc):
            text += f", AUC {told.validation_auc:.4f}"
        if self._lines:
            if told.ends_epoch:
                print(
                    f"{self._description}: epoch {told.epoch}/{told.epochs}, {text}, {told.seconds:.1f} s",
                    file=sys.stderr,
                )
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=told.epochs,
                desc=self._description,
                unit="epoch",
                bar_format="{desc}: {n:.1f}/{total} epochs |{bar}| {elapsed}{postfix}",
                leave=True,
            )
        done = told.epoch - 1 + (told.rows_done / told.rows if told.rows > 0 else 1.0)
        self._bar.set_postfix_str(text, refresh=False)
        self._bar.update(max(0.0, done - self._bar.n))

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if self._bar is not None:
            self._bar.close()
