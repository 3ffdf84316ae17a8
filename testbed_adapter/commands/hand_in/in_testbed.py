"""What was changed in the testbed, that its files were not, and what its own page has trained."""

from __future__ import annotations

from ...lab.report.text import Said, html
from ...messages import Message
from ...messages import hand_in_testbed as words
from ...messages.figures import FIGURES
from ...switch.hook import ENVIRONMENT_VARIABLE
from ..doctor import files
from . import switched
from .found import Found
from .page_models import PageModel
from .pieces import code, section, table

_NAMED = 5  # changed files that are named
_METRICS = ("auc", "accuracy", "f1")


def switch(found: Found) -> str:
    told = words.SLOTS_NOTE.format(variable=ENVIRONMENT_VARIABLE, model=found.switch.text)
    slots: list[list[Said]] = [[slot.name, slot.before, slot.after] for slot in switched.slots(found.switch)]
    changes: list[list[Said]] = [[one.module, one.what, one.becomes] for one in switched.changes(found.switch)]
    body = table([words.SLOT, words.BEFORE, words.AFTER], slots, texts=(1, 2))
    body += table([words.PLACE, words.WHAT, words.BECOMES], changes, texts=(1, 2))
    return section(words.SLOTS, told, body + f"<p>{html(_proof(found))}</p>")


def _proof(found: Found) -> Message:
    state = found.checkout
    if state.changed is None:
        return words.UNKNOWN.format(why=state.unknown)
    if not state.changed:
        return words.UNCHANGED.format(commit=state.commit)
    named = state.changed[:_NAMED] + ["…"] * (len(state.changed) > _NAMED)
    return words.DIFFERENT.format(count=len(state.changed), commit=state.commit, files=", ".join(named))


def trained_there(found: Found) -> str:
    if not found.page_models:
        command = f"python -m testbed_adapter page --testbed {found.testbed}"
        return section(words.PAGE, words.NO_MODELS, code(command))
    heads = [words.MODEL_FILE, words.KIND, words.MODIFIED, words.SIZE, words.TRAINED_ON]
    heads += [FIGURES[key].title for key in _METRICS]
    rows = [_row(one, len(found.comparison.run.labels)) for one in found.page_models]
    return section(words.PAGE, words.PAGE_NOTE, table(heads, rows, texts=(1,)))


def _row(one: PageModel, records: int) -> list[Said]:
    size = "–" if one.bytes is None else f"{one.bytes:,} B"
    trained: Said = "–"
    if one.kind == files.OURS:
        trained = words.OTHER_LOG
        if one.known_records == records:
            trained = words.THIS_LOG
        elif one.known_records is not None:
            trained = words.PART_OF_LOG.format(records=f"{one.known_records:,}")
    kind = words.KINDS[one.kind].format(model=one.model) if one.kind in words.KINDS else one.kind
    return [one.path, kind, one.modified, size, trained, *(_figure(one.metrics.get(key)) for key in _METRICS)]


def _figure(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, (int, float)) else "–"
