"""The folder that the report is written to: nothing in it is lost unasked, and each file is written whole."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from ...messages import hand_in as words
from .. import whole_file

PAGE, RESULTS = "hand-in.html", "results.json"


def markdown_name(language: str) -> str:
    return f"hand-in.{language}.md"


def prepare(out: Path, force: bool) -> None:
    """Before the training, not after it: FileExistsError where a report is there, OSError where none can be."""
    try:
        there = sorted(path.name for path in out.glob("hand-in.*")) if out.is_dir() else []
        there += [RESULTS] * (out / RESULTS).exists()
        if there and not force:
            raise FileExistsError(words.THERE_ALREADY.format(out=out, files=", ".join(there)))
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except FileExistsError as error:
        if error.strerror is None:
            raise
        raise _unwritable(out, error) from error
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> OSError:
    return OSError(words.UNWRITABLE.format(out=out, reason=error.strerror or error))


def write(out: Path, files: Mapping[str, bytes], written: list[Path]) -> None:
    """Adds each file to `written` when it is there."""
    for name, content in files.items():
        try:
            whole_file.write(out / name, content)
        except OSError as error:
            raise _unwritable(out, error) from error
        written.append(out / name)
