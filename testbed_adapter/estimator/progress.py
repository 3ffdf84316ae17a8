"""What a training shows meanwhile: a bar over epochs with losses, and which of its models it is at."""

from __future__ import annotations

import math
import sys
from typing import Any, Optional

from ..messages import progress as words
from ..native.model import Progress


class ProgressBar:
    """Called with each `Progress` of a training. `verbose` 0: nothing; 1: a bar on stderr; 2 and more: a line for each
    epoch instead; "auto": a bar where stderr is a terminal. Use it in a `with` statement."""

    def __init__(self, verbose: Any = "auto", description: str = "Wide & Deep") -> None:
        is_auto = isinstance(verbose, str)
        self._lines = not is_auto and verbose >= 2
        self._shown = (sys.stderr is not None and sys.stderr.isatty()) if is_auto else verbose >= 1
        self._description = description
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
        description = self._description
        if progress.members > 1:
            description += f" · {words.MEMBER.format(member=progress.member, members=progress.members)}"
        elif progress.is_refit:
            description += f" · {words.REFIT}"
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

    def __exit__(self, kind: Optional[type[BaseException]], *error: object) -> None:
        if self._bar is None:
            return
        if kind is None:
            # It stopped early: these were all.
            self._bar.n = self._bar.total = max(1, math.ceil(self._done - 1e-9))
            self._bar.refresh()
        self._bar.close()
