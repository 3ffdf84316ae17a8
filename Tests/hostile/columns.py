"""Columns that no one should send. Each says whether it must be refused, or may be answered: `(node, wrong)`."""

from __future__ import annotations

import struct
from random import Random
from typing import Callable, Optional

from Tests.hostile.arrow import Node, bits, integers, lists, numbers, offsets, texts

Column = tuple[Node, bool]
EXTREMES = (
    *(0.0, -0.0, 1.0, -1.0, 0.1, 5e-324, 2.2250738585072014e-308, 1e-30, 1e30, -1e30, 1e308, -1e308, 2.0**53, 2.0**63),
    *(float("nan"), 3.4e38, 3.5e38, 1e-45),
)
WORDS = (
    "v0",
    "v1",
    "w2",
    "",
    "天气",
    "é",
    "e\u0301",
    "\u0000",
    "a" * 300,
    "1e400",
    "NaN",
    "a×b",
    "\U0010ffff",
    "0",
    "false",
)
BAD_UTF8 = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4\xbd", b"\x80", b"v\xf8\x88\x80\x80\x80")
WHOLE = {b"c": "b", b"C": "B", b"s": "h", b"S": "H", b"i": "i", b"I": "I", b"l": "q", b"L": "Q"}


def word(draw: Random) -> bytes:
    return draw.choice(WORDS).encode()


def ascending(draw: Random, count: int, most: int = 4) -> list[int]:
    ends = [0]
    for _ in range(count):
        ends.append(ends[-1] + draw.randrange(most))
    return ends


