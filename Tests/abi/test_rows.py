"""Predictions straight from a table's buffers are those of the table read as a whole.

ctr_model_explain reads the whole table, and its probabilities are the prediction's to the bit: so it is the other path.
"""

from __future__ import annotations

import ctypes
import json
import math
import random
from ctypes import byref, c_size_t
from typing import Any, Optional

import pyarrow as pa
import pytest

from Tests.abi.raw import Callback, Exported, Model

ROWS = 300
NUMBERS = [0, 1, -1, 7, 255, 65_535, 2**31 - 1, 2**53 - 1, 2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1]
FLOATS = [0.0, -0.0, 1.0, 0.1, -3.5, math.nan, 65_504.0, 1e16, 2.0**53]
TEXTS = ["", "a", "点击", "7", "-7", "007", "true", "a text of more than twelve bytes", "é"]
PLAIN = [
    pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64(),
    pa.float16(), pa.float32(), pa.float64(), pa.bool_(), pa.utf8(), pa.large_utf8(), pa.string_view(), pa.null(),
]  # fmt: skip


def fits(kind: pa.DataType, value: int) -> bool:
    unsigned = pa.types.is_unsigned_integer(kind)
    low, high = (0, 2**kind.bit_width) if unsigned else (-(2 ** (kind.bit_width - 1)), 2 ** (kind.bit_width - 1))
    return low <= value < high


def value(draw: random.Random, kind: pa.DataType) -> Optional[Any]:
    if pa.types.is_null(kind) or draw.random() < 0.15:
        return None
    if pa.types.is_boolean(kind):
        return draw.random() < 0.5
    if pa.types.is_integer(kind):
        return draw.choice([number for number in NUMBERS if fits(kind, number)])
    if pa.types.is_floating(kind):
        number = draw.choice(FLOATS[: 7 if kind == pa.float16() else None])
        return number
    return draw.choice(TEXTS)


def array(draw: random.Random, kind: pa.DataType, shape: str, rows: int) -> pa.Array:
    """A column of that kind, or a dictionary or lists of it, cut from a longer one."""
    before = draw.randrange(4)
    count = rows + before + draw.randrange(3)
    if shape == "list":
        make = draw.choice([pa.list_, pa.large_list])
        lists = [
            None if draw.random() < 0.1 else [value(draw, kind) for _ in range(draw.randrange(4))] for _ in range(count)
        ]
        made = pa.array(lists, make(kind))
    else:
        made = pa.array([value(draw, kind) for _ in range(count)], kind)
        if shape == "dictionary":
            made = made.dictionary_encode()
    return made.slice(before, rows)


def explained(model: Model, table: Exported) -> list[float]:
    needed = c_size_t()
    model.ok("ctr_model_explain", model.handle, *table.both, None, 0, byref(needed))
    text = ctypes.create_string_buffer(needed.value)
    model.ok("ctr_model_explain", model.handle, *table.both, text, needed.value, byref(needed))
    return [row["probability"] for row in json.loads(text.value)]


@pytest.mark.parametrize("seed", range(12))
def test_both_paths_agree(library: ctypes.CDLL, seed: int) -> None:
    draw = random.Random(seed)
    kinds = {}
    for index, kind in enumerate(draw.sample(PLAIN, 8)):
        no_dictionary = pa.types.is_null(kind) or kind in (pa.string_view(), pa.float16())
        kinds[f"c{index}"] = (
            kind,
            draw.choice(["plain", "list"] if no_dictionary else ["plain", "dictionary", "list"]),
        )

    def batch(rows: int) -> pa.RecordBatch:
        columns = {name: array(draw, *kind, rows) for name, kind in kinds.items()}
        names = list(columns)
        draw.shuffle(names)
        labels = pa.array([draw.randrange(2) for _ in range(rows)])
        return pa.RecordBatch.from_pydict({**{name: columns[name] for name in names}, "label": labels})

    features: list[dict[str, Any]] = []
    scalar = [name for name, (_, shape) in kinds.items() if shape != "list"]
    for name, (kind, shape) in kinds.items():
        if shape == "list":
            features.append({"name": name, "kind": "multi"})
        else:
            features.append({"name": name, "kind": "categorical"})
            if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
                features.append({"name": f"n_{name}", "kind": "numeric", "columns": [name]})
    if len(scalar) > 1:
        features.append({"name": "several", "kind": "multi", "columns": scalar[:3]})
    options = {
        "features": features, "crosses": [scalar[:2]] if len(scalar) > 1 else [], "epochs": 1, "hidden_units": [4],
        "members": 1, "early_stopping": False,
    }  # fmt: skip
    model = Model(library, json.dumps(options).encode()).train(Exported(batch(ROWS)))
    for rows in (1, 1, 2, 63, 64, 65, 700):
        table = batch(rows)
        whole = Exported(table)
        expected = explained(model, whole)
        assert model.predict(whole) == expected
        start = draw.randrange(rows)
        assert model.predict(Exported(table.slice(start, 1))) == expected[start : start + 1]


TRUTHS = {
    "bool": pa.array([False, True, None, True]),
    "int8": pa.array([0, 1, None, 1], pa.int8()),
    "uint64": pa.array([0, 1, None, 1], pa.uint64()),
    "double": pa.array([0.0, 1.0, None, 1.0]),
    "dictionary": pa.array([0, 1, None, 1]).dictionary_encode(),
}


@pytest.mark.parametrize("beside", [[], [2, 3, 4, 5]], ids=["alone", "among numbers"])
@pytest.mark.parametrize("learnt", TRUTHS)
def test_a_truth_value_is_one_category(library: ctypes.CDLL, learnt: str, beside: list[int]) -> None:
    """Whether a table holds it as a bool or as a number, in training or after."""
    rows = [*TRUTHS[learnt].to_pylist(), *(beside if learnt != "bool" else [])] * 100
    kind = TRUTHS[learnt].type.value_type if learnt == "dictionary" else TRUTHS[learnt].type
    labels = pa.array([0 if row is None else int(row) % 2 for row in rows])
    options = {
        "features": [{"name": "c", "kind": "categorical"}], "crosses": [], "epochs": 5, "hidden_units": [4],
        "min_count": 1, "members": 1,
    }  # fmt: skip
    column = pa.array(rows, kind)
    table = pa.RecordBatch.from_pydict({"c": column, "label": labels})
    model = Model(library, json.dumps(options).encode()).train(Exported(table))
    for name, truths in TRUTHS.items():
        asked = pa.RecordBatch.from_pydict({"c": truths})
        whole = explained(model, Exported(asked))
        assert model.predict(Exported(asked)) == whole, name
        assert whole == explained(model, Exported(pa.RecordBatch.from_pydict({"c": TRUTHS[learnt]}))), name
        assert len(set(whole)) == 3 and whole[0] < whole[1], name
    # Further training finds the same categories.
    size = model.info()["features"][0]["vocabulary"]
    other = TRUTHS["bool" if learnt != "bool" else "int8"]
    more = Exported(pa.RecordBatch.from_pydict({"c": other, "label": pa.array([0, 1, 0, 1])}))
    model.ok("ctr_model_continue_training", model.handle, *more.both, Callback(), None)
    assert model.info()["features"][0]["vocabulary"] == size
