"""Which version of the testbed stands in a folder, and whether its files are as published: by git, read only."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ..messages import Message
from ..messages import hand_in_testbed as words


@dataclass(frozen=True)
class CheckoutState:
    commit: Optional[str] = None
    changed: Optional[list[str]] = None  # files of the commit that are not as it has them; None where it is not known
    unknown: Optional[Message] = None  # why not


def look(testbed: Path) -> CheckoutState:
    try:
        top = _git(testbed, "rev-parse", "--show-toplevel").rstrip("\n")
        # A copy without a .git of its own may lie in a repository of something else.
        if not os.path.samefile(top, testbed):
            return CheckoutState(unknown=words.NO_REPOSITORY)
        commit = _git(testbed, "rev-parse", "HEAD").strip()
        status = _git(testbed, "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames")
    except FileNotFoundError:
        return CheckoutState(unknown=words.NO_GIT)
    except subprocess.TimeoutExpired:
        return CheckoutState(unknown=words.GIT_SILENT)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or "").strip().splitlines()
        if not (testbed / ".git").exists():
            return CheckoutState(unknown=words.NO_REPOSITORY)
        return CheckoutState(unknown=words.GIT_FAILED.format(said=said[0] if said else error.returncode))
    return CheckoutState(commit, [entry[3:] for entry in status.split("\0") if entry])


def _git(testbed: Path, *arguments: str) -> str:
    """Nothing of the repository is written, nor is anything run that its configuration names."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", str(testbed), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**inherited, "LC_ALL": "C"},
        timeout=60,
        check=True,
    )
    return done.stdout
