"""python -m Tests.benchmarks.speed: see the package."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import time
from pathlib import Path
from statistics import median

from . import machine
from .rounds import BUSY
from .section import BUILD, Result, Settings
from .sections import SECTIONS


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    settings = settings_of(given)
    names = given.sections or [name for name in SECTIONS if name != "before" or settings.before]
    about = machine.about()
    results: dict[str, Result] = {}
    for name in names:
        start = time.perf_counter()
        results[name] = SECTIONS[name].run(settings)
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
        write(about, results, settings)  # now too, in case that a later one is stopped
    print(report(about, results, settings), end="")
    print(f"Written to {settings.out / 'speed.md'} and speed.json", file=sys.stderr)
    return 0


def settings_of(given: argparse.Namespace) -> Settings:
    rounds = given.rounds or (2 if given.quick else Settings.rounds)
    return Settings(given.quick, rounds, given.seed, BUILD / "work", given.out, given.testbed, given.before)


def report(about: machine.Machine, results: dict[str, Result], settings: Settings) -> str:
    head = f"# Speed\n\n{about.line()}\n"
    if BUSY:
        head += f"\nOther programs took {median(BUSY):.0%} of the cores between turns ({max(BUSY):.0%} at most).\n"
    if settings.quick:
        head += "\nA quick run: a try, no measurement.\n"
    missed = [f"- {line}\n" for result in results.values() for line in result.missed]
    end = ["## Aims not reached\n\n" + "".join(missed)] if missed else []
    return "\n".join([head, *(result.markdown() for result in results.values()), *end])


def write(about: machine.Machine, results: dict[str, Result], settings: Settings) -> None:
    settings.out.mkdir(parents=True, exist_ok=True)
    (settings.out / "speed.md").write_text(report(about, results, settings), encoding="utf-8")
    data = {
        "machine": about.json(),
        "quick": settings.quick,
        "rounds": settings.rounds,
        "other_programs": BUSY,
        "sections": {name: result.json() for name, result in results.items()},
    }
    (settings.out / "speed.json").write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m Tests.benchmarks.speed",
        description=textwrap.fill(
            "Measures how fast ours trains and predicts beside its peers, on the same arrays and in turns, and prints "
            "Markdown tables of medians and of ratios. `make bench` installs the peers first, builds, and runs this.",
            118,
        ),
        epilog="Sections:\n" + "\n".join(f"  {name:<10}{section.about}" for name, section in SECTIONS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sections", type=_sections, metavar="A,B", help="only these; listed below")
    parser.add_argument("--rounds", type=_positive, metavar="N", help="turns of each tool (default 5, with --quick 2)")
    parser.add_argument("--quick", action="store_true", help="little data: a try, no measurement")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the arrays and models (default 0)")
    folder = {"type": Path, "metavar": "DIR"}
    parser.add_argument("--out", **folder, default=BUILD, help="for speed.md and speed.json (default .build/bench)")
    parser.add_argument("--testbed", **folder, help="a checkout of the testbed, for the sections that run in one")
    parser.add_argument("--before", **folder, help="an earlier checkout of ours, its library built, to compare with")
    return parser


def _sections(text: str) -> list[str]:
    names = text.replace(",", " ").split()
    unknown = [name for name in names if name not in SECTIONS]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"no section {', '.join(unknown)!r}; there are {', '.join(SECTIONS)}")
    return list(dict.fromkeys(names))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
