"""What the switch puts where, in words: from its own table of changes."""

from __future__ import annotations

from dataclasses import dataclass

from ...messages import Message
from ...messages import hand_in_testbed as words
from ...switch.patches import CHANGES, Change, ClassReplaced, FileNotRun, MethodWrapped, ModelsNamed, ScriptImport
from ...switch.slots import FIRST, SECOND


@dataclass(frozen=True)
class Slot:
    name: str
    before: Message
    after: Message


@dataclass(frozen=True)
class Changed:
    module: str
    what: Message
    becomes: Message


# Each slot's module and class, and what the testbed has there.
_SLOTS = (
    (FIRST, "training_tab.ctr_model", "CTRModel", words.HOST_LR),
    (SECOND, "training_tab.ctr_wide_deep_model", "WideAndDeepCTRModel", words.HOST_DEEP),
)


def slots(model: str) -> list[Slot]:
    """What stands in the two slots without the switch, and with it at `model`."""
    replaced = {(one.module, one.name) for one in _under(model) if isinstance(one, ClassReplaced)}
    found = []
    for slot, module, name, host in _SLOTS:
        after = words.OURS.format(name=name) if (module, name) in replaced else words.AS_BEFORE
        found.append(Slot(slot, host.format(name=name, module=module.rpartition(".")[2]), after))
    return found


def changes(model: str) -> list[Changed]:
    return [_told(change) for change in _under(model)]


def _under(model: str) -> list[Change]:
    return [change for change in CHANGES if model in change.under]


def _told(change: Change) -> Changed:
    if isinstance(change, ClassReplaced):
        becomes = words.FILE_NOT_RUN if isinstance(change, FileNotRun) else words.CLASS_REPLACED
        return Changed(change.module, Message(change.name, change.name), becomes)
    if isinstance(change, MethodWrapped):
        name = f"{change.owner}.{change.method}"
        return Changed(change.module, Message(name, name), words.WRAPPED.format(does=words.METHODS[change.method]))
    if isinstance(change, ModelsNamed):
        return Changed(change.module, words.NAMES, words.NAMED)
    if isinstance(change, ScriptImport):
        return Changed(change.module, words.SCRIPT, words.SCRIPT_BECOMES)
    raise TypeError(f"{type(change).__name__}: a kind of change that the report has no words for")
