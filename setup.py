"""The wheel carries the Swift library, found or built here; its tag names the platform and no one Python."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
LIBRARY = ROOT / ".build" / "library" / "libctr_models.so"
# Where setuptools works, which would do so beside the sources.
WORK = ROOT / ".build" / "package"


def library() -> Path:
    """The library to pack: the one CTR_MODELS_LIBRARY names, else `make library`'s, built or brought up to date here.

    Without a Swift toolchain a library that is already there serves as it is.
    """
    given = os.environ.get("CTR_MODELS_LIBRARY")
    if given:
        if not Path(given).is_file():
            raise SystemExit(f"CTR_MODELS_LIBRARY names {given}, which is no file")
        return Path(given)
    if shutil.which(os.environ.get("SWIFT", "swift")):
        if subprocess.run(["make", "library"], cwd=ROOT).returncode != 0:
            raise SystemExit("`make library` failed; its words are above")
    elif not LIBRARY.is_file():
        raise SystemExit(
            f"{LIBRARY} is not there and no Swift toolchain is on PATH to build it: install Swift 6.3 and run "
            "`make library`, or let CTR_MODELS_LIBRARY name a libctr_models.so"
        )
    return LIBRARY


def check_version(path: Path, version: str) -> None:
    """The package would refuse a library of another version."""
    build_info = ctypes.CDLL(str(path)).ctr_build_info
    build_info.restype = ctypes.c_char_p
    build = build_info().decode("utf-8", "replace")
    if not build.startswith(f"CTRModels {version},"):
        raise SystemExit(f"{path} is {build}, the package is version {version}: run `make library` in this checkout")


class BuildWithLibrary(build_py):
    """Puts libctr_models.so into the package; an editable install finds it in the checkout."""

    def run(self) -> None:
        packed = library()
        check_version(packed, self.distribution.get_version())
        # What an earlier build left there would be packed, too.
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "testbed_adapter" / "libctr_models.so"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(packed, target)


class PlatformWheel(bdist_wheel):
    """The library speaks ctypes, no Python's C API: any Python 3 of this platform can load it."""

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", super().get_tag()[2]


class BinaryDistribution(Distribution):
    def has_ext_modules(self) -> bool:
        return True


commands: dict[str, Any] = {"build_py": BuildWithLibrary, "bdist_wheel": PlatformWheel}
WORK.mkdir(parents=True, exist_ok=True)
setup(
    cmdclass=commands,
    distclass=BinaryDistribution,
    options={"build": {"build_base": str(WORK)}, "egg_info": {"egg_base": str(WORK)}},
)
