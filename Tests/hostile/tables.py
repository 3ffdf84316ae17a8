"""Tables for the doors that take one: fine ones of which a column, or the whole, is spoilt."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from Tests.hostile import arrow
from Tests.hostile.columns import MAKERS

ROWS = 24


class Case(NamedTuple):
    table: arrow.Node
    rows: int
    wrong: bool
    # One of these stands in the message of a refusal.
    names: tuple[str, ...]


def features(rows: int = ROWS) -> dict[str, arrow.Node]:
    """What the small models are trained on."""
    return {
        "c0": arrow.texts(b"c0", [b"v%d" % (row % 5) for row in range(rows)]),
        "x0": arrow.numbers(b"x0", [row % 7 / 2 for row in range(rows)]),
        "m0": arrow.lists(b"m0", [[b"v%d" % (row % 3), b"w"] for row in range(rows)]),
        "k0": arrow.integers(b"k0", [row % 4 for row in range(rows)]),
        "label": arrow.integers(b"label", [row % 3 % 2 for row in range(rows)]),
    }


def click_log(rows: int = ROWS) -> dict[str, arrow.Node]:
    text = {
        name: [b"%s %d" % (name.encode(), row % 4) for row in range(rows)] for name in ("query", "doc_id", "summary")
    }
    whole = {"position": 10, "doc_length": 30, "clicked": 2}
    return {
        **{name: arrow.texts(name.encode(), values) for name, values in text.items()},
        "query_words": arrow.lists(b"query_words", [[b"query", b"%d" % (row % 4)] for row in range(rows)]),
        "summary_words": arrow.lists(b"summary_words", [[b"summary"]] * rows),
        **{name: arrow.integers(name.encode(), [row % most for row in range(rows)]) for name, most in whole.items()},
        "score": arrow.numbers(b"score", [row / rows for row in range(rows)]),
        "timestamp": arrow.texts(b"timestamp", [b"2025-01-01T00:00:%02d" % row for row in range(rows)]),
    }


GOOD = {"features": features(), "log": click_log()}


def case(draw: Random, kind: str) -> Case:
    good = GOOD[kind]
    columns = dict(good)
    if draw.random() < 0.15:
        return spoilt_whole(draw, columns)
    wrong, names = False, []
    for name in draw.sample(list(columns), draw.choice([1, 1, 1, 2, 3])):
        names.append(name)
        if draw.random() < 0.05:
            del columns[name]
            continue
        columns[name], refused = draw.choice(MAKERS)(draw, name.encode(), ROWS)
        wrong |= refused
    return Case(arrow.table(list(columns.values()), ROWS), ROWS, wrong, (*names, "row", "column"))


def spoilt_whole(draw: Random, columns: dict[str, arrow.Node]) -> Case:
    names = list(columns)
    rows = ROWS
    whole = arrow.table(list(columns.values()), rows)
    way = draw.randrange(9)
    if way == 0:
        whole.array.length = draw.choice([-1, ROWS + 1, (1 << 31) - 1, 1 << 40, (1 << 63) - 1, -(1 << 63)])
    elif way == 1:
        whole.array.offset = draw.choice([-1, 1, ROWS, (1 << 63) - 1, -(1 << 63)])
    elif way == 2:
        part = draw.choice([whole.array, whole.schema])
        part.n_children = draw.choice([-1, 0, len(names) - 1, 1 << 40, (1 << 63) - 1])
    elif way == 3:
        part = draw.choice([whole.array, whole.schema])
        part.children = type(part.children)()
    elif way == 4:
        whole.schema.format = draw.choice([None, b"", b"+l", b"g", b"+s ", b"\xff"])
    elif way == 5:
        nulls = draw.choice([b"\xff\xff\x7f", b"\0\0\0", b"\xfe\xff\xff"])
        whole = arrow.Node(b"+s", b"", rows, [nulls], list(columns.values()), nulls=draw.choice([-1, 1]))
    elif way == 6:
        part = draw.choice([whole.array, whole.schema])
        part.release = None
    elif way == 7:
        whole.array.n_buffers = draw.choice([-1, 0, 2, 1 << 40])
    else:
        part = draw.choice([whole.array, whole.schema])
        part.children[draw.randrange(len(names))] = type(part.children[0])()
    return Case(whole, rows, True, ("table", "column", "row"))
