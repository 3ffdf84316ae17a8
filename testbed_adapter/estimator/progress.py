"""What a training shows meanwhile: a bar over epochs with losses, and which of its models it is at."""

from __future__ import annotations

import math
import sys
from types import TracebackType
from typing import Any, Optional

from ..messages import Message
from ..messages import progress as words
from ..native.model import Progress


class Phases:
    """Which of its models a training is at. The library counts epochs on from one model to the next, and says how many
    rows one has: a model's beginning shows in their change.

    `tries_crosses`: the first model may be trained once more, without the crosses that were found. That looks like a
    second one of the same rows, so such a phase has no name; one of more rows is a refit in any case."""

    def __init__(self, members: int = 0, tries_crosses: bool = False) -> None:
        self._members, self._tries_crosses = members, tries_crosses
        self._first_rows = 0
        self._now = (0, 0)  # epochs and rows
        self._begun = self._refits = 0

    @classmethod
    def of(cls, options: dict[str, Any]) -> Phases:
        """Of a training from nothing with these options of the library's."""
        tries_crosses = (
            options.get("part", "deep") != "deep" and options["crosses"] == "auto" and options["early_stopping"]
        )
        return cls(options["members"], tries_crosses)

    def name(self, progress: Progress) -> Optional[Message]:
        """Of the phase that this is of; None where there is but one, or it cannot be known."""
        # What comes before an epoch's first batch may still have the last one's numbers, or the table's.
        if progress.rows_done > 0 and (progress.epochs, progress.rows) != self._now:
            self._now = progress.epochs, progress.rows
            self._first_rows = self._first_rows or progress.rows
            self._begun += 1
            self._refits += progress.rows > self._first_rows
        if self._members == 1:
            return words.REFIT if self._refits else None
        if self._members < 2 or (self._begun > 1 and not self._refits and self._tries_crosses):
            return None
        member = 1 + self._refits if self._refits else max(1, self._begun)
        return words.MEMBER.format(member=member, members=self._members)


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

    def __call__(self, progress: Progress) -> None:
        if not self._shown:
            return
        losses = words.LOSS.format(loss=progress.train_log_loss)
        if math.isfinite(progress.validation_log_loss):
            losses = words.VALIDATION.format(said=losses, loss=progress.validation_log_loss)
        if math.isfinite(progress.validation_auc):
            losses = words.AUC.format(said=losses, auc=progress.validation_auc)
        phase = self._phases.name(progress)
        description = self._description if phase is None else f"{self._description} · {phase}"
        # A refit and further models count on.
        epochs = max(progress.epochs, progress.epoch)
        if self._lines:
            if progress.ends_epoch:
                epoch = {"epoch": progress.epoch, "epochs": epochs, "seconds": progress.seconds}
                print(words.LINE.format(training=description, said=losses, **epoch), file=sys.stderr)
            return
        if self._bar is None:
            from tqdm import tqdm

            form = f"{{desc}}: {{n:.1f}}/{{total}} {words.EPOCHS} |{{bar}}| {{elapsed}}{{postfix}}"
            self._bar = tqdm(total=epochs, desc=description, unit="epoch", bar_format=form, leave=True)
        self._bar.total = epochs
        self._bar.set_description_str(description, refresh=False)
        if math.isfinite(progress.train_log_loss):  # between epochs the last one's stays
            self._bar.set_postfix_str(str(losses), refresh=False)
        part = progress.rows_done / progress.rows if progress.rows > 0 else 1.0
        self._done = max(self._done, progress.epoch - 1 + part)
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
