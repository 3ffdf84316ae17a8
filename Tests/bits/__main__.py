"""python -m Tests.bits --before DIR: see the package."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tqdm import tqdm

from Tests.benchmarks.quality.task import Missing
from Tests.benchmarks.speed.child import Child

from . import data
from .case import Case
from .comparison import differences
from .listed import CASES

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Path(".build") / "library" / "libctr_models.so"
LOG = ROOT / ".build" / "bits"
# Of the earlier library, and of this one.
THREADS_BEFORE, THREADS = (2,), (1, 2, 3)


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    libraries = {"before": given.before.absolute() / LIBRARY, "now": ROOT / LIBRARY}
    for library in libraries.values():
        if not library.is_file():
            print(f"there is no {library}: run `make library` in its checkout", file=sys.stderr)
            return 2
    cases = [CASES[name] for name in given.cases or CASES]
    with tempfile.TemporaryDirectory(prefix="ctr-bits-") as folder:
        missing = _written(Path(folder), cases, given.data)
        cases = [case for case in cases if case.data not in missing]
        different = compared(libraries, dict.fromkeys(libraries, cases), Path(folder))
    for name, reason in missing.items():
        print(f"not compared: {name}: {reason}")
    print(f"{len(cases)} cases, {different} of them not the same")
    return 1 if different or not cases else 0


def _written(folder: Path, cases: Sequence[Case], public: Path) -> dict[str, str]:
    """Writes the data sets; those that are not there, and why."""
    missing = {}
    for name in sorted({case.data for case in cases}):
        try:
            data.write(folder, name, public)
        except Missing as error:
            missing[name] = str(error)
    return missing


def compared(libraries: dict[str, Path], cases: dict[str, list[Case]], folder: Path) -> int:
    """Prints a line a case, and says how many differ."""
    different = 0
    with ExitStack() as stack:
        children = {side: stack.enter_context(_child(side, path, folder)) for side, path in libraries.items()}
        bar = stack.enter_context(tqdm(total=len(cases["now"]), unit="case", leave=False, disable=None))
        for index, (earlier, case) in enumerate(zip(cases["before"], cases["now"])):
            file = str(folder / f"{index}.safetensors")
            order = {"case": earlier.json(), "threads": THREADS_BEFORE, "write": file}
            before = children["before"].ask(json.dumps(order))
            now = children["now"].ask(json.dumps({"case": case.json(), "threads": THREADS, "read": file}))
            told = differences(before, now)
            different += bool(told)
            bar.write(f"{case.name}: {'; '.join(told) or 'same'}")
            bar.update()
    return different


def _child(side: str, library: Path, folder: Path) -> Child:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "Tests.bits.child", str(library), str(folder)]
    return Child(command, LOG / f"{side}.log", environment)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m Tests.bits",
        description="Trains Wide & Deep on a table of data sets and options with the library of an earlier checkout "
        "and with this one's, and prints for each case whether model file, predictions, explanations and info are the "
        "same to the bit, on 1, 2 and 3 threads, or what differs. Version, times and the number of threads are left "
        "out of files and info. Exit code 1: something differs. `make bits BEFORE=DIR` builds the library first and "
        "runs this.",
        epilog="cases: " + "; ".join(CASES),
    )
    parser.add_argument(
        "--before", type=Path, metavar="DIR", required=True, help="an earlier checkout, in which `make library` has run"
    )
    parser.add_argument("--cases", nargs="+", choices=CASES, metavar="CASE", help="only these")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=ROOT / ".build" / "quality" / "data",
        help="the public data sets, as for `make quality` (default .build/quality/data)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