def any_bytes(draw: Random, name: bytes, rows: int) -> Column:
    kind = draw.choice([*WHOLE, b"e", b"f", b"g"])
    size = {b"e": 2, b"f": 4, b"g": 8}.get(kind) or struct.calcsize(WHOLE[kind])
    valid = draw.choice([None, draw.randbytes((rows + 7) // 8)])
    # Infinity is an error, and random halves hold some.
    return Node(kind, name, rows, [valid, draw.randbytes(size * rows)]), False


def extremes(draw: Random, name: bytes, rows: int) -> Column:
    return numbers(name, [draw.choice(EXTREMES) for _ in range(rows)]), False


def infinite(draw: Random, name: bytes, rows: int) -> Column:
    values = [draw.random() for _ in range(rows)]
    values[draw.randrange(rows)] = draw.choice([float("inf"), float("-inf")])
    return numbers(name, values), True


def any_texts(draw: Random, name: bytes, rows: int) -> Column:
    return texts(name, [draw.choice([None, word(draw), word(draw)]) for _ in range(rows)], draw.random() < 0.3), False


def no_utf8(draw: Random, name: bytes, rows: int) -> Column:
    values = [word(draw) for _ in range(rows)]
    values[draw.randrange(rows)] = draw.choice(BAD_UTF8)
    return texts(name, values, draw.random() < 0.3), True


def bad_offsets(draw: Random, name: bytes, rows: int) -> Column:
    """Text whose offsets fall somewhere, or begin below 0; its end is that of its bytes."""
    large = draw.random() < 0.3
    ends = ascending(draw, rows)
    at = draw.randrange(rows)
    wild = draw.choice([2_000_000_000, (1 << 31) - 1, ends[-1] + 1])
    ends[at] = draw.choice([-1, -(1 << 31)]) if at == 0 or draw.random() < 0.5 else wild
    return Node(b"U" if large else b"u", name, rows, [None, offsets(ends, large), b"a" * ends[-1]]), True


def any_views(draw: Random, name: bytes, rows: int) -> Column:
    """utf8 views of one long buffer; some point outside it."""
    data, views, wrong = b"abcdefghijklmnopqrstuvwxyz" * 2, b"", False
    for _ in range(rows):
        if draw.random() < 0.5:
            short = word(draw)[:12]
            short = short.decode("utf-8", "ignore").encode()
            views += struct.pack("<i12s", len(short), short)
            continue
        length, index, start = 20, 0, draw.randrange(20)
        if draw.random() < 0.05:
            wrong = True
            if draw.random() < 0.5:
                index = draw.choice([-1, 1, 1 << 30])
            else:
                start = draw.choice([-1, 40, (1 << 31) - 1])
        prefix = data[start : start + 4] if 0 <= start < len(data) else b"abcd"
        views += struct.pack("<i4sii", length, prefix, index, start)
    return Node(b"vu", name, rows, [None, views, data, struct.pack("<q", len(data))]), wrong


def dictionary(draw: Random, name: bytes, rows: int) -> Column:
    kind = draw.choice([*WHOLE])
    size = draw.randrange(1, 6)
    codes = [draw.randrange(size) for _ in range(rows)]
    wrong = draw.random() < 0.5
    if wrong:
        unsigned = kind.isupper()
        codes[draw.randrange(rows)] = size if unsigned else draw.choice([size, -1, 127])
    values = texts(b"", [word(draw) for _ in range(size)])
    return Node(kind, name, rows, [None, struct.pack(f"<{rows}{WHOLE[kind]}", *codes)], dictionary=values), wrong


def odd_dictionary(draw: Random, name: bytes, rows: int) -> Column:
    codes = struct.pack(f"<{rows}i", *[0] * rows)
    values = texts(b"", [b"a"])
    inside = draw.choice(
        [
            lists(b"", [[b"a"]]),
            Node(b"i", b"", 1, [None, b"\0\0\0\0"], dictionary=values),
            Node(b"u", b"", 1, [None, offsets([1, 0]), b"a"]),
            Node(b"+s", b"", 1, [None], [values]),
            Node(b"u", b"", -1, [None, offsets([0]), b""]),
        ]
    )
    return Node(b"i", name, rows, [None, codes], dictionary=inside), True


def bad_lists(draw: Random, name: bytes, rows: int) -> Column:
    ends = ascending(draw, rows)
    inside = texts(b"item", [word(draw) for _ in range(ends[-1])])
    way = draw.randrange(3)
    if way == 0:
        ends[draw.randrange(rows + 1)] = draw.choice([-1, -(1 << 31), ends[-1] + 1, (1 << 31) - 1])
    elif way == 1:
        inside = lists(b"item", [[b"a"]] * ends[-1])
    else:
        inside.array.length = draw.choice([-1, ends[-1] - 1, -(1 << 63)]) if ends[-1] else -1
    return Node(b"+l", name, rows, [None, offsets(ends)], [inside]), True


def any_lists(draw: Random, name: bytes, rows: int) -> Column:
    return lists(name, [[word(draw) for _ in range(draw.randrange(4))] for _ in range(rows)]), False


def nulls(draw: Random, name: bytes, rows: int) -> Column:
    return Node(b"n", name, rows, [], nulls=draw.choice([rows, -1, 0, 7])), False


def null_buffers(draw: Random, name: bytes, rows: int) -> Column:
    """Buffers that are not there. A null column has none, whatever it claims."""
    kind = draw.choice([b"n", b"g", b"u", b"b", b"+l", b"vu", b"l"])
    children = [texts(b"item", [b"a"])] if kind == b"+l" else []
    node = Node(kind, name, rows, [None] * {b"n": 1, b"u": 3, b"vu": 3}.get(kind, 2), children)
    if draw.random() < 0.3:
        node.array.buffers = type(node.array.buffers)()
    return node, kind != b"n"


def odd_format(draw: Random, name: bytes, rows: int) -> Column:
    kinds = [
        None,
        b"",
        b"q",
        b"+",
        b"+l ",
        b"ll",
        b"+w:3",
        b"+m",
        b"+r",
        b"+vl",
        b"w:4",
        b"\xff",
        b"g" * 500,
        b"+us:0",
        b"+s",
    ]
    data = b"\0" * 16 * (rows + 1)
    return Node(draw.choice(kinds), name, rows, [None, data], [integers(b"item", [0] * rows)]), True


def odd_struct(draw: Random, name: bytes, rows: int) -> Column:
    """One number of an otherwise fine column is not what it was."""
    node = draw.choice([numbers(name, [1.0] * rows), texts(name, [b"a"] * rows), lists(name, [[b"a"]] * rows)])
    big = draw.choice([1 << 31, 1 << 40, (1 << 63) - 1])
    field, value = draw.choice(
        [
            ("length", draw.choice([-1, rows - 1, -(1 << 63)])),
            ("offset", draw.choice([-1, (1 << 63) - 1, -(1 << 63)])),
            ("n_buffers", draw.choice([-1, 0, 1, big])),
            ("n_children" if node.array.n_children else "n_buffers", draw.choice([-1, 0, big])),
            ("release", None),
        ]
    )
    setattr(node.array, field, value)
    if field == "release" and draw.random() < 0.5:
        node.array.release, node.schema.release = node.schema.release, None
    return node, True


def booleans(draw: Random, name: bytes, rows: int) -> Column:
    valid: Optional[bytes] = draw.choice([None, bits([draw.random() < 0.5 for _ in range(rows)])])
    return Node(b"b", name, rows, [valid, draw.randbytes((rows + 7) // 8)]), False


MAKERS: list[Callable[[Random, bytes, int], Column]] = [
    *(any_bytes, extremes, infinite, any_texts, no_utf8, bad_offsets, any_views, dictionary, odd_dictionary, bad_lists),
    *(any_lists, nulls, null_buffers, odd_format, odd_struct, booleans),
]
