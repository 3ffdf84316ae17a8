"""The library, the switch, and which class stands in which of the testbed's slots."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any, Optional

from ...messages import Message, said
from ...messages import doctor as words
from ...native.errors import LibraryError
from ...native.library import ABI_VERSION
from ...switch import BOTH, NEITHER, SECOND, WIDE_DEEP, hook
from ...switch.slots import SECOND_SLOT
from .. import packages, pth_file
from .environment import repair_command
from .finding import BAD, NOTE, OK, Finding

# Clashes of packages that pip itself puts together: what the error names, and what mends it.
_CLASHES = {"HfFolder": '"huggingface_hub<1"'}  # gradio 4, all there is for Python 3.9


def library(answer: dict[str, Any]) -> list[Finding]:
    if "error" in answer:
        if answer["kind"] == "ModuleNotFoundError" and answer["missing"]:
            name = packages.pip_name(answer["missing"])
            return [
                Finding(BAD, words.NO_LIBRARY.format(error=words.MISSING.format(name=name)), repair_command(name, None))
            ]
        todo = repair_command(answer["broken"], None) if answer.get("broken") else ""
        return [Finding(BAD, words.NO_LIBRARY.format(error=Message(*answer["error"])), todo)]
    said = Finding(OK, answer["path"]), Finding(OK, f"{answer['build']}; ABI {answer['abi']}")
    if not answer["predicts"]:
        return [*said, Finding(BAD, words.NO_PROBABILITIES)]
    tried = Finding(OK, words.TRIED.format(abi=ABI_VERSION))
    return [*said, tried]


def segmentation(answer: dict[str, Any]) -> list[Finding]:
    """Only where it fails for a reason of its own; where a package is missing another section says so."""
    if "error" not in answer or answer["kind"] != "DictionaryError":
        return []
    return [Finding(BAD, Message(*answer["error"]))]


def switch() -> list[Finding]:
    found = []
    variable = os.environ.get(hook.ENVIRONMENT_VARIABLE)
    name = hook.ENVIRONMENT_VARIABLE
    try:
        choice = hook.chosen()
        if choice.holds == SECOND:
            told = words.BESIDE_LR.format(variable=f"{name}={variable}", model=choice.title)
            found.append(Finding(OK, told))
        elif choice.holds == NEITHER:
            found.append(Finding(NOTE, words.HOSTS.format(variable=f"{name}={variable}"), f"unset {name}"))
        else:
            found.append(
                Finding(OK, f"{name}={variable}" if variable else words.UNSET.format(name=name, model=WIDE_DEEP))
            )
    except (ValueError, LibraryError) as error:
        found.append(Finding(BAD, said(error), f"unset {name}"))
    try:
        files = pth_file.find()
    except ValueError as error:
        return [*found, Finding(BAD, words.SWITCH_CHANGED.format(error=error), "python -m testbed_adapter enable")]
    except OSError as error:
        return [*found, Finding(BAD, words.SWITCH_UNREADABLE.format(error=error))]
    for file in files:
        found.append(_of_file(file))
    if not files:
        found.append(Finding(NOTE, words.NOT_SWITCHED, words.RUN_OR_ENABLE))
    return found


def _of_file(file: pth_file.SwitchFile) -> Finding:
    if file.folder is not None and not (file.folder / "testbed_adapter").is_dir():
        return Finding(BAD, words.SWITCH_GONE.format(path=file.path, folder=file.folder), f"rm {file.path}")
    model = words.FROM.format(model=file.model, folder=file.folder) if file.folder else file.model
    return Finding(OK, words.SWITCHED.format(model=model, path=file.path))


def slots(answer: dict[str, Any], testbed: Path) -> list[Finding]:
    found = []
    for label, slot in answer["slots"].items():
        if "error" in slot:
            return [_not_imported(slot, testbed)]
        ours = slot["class"].startswith("testbed_adapter.")
        is_wanted = answer["holds"] in ((BOTH, SECOND) if label == SECOND_SLOT else (BOTH,))
        if ours == is_wanted:
            found.append(Finding(OK, f"{label}: {slot['class']}"))
        else:
            wanted = "CTRModels" if is_wanted else words.HOSTS_OWN
            found.append(Finding(BAD, words.SLOT.format(slot=label, model=slot["class"], wanted=wanted)))
    switched = words.IS_SWITCHED if answer["switched at start"] else words.IS_NOT_SWITCHED
    found.append(Finding(OK, words.PLAIN.format(switched=switched)))
    return found


def _not_imported(slot: dict[str, Any], testbed: Path) -> Finding:
    missing: Optional[str] = slot["missing"]
    if slot["kind"] == "ModuleNotFoundError" and missing and not missing.startswith("search_engine"):
        name = packages.pip_name(missing)
        missed = words.MISSING.format(name=name)
        return Finding(BAD, words.NOT_IMPORTED.format(error=missed), repair_command(name, testbed))
    told = Message(*(re.sub(r"\s+", " ", f"{slot['kind']}: {text}") for text in slot["error"]))
    mends = [packages for named, packages in _CLASHES.items() if named in told.en]
    todo = f"{sys.executable} -m pip install {mends[0]}" if mends else ""
    return Finding(BAD, words.NOT_IMPORTED.format(error=told), todo)
