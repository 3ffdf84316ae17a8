"""Arrow structs built by hand, so that they can lie: each buffer is as long as what it holds, and no longer."""

from __future__ import annotations

import ctypes
import mmap
import struct
from collections.abc import Sequence
from ctypes import POINTER, byref, c_void_p, pointer
from typing import Any, Optional

from Tests.abi.raw import ArrowArray, ArrowSchema

PAGE = mmap.PAGESIZE


class Pages:
    """Pages with a forbidden one behind each, taken in turn: whoever reads past a buffer in one ends the process."""

    def __init__(self, count: int) -> None:
        self.memory = mmap.mmap(-1, 2 * count * PAGE)
        self.start = ctypes.addressof(ctypes.c_char.from_buffer(self.memory))
        protect = ctypes.CDLL(None, use_errno=True).mprotect
        for page in range(1, 2 * count, 2):
            assert protect(c_void_p(self.start + page * PAGE), ctypes.c_size_t(PAGE), 0) == 0
        self.count, self.next = count, 0

    def place(self, data: bytes) -> int:
        self.next = (self.next + 1) % self.count
        # At the page's end, and on a multiple of its elements' size.
        size = len(data)
        end = self.start + (2 * self.next + 1) * PAGE
        at = end - (size if size % 4 else -(-size // 8) * 8)
        ctypes.memmove(at, data, size)
        return at


_pages: Optional[Pages] = None


def guard() -> None:
    """From now on buffers lie in guarded pages, and last for some hundred more."""
    global _pages
    _pages = Pages(512)


RELEASE = ctypes.CFUNCTYPE(None, c_void_p)(lambda part: None)
RELEASED = ctypes.cast(RELEASE, c_void_p).value


class Node:
    """A field with its schema and array, and all that these point to."""

    def __init__(
        self,
        kind: Optional[bytes],
        name: Optional[bytes],
        length: int,
        buffers: Sequence[Optional[bytes]],
        children: Sequence[Node] = (),
        dictionary: Optional[Node] = None,
        offset: int = 0,
        nulls: int = -1,
    ) -> None:
        kept: list[Any] = []
        addresses: list[Optional[int]] = []
        for data in buffers:
            if data is None:
                addresses.append(None)
            elif _pages and len(data) <= PAGE:
                addresses.append(_pages.place(data))
            else:
                kept.append(ctypes.create_string_buffer(data, len(data)))
                addresses.append(ctypes.addressof(kept[-1]))
        self.kept = (kept, children, dictionary)
        self.schema = ArrowSchema(
            format=kind,
            name=name,
            flags=2,
            n_children=len(children),
            children=(POINTER(ArrowSchema) * max(1, len(children)))(*[pointer(child.schema) for child in children]),
            dictionary=pointer(dictionary.schema) if dictionary else None,
            release=RELEASED,
        )
        self.array = ArrowArray(
            length=length,
            null_count=nulls,
            offset=offset,
            n_buffers=len(buffers),
            n_children=len(children),
            buffers=(c_void_p * max(1, len(buffers)))(*addresses),
            children=(POINTER(ArrowArray) * max(1, len(children)))(*[pointer(child.array) for child in children]),
            dictionary=pointer(dictionary.array) if dictionary else None,
            release=RELEASED,
        )

    @property
    def both(self) -> tuple[Any, Any]:
        return byref(self.schema), byref(self.array)


def bits(values: Sequence[bool]) -> bytes:
    packed = bytearray((len(values) + 7) // 8)
    for at, value in enumerate(values):
        packed[at // 8] |= bool(value) << at % 8
    return bytes(packed)


def offsets(values: Sequence[int], large: bool = False) -> bytes:
    return struct.pack(f"<{len(values)}{'q' if large else 'i'}", *values)


def doubles(values: Sequence[float]) -> Any:
    """An array with a forbidden page behind it."""
    assert _pages
    return ctypes.cast(_pages.place(struct.pack(f"<{len(values)}d", *values)), POINTER(ctypes.c_double))


def numbers(name: bytes, values: Sequence[float]) -> Node:
    return Node(b"g", name, len(values), [None, struct.pack(f"<{len(values)}d", *values)])


def integers(name: bytes, values: Sequence[int]) -> Node:
    return Node(b"l", name, len(values), [None, struct.pack(f"<{len(values)}q", *values)])


def texts(name: bytes, values: Sequence[Optional[bytes]], large: bool = False) -> Node:
    ends = [0]
    for value in values:
        ends.append(ends[-1] + len(value or b""))
    valid = bits([value is not None for value in values]) if None in values else None
    data = b"".join(value or b"" for value in values)
    return Node(b"U" if large else b"u", name, len(values), [valid, offsets(ends, large), data])


def lists(name: bytes, values: Sequence[Sequence[bytes]]) -> Node:
    ends = [0]
    for value in values:
        ends.append(ends[-1] + len(value))
    inside = texts(b"item", [text for value in values for text in value])
    return Node(b"+l", name, len(values), [None, offsets(ends)], [inside])


def table(columns: Sequence[Node], rows: int) -> Node:
    return Node(b"+s", b"", rows, [None], columns, nulls=0)
