"""Every public declaration of the Swift library is described, every public type by an example, and the examples run.

A page's examples are one function, its blocks one after the other. What they are given stands in `Given.swift`; where a
`print` has a remark, that is what it prints.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from Tests.documentation.swift_docs import CATALOGUE, ROOT, Page, articles, declarations

DECLARATIONS = list(declarations())
PACKAGE = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Examples",
    dependencies: [.package(name: "CTRModels", path: "{root}")],
    targets: [
        .executableTarget(
            name: "DocumentationExamples", dependencies: [.product(name: "CTRModels", package: "CTRModels")],
            // An example need not use all that it makes.
            swiftSettings: [.unsafeFlags(["-suppress-warnings"])])
    ]
)
"""
MAIN = """import CTRModels
import Glibc

@main struct Examples {
    static func main() {
        let examples: [(String, () throws -> Void)] = [CALLS]
        for (name, example) in examples {
            print("== \\(name)")
            do { try example() } catch {
                print("\\(name): \\(error)")
                exit(1)
            }
        }
    }
}
"""


def test_every_public_declaration_is_described() -> None:
    assert len(DECLARATIONS) > 150
    assert [page.name for page in DECLARATIONS if not page.has_words] == []


def test_every_public_type_has_an_example() -> None:
    types = [page for page in DECLARATIONS if page.is_type]
    assert len(types) > 30
    assert [page.name for page in types if not page.blocks] == []


@pytest.mark.slow
def test_the_examples_run(tmp_path: Path) -> None:
    swift = shutil.which(os.environ.get("SWIFT", "swift"))
    if swift is None:
        pytest.skip("no Swift toolchain on PATH")
    pages = [page for page in [*articles(), *DECLARATIONS] if page.blocks]
    assert {page.path for page in pages} > {CATALOGUE / name for name in ("CTRModels.md", "TrainingAModel.md")}
    sources = tmp_path / "examples" / "Sources" / "DocumentationExamples"
    sources.mkdir(parents=True)
    (tmp_path / "examples" / "Package.swift").write_text(PACKAGE.format(root=ROOT))
    shutil.copy(ROOT / "Tests" / "documentation" / "Given.swift", sources)
    (sources / "Examples.swift").write_text(program(pages), encoding="utf-8")
    # In the folder of `make test`'s build, where the library is compiled already.
    run(swift, "build", "--package-path", tmp_path / "examples", "--scratch-path", ROOT / ".build")
    said = run(ROOT / ".build" / "debug" / "DocumentationExamples", cwd=tmp_path)
    printed = dict(part.split("\n", 1) for part in re.split("^== ", said, flags=re.M)[1:])
    for page in pages:
        lines = iter(printed[page.name].splitlines())
        for block in page.blocks:
            for expected in re.findall(r"^ *print\(.*\)  // (.*)$", block.code, re.M):
                assert expected in lines, f"{page.name} prints\n{printed[page.name]}"


def program(pages: list[Page]) -> str:
    functions = []
    for index, page in enumerate(pages):
        lines = [f"func example{index}() throws {{"]
        for block in page.blocks:
            # What the compiler has to say, it says of the page.
            lines += [f'#sourceLocation(file: "{page.path}", line: {block.line})']
            lines += [re.sub(r"^import CTRModels$", "", block.code, flags=re.M)]
        functions.append("\n".join([*lines, "#sourceLocation()", "}"]))
    calls = ", ".join(f'(#"{page.name}"#, example{index})' for index, page in enumerate(pages))
    return "\n\n".join([MAIN.replace("CALLS", calls), *functions]) + "\n"


def run(*command: object, cwd: Path | None = None) -> str:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
