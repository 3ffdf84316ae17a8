"""All that the doctor looks at, section by section, as soon as it is known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional, Union

from ...messages import Message, reason
from ...messages import doctor as words
from ...native.errors import LibraryError
from ...switch import hook
from ...switch.choice import Choice
from .. import patch_targets, ports, writable
from . import entries, environment, files, switch
from .finding import BAD, NOTE, Finding, Section
from .processes import Probe, ProbeError

PYTHON = Section("python", "Python")
PACKAGES = Section("packages", words.PACKAGES)
LIBRARY = Section("library", words.LIBRARY)
SWITCH = Section("switch", words.SWITCH)
SLOTS = Section("slots", words.SLOTS)
ENTRIES = Section("entries", words.ENTRIES)
MODELS = Section("models", words.MODELS)
LOG = Section("log", words.LOG)


def sections(
    testbed: Optional[Path], timeout: float, wanted: tuple[str, ...] = entries.KEYS
) -> Iterator[tuple[Section, list[Finding]]]:
    if testbed is not None:
        testbed = Path(os.path.abspath(testbed))
    source = testbed / "src" if testbed is not None else None
    is_testbed = source is not None and (source / "search_engine" / "training_tab" / "ctr_model.py").is_file()
    kinds = _kinds(testbed) if testbed is not None and is_testbed else {}
    request = {
        "files": [str(path) for path, kind in kinds.items() if kind == files.OURS],
        "logs": [str(testbed / name) for name in files.LOGS if testbed is not None and (testbed / name).exists()],
    }
    choice = _chosen()
    library_probe = Probe("library", request, timeout)
    host_probe = Probe("host", {"source": str(source)}, timeout) if is_testbed and choice else None
    yield PYTHON, environment.python()
    yield PACKAGES, environment.versions(testbed if is_testbed else None)
    told: dict[str, Any] = {"files": {}, "logs": {}}
    try:
        told = library_probe.answer()
        yield LIBRARY, [*switch.library(told["library"]), *switch.segmentation(told["words"])]
    except ProbeError as error:
        yield LIBRARY, [Finding(BAD, words.LIBRARY_FAILED.format(error=error))]
    yield SWITCH, switch.switch()
    if testbed is None:
        return
    if not is_testbed:
        missing = testbed / "src" / "search_engine" / "training_tab" / "ctr_model.py"
        yield SLOTS, [Finding(BAD, words.NO_TESTBED.format(testbed=testbed, missing=missing))]
        return
    other = patch_targets.other_commit(testbed)
    differs = [Finding(NOTE, line) for line in ([other] if other else []) + list(patch_targets.missing(testbed))]
    yield SLOTS, [*differs, *(slots(testbed, host_probe) if host_probe is not None else [])]
    in_the_way = [Finding(NOTE, line) for line in ports.taken("start_system.py")]
    yield ENTRIES, [*entries.findings(testbed, wanted), *in_the_way]
    obstacle = writable.obstacle(testbed)
    locked = [Finding(NOTE if obstacle.starts else BAD, obstacle.said)] if obstacle else []
    yield MODELS, [*locked, *files.findings(testbed, kinds, told["files"], choice)]
    yield LOG, files.logs(testbed, told["logs"])


def slots(testbed: Path, probe: Probe) -> list[Finding]:
    try:
        return switch.slots(probe.answer(), testbed)
    except ProbeError as error:
        return [Finding(BAD, words.NOT_IMPORTED.format(error=error))]


def _chosen() -> Optional[Choice]:
    """What stands in the slots; None where CTR_MODEL names no model, of which the switch's section tells."""
    try:
        return hook.chosen()
    except (ValueError, LibraryError):
        return None


def _kinds(testbed: Path) -> dict[Path, Union[str, Message]]:
    """Each candidate's kind; of one that cannot be read the reason."""
    kinds: dict[Path, Union[str, Message]] = {}
    for path in files.candidates(testbed):
        try:
            kinds[path] = files.kind_of(path)
        except OSError as error:
            kinds[path] = words.UNREADABLE.format(error=reason(error))
    return kinds
