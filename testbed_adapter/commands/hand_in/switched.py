"""What the switch puts where, in words: from its own table of changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ...messages import Message
from ...messages import hand_in_testbed as words
from ...switch.choice import Choice
from ...switch.patches import CHANGES, Change, ClassReplaced, FileNotRun, MethodWrapped, ModelsNamed, ScriptImport
from ...switch.slots import FIRST_SLOT, SECOND_SLOT


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
    (FIRST_SLOT, "training_tab.ctr_model", "CTRModel", words.HOST_LR),
    (SECOND_SLOT, "training_tab.ctr_wide_deep_model", "WideAndDeepCTRModel", words.HOST_DEEP),
)
# Of each kind of change what is changed, where that is not called by its name, and what becomes of it.
_WORDS: dict[type[Change], tuple[Optional[Message], Message]] = {
    ClassReplaced: (None, words.CLASS_REPLACED),
    FileNotRun: (None, words.FILE_NOT_RUN),
    MethodWrapped: (None, words.WRAPPED),
    ModelsNamed: (words.NAMES, words.NAMED),
    ScriptImport: (words.SCRIPT, words.SCRIPT_BECOMES),
}


def slots(choice: Choice) -> list[Slot]:
    """What stands in the two slots without the switch, and with it."""
    replaced = {(one.module, one.target) for one in _under(choice) if isinstance(one, ClassReplaced)}
    found = []
    for slot, module, name, host in _SLOTS:
        after = words.OURS.format(model=choice.title, name=name) if (module, name) in replaced else words.AS_BEFORE
        found.append(Slot(slot, host.format(name=name, module=module.rpartition(".")[2]), after))
    return found


def changes(choice: Choice) -> list[Changed]:
    return [_described(change) for change in _under(choice)]


def _under(choice: Choice) -> list[Change]:
    return [change for change in CHANGES if choice.holds in change.under]


def _described(change: Change) -> Changed:
    what, becomes = _WORDS[type(change)]
    method = words.METHODS.get(change.target.rpartition(".")[2])
    what = what or Message(change.target, change.target)
    return Changed(change.module, what, becomes if method is None else becomes.format(does=method))
