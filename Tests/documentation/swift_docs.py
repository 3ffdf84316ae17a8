"""The library's documentation as DocC reads it: comments of the public declarations, and the pages of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The second is exported by the first.
MODULES = ("CTRModels", "CTRFeatures")
CATALOGUE = ROOT / "Sources" / "CTRModels" / "CTRModels.docc"
TYPES = ("struct", "enum", "class", "actor", "protocol")
KINDS = "|".join([*TYPES, "typealias", "func", "var", "let", "init", "subscript"])
PUBLIC = re.compile(rf"(\s*)(?:@\w+ )*(?:public|open) (?:[\w()]+ )*?({KINDS})\b")


@dataclass(frozen=True)
class Block:
    """Lines of Swift, and where in the file they begin, from 1."""

    line: int
    code: str


@dataclass(frozen=True)
class Page:
    """A declaration with its comment, or an article."""

    name: str
    path: Path
    is_type: bool
    blocks: list[Block]
    has_words: bool


def declarations() -> Iterator[Page]:
    for module in MODULES:
        for path in sorted((ROOT / "Sources" / module).rglob("*.swift")):
            yield from _declarations(path)


def articles() -> Iterator[Page]:
    for path in sorted(CATALOGUE.glob("*.md")):
        lines = path.read_text("utf-8").splitlines()
        yield Page(path.name, path, False, _blocks(lines, 1), True)


def _declarations(path: Path) -> Iterator[Page]:
    comment: list[str] = []
    # The indentation of the public enum that a line stands in: its cases are public as it is.
    enum: str | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if text.startswith("///"):
            comment.append(text[3:].removeprefix(" "))
            continue
        if text.startswith("@") and " " not in text:
            continue
        found = PUBLIC.match(line)
        if found or (enum is not None and line.startswith(f"{enum}    case ")):
            is_type = bool(found) and found[2] in TYPES
            words = f"{path.relative_to(ROOT)}: {text.rstrip(' {')}"
            yield Page(words, path, is_type, _blocks(comment, number - len(comment)), any(comment))
        if found and found[2] == "enum":
            enum = found[1]
        elif enum is not None and line == f"{enum}}}":
            enum = None
        comment = []


def _blocks(lines: list[str], first: int) -> list[Block]:
    blocks: list[Block] = []
    start: int | None = None
    for index, line in enumerate(lines):
        if line.startswith("```") and start is not None:
            blocks.append(Block(first + start, "\n".join(lines[start:index])))
            start = None
        elif line == "```swift":
            start = index + 1
    return blocks
