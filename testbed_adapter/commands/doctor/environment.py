"""Python, the platform, and the versions of the packages, against what the testbed's requirements.txt asks for."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import platform
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Optional

from ...messages import doctor as words
from ...messages.packages import reinstall
from ...version import __version__
from .. import packages, pth_file
from .finding import BAD, NOTE, OK, Finding

_PYTHONS = ((3, 9), (3, 13))
# Those for which there are the versions that the testbed pins (numpy < 2, pyarrow 22).
_PINNED = ((3, 10), (3, 11), (3, 12))


def python() -> list[Finding]:
    kind = words.ENVIRONMENT if pth_file.is_environment() else words.SYSTEMS
    found = [Finding(OK, f"testbed_adapter {__version__}: {Path(__file__).resolve().parents[3]}")]
    version = words.PYTHON.format(python=f"Python {platform.python_version()}, {sys.prefix}", kind=kind)
    low, high = _PYTHONS
    if low <= sys.version_info[:2] <= high:
        found.append(Finding(OK, version))
    else:
        tested = f"{low[0]}.{low[1]}–{high[0]}.{high[1]}"
        older = sys.version_info[:2] < low
        found.append(Finding(BAD if older else NOTE, words.OTHER_PYTHON.format(python=version, tested=tested)))
    system = f"{platform.system()} {platform.machine()}"
    libc = " ".join(platform.libc_ver())
    fits = (platform.system(), sys.maxsize > 2**32) == ("Linux", True)
    found.append(
        Finding(OK, f"{system} {libc}".rstrip()) if fits else Finding(BAD, words.OTHER_SYSTEM.format(system=system))
    )
    return found


def versions(testbed: Optional[Path]) -> list[Finding]:
    found = [_of_package(name, minimum, testbed) for name, minimum in packages.OURS.items()]
    if testbed is not None:
        found += [_of_package(name, "", testbed) for name in packages.HOSTS]
        absent = [name for name in packages.OPTIONAL if _version(name) is None]
        if absent:
            names = ", ".join(absent)
            found.append(
                Finding(
                    NOTE,
                    words.OPTIONAL.format(names=names),
                    f"{sys.executable} -m pip install {' '.join(absent)}",
                )
            )
    return found


def requirements(testbed: Optional[Path]) -> dict[str, str]:
    """What requirements.txt asks for, package: versions."""
    try:
        text = (testbed / "requirements.txt").read_text(encoding="utf-8") if testbed is not None else ""
    except (OSError, UnicodeDecodeError):
        return {}
    return dict(requirements_of(text.splitlines()))


def requirements_of(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        matched = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*((?:[<>=!~]=?=?[^#;]*)?)", line)
        if matched:
            name = re.sub(r"[-_.]+", "-", matched[1]).lower()
            yield name, matched[2].strip().replace(" ", "")


def pip_command(package: str, testbed: Optional[Path]) -> str:
    """How to install it, in the version that the testbed asks for, where that can be had."""
    return f"{sys.executable} -m pip install {pinned(package, testbed)}"


def repair_command(package: str, testbed: Optional[Path]) -> str:
    """The same of one that cannot be imported: pip would leave alone what it has down as installed."""
    if _version(package) is None and not _is_there(package):
        return pip_command(package, testbed)
    return reinstall(pinned(package, testbed))


def pinned(package: str, testbed: Optional[Path]) -> str:
    """The package in that version, as a shell takes it."""
    wanted = requirements(testbed).get(package, "")
    is_pinned = "<" in wanted or "==" in wanted
    if not wanted or (is_pinned and sys.version_info[:2] not in _PINNED):
        wanted = packages.OURS.get(package, "")
    return f'"{package}{wanted}"'


def _of_package(name: str, minimum: str, testbed: Optional[Path]) -> Finding:
    version, wanted = _version(name), requirements(testbed).get(name, "")
    if version is None:
        said = words.NO_METADATA if _is_there(name) else words.MISSING
        return Finding(BAD, said.format(name=name), repair_command(name, testbed))
    if not _fits(version, minimum):
        return Finding(BAD, words.NEEDS.format(name=name, version=version, wanted=minimum), pip_command(name, testbed))
    if not _fits(version, wanted):
        # The testbed runs with later ones too, and its own pins leave some Pythons without any version.
        return Finding(NOTE, words.NOT_ASKED_FOR.format(name=name, version=version, wanted=wanted))
    return Finding(OK, f"{name} {version}")


def _version(name: str) -> Optional[str]:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _is_there(name: str) -> bool:
    """Whether there is a module of that name, whole or not."""
    try:
        return importlib.util.find_spec(packages.module_name(name)) is not None
    except (ImportError, ValueError):
        return False


def _fits(version: str, wanted: str) -> bool:
    """Whether the version is one of those; True where nothing here can tell."""
    module = _packaging()
    if not wanted or module is None:
        return True
    try:
        return bool(module.SpecifierSet(wanted).contains(version, prereleases=True))
    except module.InvalidSpecifier:
        return True


def _packaging() -> Any:
    for name in ("packaging.specifiers", "pip._vendor.packaging.specifiers"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None
