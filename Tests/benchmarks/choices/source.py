"""The libraries with a choice patched away: built in a copy of the checkout, whose build folder stays for the next."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ..quality.cache import digest_of
from .choice import Choice

_SOURCES = ("Sources", "bridge", "Package.swift")


class Libraries:
    """Those of the checkout `root`, kept in `folder` by the digest of their sources."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root, self._source, self._kept = root, folder / "source", folder / "libraries"

    def own(self) -> Path:
        """A copy of the checkout's library: a build there while this runs changes nothing here."""
        given = self._root / ".build" / "library" / "libctr_models.so"
        if not given.is_file():
            raise FileNotFoundError(f"there is no {given}: run make library")
        self._kept.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy2(given, self._kept / "own.so"))

    def patched(self, choice: Choice) -> Path:
        """The library without the choice, built if it is not there yet."""
        patch = choice.patch
        assert patch is not None
        text = patch.applied(self._root)
        files = self._files()
        sources = [self._root / name for name in files if name.split("/")[0] in _SOURCES]
        digest = hashlib.sha256((digest_of(sources) + text).encode()).hexdigest()[:20]
        library = self._kept / f"{choice.key}-{digest}.so"
        if not library.is_file():
            self._copy(files, patch.file, text)
            print(f"building the library without: {choice.name}", file=sys.stderr, flush=True)
            self._build()
            self._kept.mkdir(parents=True, exist_ok=True)
            for older in self._kept.glob(f"{choice.key}-*.so"):
                older.unlink()
            shutil.copy2(self._source / ".build" / "library" / "libctr_models.so", library)
        return library

    def _files(self) -> list[str]:
        """Of the checkout, new ones too."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self._root,
            check=True,
            capture_output=True,
            text=True,
        )
        return sorted({name for name in listed.stdout.split("\0") if name and (self._root / name).is_file()})

    def _copy(self, files: list[str], patched: str, text: str) -> None:
        """Only what differs is written: the build goes by the files' times."""
        for name in files:
            there = self._source / name
            new = text.encode() if name == patched else (self._root / name).read_bytes()
            if there.is_file() and there.read_bytes() == new:
                continue
            there.parent.mkdir(parents=True, exist_ok=True)
            if name == patched:
                there.write_bytes(new)
            else:
                shutil.copy2(self._root / name, there)
        for folder in ("Sources", "bridge"):
            for path in (self._source / folder).rglob("*"):
                if path.is_file() and str(path.relative_to(self._source)) not in files:
                    path.unlink()

    def _build(self) -> None:
        # What the make that runs us was told is not for this one.
        env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        made = subprocess.run(["make", "library"], cwd=self._source, env=env, capture_output=True, text=True)
        if made.returncode != 0:
            raise RuntimeError(f"make library failed in {self._source}:\n{made.stdout}{made.stderr}")
