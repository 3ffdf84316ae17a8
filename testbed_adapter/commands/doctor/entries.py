"""The testbed's entry points, and what each lacks to start: by the imports that its files make on their way, read from
their source: nothing is run, and a package that is missing hides no other. Where all are there, an entry point that is
wanted has them imported, in a process of its own."""

from __future__ import annotations

import ast
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Union
from urllib.parse import urlsplit

from ...messages import Message, joined
from ...messages import doctor as words
from .. import packages
from .environment import pinned
from .finding import BAD, NOTE, OK, Finding

# Python 3.9 has no list of them; they are found there anyway.
_STANDARD: frozenset[str] = getattr(sys, "stdlib_module_names", frozenset())
_SOURCE = Path("src", "search_engine")
_TENSORFLOW = "ctr_wide_deep_model.py"  # not run where ours stands there; where it is, it does without
_KEY = "DASHSCOPE_API_KEY"
_MARK = "tried: "
_TRY = f"""
import importlib, sys
for module in sys.argv[1:]:
    try:
        importlib.import_module(module)
        why = ""
    except Exception as error:
        why = " ".join(f"{{type(error).__name__}}: {{error}}".split())[:200]
    print(f"{_MARK}{{module}}\\t{{why}}", flush=True)
"""


class Entry(NamedTuple):
    key: str
    name: Message
    # Below the checkout: what Python runs first, and what that starts or imports at once.
    files: tuple[Path, ...]
    start: str  # a command of testbed_adapter; {testbed} in it is the checkout
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # files on the way that are stood in for


ENTRIES = (
    Entry(
        "service",
        words.SERVICE,
        (Path("start_model_serving.py"),),
        "run --testbed {testbed} start_model_serving.py",
    ),
    Entry(
        "page",
        words.PAGE,
        (_SOURCE / "service_manager.py", _SOURCE / "training_tab" / "training_tab.py"),
        "page --testbed {testbed}",
        without=("image_service.py",),  # as page.py does
    ),
    Entry(
        "system",
        words.SYSTEM,
        (Path("start_system.py"), _SOURCE / "portal.py", _SOURCE / "mcp" / "dynamic_mcp_server.py"),
        "run --testbed {testbed} start_system.py",
        ("openai", "gremlin_python"),  # with which it tries the key, and the graph server
    ),
    Entry(
        "script",
        words.SCRIPT,
        (_SOURCE / "training_tab" / "ctr_lr_model.py",),
        "run --testbed {testbed} src/search_engine/training_tab/ctr_lr_model.py",
    ),
    Entry("notebook", words.NOTEBOOK, (_SOURCE / "model_service.py",), "", ("ipykernel",)),
)
KEYS = tuple(entry.key for entry in ENTRIES)


def findings(testbed: Path, wanted: tuple[str, ...]) -> list[Finding]:
    """A line an entry point; one that is not wanted and does not start is only a note."""
    tried: dict[str, Union[str, Message]] = {}
    return [_of_entry(entry, testbed, BAD if entry.key in wanted else NOTE, tried) for entry in ENTRIES]


def _of_entry(entry: Entry, testbed: Path, status: str, tried: dict[str, Union[str, Message]]) -> Finding:
    """`tried`: modules that were imported for an entry point before, and why one could not be."""
    absent = [str(path) for path in entry.files if not (testbed / path).is_file()]
    if absent:
        return Finding(status, words.NO_ENTRY.format(entry=entry.name, files=", ".join(absent)))
    try:
        modules = sorted(needed(entry, testbed))
        missing = [module for module in modules if not _is_there(module)]
    except (OSError, SyntaxError, ValueError) as error:
        return Finding(status, words.BROKEN.format(entry=entry.name, error=error))
    if missing:
        names = [packages.pip_name(module) for module in missing]
        todo = f"{sys.executable} -m pip install {' '.join(pinned(one, testbed) for one in names)}"
        return Finding(status, words.LACKS.format(entry=entry.name, names=", ".join(names)), todo)
    if status == BAD:
        tried.update(_tried([module for module in modules if module not in tried]))
    failing = {module: tried[module] for module in modules if tried.get(module)}
    if failing:
        told = joined(
            [words.FAILING.format(name=packages.pip_name(module), why=why) for module, why in failing.items()], "; "
        )
        again = " ".join(packages.pip_name(module) for module in failing)
        todo = f"{sys.executable} -m pip install --force-reinstall {again}"
        return Finding(status, words.FAILS.format(entry=entry.name, told=told), todo)
    if entry.key == "system":
        if not _has_key(testbed):
            todo = f"echo {_KEY}=… >> {testbed / '.env'}"
            return Finding(status, words.NO_KEY.format(entry=entry.name, key=_KEY), todo)
        server = graph_server()
        if not _answers(server):
            alone = words.GRAPH_OR_PAGE.format(command=f"python -m testbed_adapter page --testbed {testbed}")
            return Finding(status, words.NO_GRAPH.format(entry=entry.name, server=server), alone)
    how = f"python -m testbed_adapter {entry.start.format(testbed=testbed)}" if entry.start else ""
    return Finding(OK, (words.STARTS_BY if how else words.STARTS).format(entry=entry.name, command=how))


