"""Whether a checkout has what the switch changes in it: the table of patches, looked up in the source of the
testbed's files, of which nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Optional

from ..messages import Message
from ..messages import surroundings as words
from ..switch.patches import CHANGES
from . import checkout_state

# The testbed's commit that this package was checked with.
CHECKED = "92af4e17276e9a7f9317a708e956f9c72ed26c86"


def other_commit(testbed: Path) -> Optional[Message]:
    """Which one it is, where it is not the one checked; None where git does not tell, too."""
    commit = checkout_state.look(testbed).commit
    if commit is None or commit == CHECKED:
        return None
    return words.OTHER_COMMIT.format(testbed=testbed, commit=commit, checked=CHECKED)


def missing(testbed: Path) -> Iterator[Message]:
    """A line for each change of the table whose target is not there; the switch leaves that one out."""
    for change in CHANGES:
        path = Path("src", "search_engine", *change.module.split(".")).with_suffix(".py")
        try:
            there = _defined(ast.parse((testbed / path).read_bytes()))
        except (OSError, SyntaxError, ValueError) as error:
            yield words.NO_SOURCE.format(path=path, name=change.target, error=getattr(error, "strerror", None) or error)
            continue
        if change.target not in there:
            yield words.NO_TARGET.format(path=path, name=change.target)


def _defined(module: ast.Module) -> set[str]:
    """What a module defines or imports at its top, and what its classes do: `name` and `class.name`."""
    found = set()
    for prefix, body in (("", module.body), *((f"{c.name}.", c.body) for c in _classes(module))):
        for statement in body:
            if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
                found.add(prefix + statement.name)
            elif isinstance(statement, ast.ImportFrom):
                found |= {prefix + alias.name for alias in statement.names}
            elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                found |= {prefix + target.id for target in targets if isinstance(target, ast.Name)}
    return found


def _classes(module: ast.Module) -> list[ast.ClassDef]:
    return [statement for statement in module.body if isinstance(statement, ast.ClassDef)]
