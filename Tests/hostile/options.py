"""JSON options that no one should send, as `(text, wrong, names)`."""

from __future__ import annotations

import json
from random import Random
from typing import Any

# An option → values that are taken and cheap to train with, and values that are not taken.
OPTIONS: dict[str, tuple[list[Any], list[Any]]] = {
    "model": (["wide_deep", "lr", "fm", "deepfm", "dcn", "dcn_v2", "dnn"], ["Deepfm", "", None, 1]),
    "part": (["wide", "deep", "wide_deep"], ["", "Wide", None, 0]),
    "features": (
        [None, [{"name": "c0", "kind": "categorical"}]],
        [[], {}, [1], [{"name": "c0"}], "c0", [{"kind": "multi"}]],
    ),
    "crosses": (["auto", [], [["c0", "k0"]]], ["none", [1], {}, 3, [[1]]]),
    "label": (["label", "", "é"], [None, 1, [], "é\u0000"]),
    "weight": ([None, "w"], [1, [], {}]),
    "time": ([None, "t"], [1, [], True]),
    "replay": ([None, "r"], [1, [], True]),
    "embedding_dim": ([None, 1, 8, 4096], [0, -1, 4097, 1.5, "8", 1e300]),
    "hidden_units": ([[], [1], [4, 2]], [[0], [-1], [65537], 4, [1.5], None, [[4]], [4] * 65, [9e99]]),
    "cross_layers": ([1, 3, 16], [0, 17, -1, 1.5, "3", None]),
    "numeric_bins": ([1, 1024], [0, 1025, 1.5, None, 1e19]),
    "bin_embeddings": ([True, False], [1, None, "yes"]),
    "dropout": ([0, 0.999], [1, -0.1, "0.5", None, 1e308]),
    "wide_optimizer": (["ftrl", "adagrad", "adam"], ["sgd", None, 1]),
    "deep_optimizer": (["ftrl", "adagrad", "adam"], ["sgd", None, 1]),
    "wide_learning_rate": ([0.5, 1e-19], [0, -1, 1e-60, 1e39, None, "1"]),
    "deep_learning_rate": ([0.1, 1e-19], [0, -1, 1e-60, 1e39, None, "1"]),
    "l1": ([0, 1], [-1, None, "0"]),
    "l2": ([0, 1], [-1e-300, None, []]),
    "batch_size": ([1, 128], [0, -1, 1_048_577, 0.5, 1e19]),
    "epochs": ([1], [0, -1, 1_000_001, 1.5, None]),
    "early_stopping": ([True, False], [0, None, "no"]),
    "patience": ([1, 3], [0, 1_000_001, 2.5]),
    "refit": ([True, False], [0, None]),
    "validation_fraction": ([0, 0.5], [1, -0.1, "0.1", None]),
    "members": ([1, 2], [0, 65, 1.5, None, -(2**63)]),
    "min_count": ([1, 3], [0, -1, 1_000_000_001, "1"]),
    "class_weight": ([None, "balanced", [1, 2]], ["even", [1], [-1, 1], [1, 2, 3], 5, [None, 1]]),
    "n_jobs": ([0, 1], [-1, 1025, 1.5, None]),
    "random_state": ([0, 2**53 - 1], [-1, 2**53, 1.5, None]),
}
BROKEN = [
    "",
    "{",
    "[",
    "[]",
    "null",
    "1",
    '"x"',
    "{]",
    '{"a"}',
    '{"epochs":}',
    '{"epochs":1,}',
    "{} {}",
    '{"epochs":01}',
]
BROKEN += [
    '{"epochs":+1}',
    '{"epochs":NaN}',
    '{"epochs":1e999}',
    '{"a":"\\ud800"}',
    '{"a":"\\x"}',
    "[" * 5000,
    '{"a":' * 5000,
]
BROKEN += ['{"epochs":1,"epochs":2}', "{'epochs':1}", '{"epochs":tru}', '{"epochs":"', "\ufeff{}", '{"epochs":\t1\v}']


def options(draw: Random) -> tuple[bytes, bool, tuple[str, ...]]:
    way = draw.random()
    if way < 0.15:
        text = bytearray(draw.choice(BROKEN).encode("utf-8", "surrogatepass"))
        return bytes(text), True, ("JSON", "options", "epochs", "option")
    chosen = {name: draw.choice(OPTIONS[name][0]) for name in draw.sample(list(OPTIONS), draw.randrange(4))}
    if way < 0.2:
        return json.dumps(chosen).encode(), False, tuple(OPTIONS)
    if way < 0.3:
        name = draw.choice(["epoch", "Epochs", "", "é", "hidden units", "__class__", "a" * 1000])
        return json.dumps({**chosen, name: 1}, ensure_ascii=draw.random() < 0.5).encode(), True, (name or "option",)
    if way < 0.4:
        text = bytearray(json.dumps(chosen or {"epochs": 1}).encode())
        text[draw.randrange(len(text))] = draw.choice([0xFF, 0xC0, 0x80, 0xED])
        return bytes(text), True, ("UTF-8",)
    name = draw.choice(list(OPTIONS))
    chosen[name] = draw.choice(OPTIONS[name][1])
    return json.dumps(chosen, ensure_ascii=draw.random() < 0.5).encode(), True, (name,)