def graph_server() -> str:
    """Where the testbed's knowledge graph looks for JanusGraph: its index service, and so its whole user interface,
    does not start without one."""
    return os.environ.get("JANUSGRAPH_URL") or os.environ.get("GREMLIN_SERVER_URL") or "ws://localhost:8182/gremlin"


def _answers(url: str) -> bool:
    try:
        place = urlsplit(url)
        with socket.create_connection((place.hostname or "localhost", place.port or 8182), timeout=2):
            return True
    except (OSError, ValueError):
        return False


def _tried(modules: list[str]) -> dict[str, Union[str, Message]]:
    """Imports modules that are there, in a process of its own: why one cannot be (a package half installed, a library
    of the system's that is missing), empty where it can."""
    done = subprocess.run(
        [sys.executable, "-c", _TRY, *modules], capture_output=True, encoding="utf-8", errors="replace"
    )
    lines = [line[len(_MARK) :] for line in done.stdout.splitlines() if line.startswith(_MARK)]
    tried: dict[str, Union[str, Message]] = {}
    tried.update((module, why) for module, _, why in (line.partition("\t") for line in lines))
    missing = next((module for module in modules if module not in tried), None)
    if missing is not None:  # it ended the process
        tried[missing] = words.EXIT_CODE.format(code=done.returncode)
    return tried


def needed(entry: Entry, testbed: Path) -> set[str]:
    """The modules that are none of the testbed's and without which it ends. OSError, SyntaxError or ValueError for
    a file on the way that is no Python."""
    found, seen = set(entry.needs), set()
    left = [testbed / path for path in entry.files]
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        if path.name in (*entry.without, _TENSORFLOW):
            continue
        tree = ast.parse(path.read_bytes(), str(path))
        found |= _asked_for(tree)
        for module, names, level in _imports(tree.body):
            own = _own_files(testbed, path, module, names, level)
            left += own
            top = module.split(".")[0]
            if not level and not own and top not in _STANDARD and top not in ("search_engine", "src"):
                found.add(top)
    return found


def _imports(body: list[ast.stmt]) -> Iterator[tuple[str, list[str], int]]:
    """Module, names and level of each import that running these statements makes, where failing ends the program."""
    for statement in body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                yield alias.name, [], 0
        elif isinstance(statement, ast.ImportFrom):
            yield statement.module or "", [alias.name for alias in statement.names], statement.level
        elif isinstance(statement, ast.With):
            yield from _imports(statement.body)
        elif isinstance(statement, ast.Try):
            if not statement.handlers:
                yield from _imports(statement.body)
            yield from _imports(statement.finalbody)


def _own_files(testbed: Path, path: Path, module: str, names: list[str], level: int) -> list[Path]:
    """The testbed's files that an import runs."""
    if level:
        folder = path.parent
        for _ in range(level - 1):
            folder = folder.parent
    else:
        folder = testbed if module.split(".")[0] == "src" else testbed / "src"
    place = folder.joinpath(*module.split(".")) if module else folder
    # The packages on the way are run, too.
    candidates = [parent / "__init__.py" for parent in place.parents if testbed in parent.parents]
    candidates += [place.with_suffix(".py"), place / "__init__.py"]
    candidates += [place / f"{name}.py" for name in names] + [place / name / "__init__.py" for name in names]
    return [file for file in candidates if file.is_file()]


def _asked_for(tree: ast.Module) -> set[str]:
    """The packages that start_system.py looks for itself: its list `required_packages` of (module, requirement)."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and "required_packages" in _names(node):
            pairs = [pair for pair in node.value.elts if isinstance(pair, ast.Tuple) and pair.elts]
            found |= {str(pair.elts[0].value) for pair in pairs if isinstance(pair.elts[0], ast.Constant)}
    return found


def _names(assignment: ast.Assign) -> list[str]:
    return [target.id for target in assignment.targets if isinstance(target, ast.Name)]


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _has_key(testbed: Path) -> bool:
    if os.environ.get(_KEY):
        return True
    try:
        lines = (testbed / ".env").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return any(line.strip().startswith(f"{_KEY}=") and line.strip() != f"{_KEY}=" for line in lines)
