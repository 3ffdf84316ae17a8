"""Python, the platform, and the versions of the packages, against what the testbed's requirements.txt asks for."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Optional

from .. import __version__, packages, switch_file
from .finding import BAD, NOTE, OK, Finding

_PYTHONS = ((3, 9), (3, 13))
# Those for which there are the versions that the testbed pins (numpy < 2, pyarrow 22).
_PINNED = ((3, 10), (3, 11), (3, 12))


def python() -> list[Finding]:
    kind = "环境 environment" if switch_file.is_environment() else "系统的 Python the system's"
    found = [Finding(OK, f"testbed_adapter {__version__}: {Path(__file__).resolve().parent.parent}")]
    version = f"Python {platform.python_version()}, {sys.prefix}（{kind}）"
    low, high = _PYTHONS
    if low <= sys.version_info[:2] <= high:
        found.append(Finding(OK, version))
    else:
        tested = f"{low[0]}.{low[1]}–{high[0]}.{high[1]}"
        older = sys.version_info[:2] < low
        found.append(Finding(BAD if older else NOTE, version, f"已测试 tested: {tested}"))
    system = f"{platform.system()} {platform.machine()}"
    libc = " ".join(platform.libc_ver())
    fits = (platform.system(), sys.maxsize > 2**32) == ("Linux", True)
    found.append(
        Finding(OK, f"{system} {libc}".rstrip())
        if fits
        else Finding(BAD, f"{system}：库只有 Linux 64 位版", "the library is for 64-bit Linux")
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
                    f"未安装 {names}：界面“模型评估与分析”中的相应按钮不可用",
                    "not installed: their buttons of the evaluation section do nothing",
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
        return Finding(BAD, f"缺少 {name}", "missing", pip_command(name, testbed))
    if not _fits(version, minimum):
        return Finding(BAD, f"{name} {version}：需要 {minimum}", f"needs {minimum}", pip_command(name, testbed))
    if not _fits(version, wanted):
        # The testbed runs with later ones too, and its own pins leave some Pythons without any version.
        return Finding(NOTE, f"{name} {version}：测试床要求 {wanted}", "not what the testbed asks for, but may do")
    return Finding(OK, f"{name} {version}")


def _version(name: str) -> Optional[str]:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


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
