"""All choices on one data set."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..quality.datasets import DATA_SETS
from ..quality.protocol import AUC, LOG_LOSS, Outcome
from .child import Answer, Order
from .choice import Choice, Setting

Ask = Callable[[Order, Path], Answer]


def run(
    name: str,
    choices: Sequence[Choice],
    seeds: Sequence[int],
    folder: Path,
    cache: Path,
    quick: bool,
    libraries: dict[str, Path],
    ask: Ask,
    outcome: Outcome,
    written: Callable[[], None],
) -> None:
    """Fills the outcome, cell by cell; `written` is called after each. A choice that fails is left out, and its reason
    kept; the default model may not fail."""
    is_click_log = DATA_SETS[name].records is not None

    def measured(key: str, setting: Setting) -> bool:
        """Whether the data set is there."""
        if key in outcome.cells:
            return True
        order = Order(name, str(folder), list(seeds), dict(setting.options), setting.change, str(cache), quick)
        answer = ask(order, libraries[setting.library])
        if answer.skipped is not None:
            outcome.skipped = answer.skipped
            _say(f"{name}: skipped, {answer.skipped}")
            return False
        outcome.rows, outcome.cells[key] = answer.rows, answer.cells
        figures = [f"{outcome.values(key, figure).mean():.4f}" for figure in (AUC, LOG_LOSS)]
        _say(f"{name}, {key}: AUC {figures[0]}, log loss {figures[1]}")
        written()
        return True

    for choice in choices:
        if is_click_log and not choice.for_click_logs:
            continue
        if not measured(choice.base_key, choice.base_setting):
            written()
            return
        try:
            measured(choice.key, choice.setting)
        except RuntimeError as error:
            outcome.failed[choice.key] = str(error)
            _say(f"{name}, {choice.key}: failed, {error}")


def new_outcome(name: str) -> Outcome:
    return Outcome(name, DATA_SETS[name].about)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
