"""Model files that no one should load: bytes changed, and texts and numbers changed with the checksum put right."""

from __future__ import annotations

import json
import pickle
import struct
from random import Random
from typing import Any

import xxhash

START = len(b'{"__metadata__":{"checksum":"')
NUMBERS = [0, -1, 1, 2, 0.5, 1e30, 2**31, 2**32, 2**53, 2**53 - 1, 2**63 - 1024, -(2**63), 1e308, 65536, 4096, 1 << 40]
TEXTS = ["", "F64", "U8", "I32", "é", "a" * 100, "../x", "c0", "categorical", "multi", "numeric", "wide", "deep", "1"]


def sealed(header: bytes, data: bytes) -> bytes:
    header += b" " * (-len(header) % 8)
    zeroed = header[:START] + b"0" * 16 + header[START + 16 :]
    digits = f"{xxhash.xxh64_intdigest(data, xxhash.xxh64_intdigest(zeroed)):016x}".encode()
    return struct.pack("<Q", len(header)) + zeroed[:START] + digits + zeroed[START + 16 :] + data


class Files:
    """Mutants of one good file."""

    def __init__(self, content: bytes) -> None:
        length = struct.unpack("<Q", content[:8])[0]
        self.content, self.data = content, content[8 + length :]
        self.header: dict[str, Any] = json.loads(content[8 : 8 + length])
        self.key = next(key for key in self.header["__metadata__"] if key != "checksum")
        self.described: dict[str, Any] = json.loads(self.header["__metadata__"][self.key])
        self.parts = pickle.dumps((self.header, self.described))

    def mutant(self, draw: Random) -> bytes:
        way = draw.random()
        if way < 0.1:
            return self.content[: draw.randrange(len(self.content))]
        if way < 0.2:
            changed = bytearray(self.content)
            changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
            return bytes(changed)
        header, described = pickle.loads(self.parts)
        data = self.data
        for _ in range(draw.choice([1, 1, 1, 2])):
            if draw.random() < 0.25:
                changed = bytearray(data)
                at = draw.randrange(0, len(changed) - 8, 4)
                odd = [float("nan"), float("inf"), 3e38, -3e38, 1e-45]
                changed[at : at + 4] = draw.choice(
                    [struct.pack("<f", draw.choice(odd)), draw.randbytes(4), b"\xff" * 4]
                )
                data = bytes(changed)
            elif draw.random() < 0.5:
                tensor = draw.choice([key for key in header if key != "__metadata__"])
                inside = header[tensor]
                whole = draw.random() < 0.3 or not isinstance(inside, dict)
                spoil(draw, header, tensor) if whole else spoil_inside(draw, inside)
            else:
                spoil_inside(draw, described)
        header["__metadata__"][self.key] = json.dumps(described, separators=(",", ":"))
        return sealed(json.dumps(header, separators=(",", ":")).encode(), data)


def spoil_inside(draw: Random, value: Any) -> None:
    """One value, somewhere in it, becomes another."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = draw.choice(keys)
        inside = value[key]
        if not isinstance(inside, (dict, list)) or not inside or draw.random() < 0.15:
            return spoil(draw, value, key)
        value = inside


def spoil(draw: Random, value: Any, key: Any) -> None:
    way = draw.randrange(6)
    if way == 0:
        del value[key]
    elif way == 1 and isinstance(value, dict):
        value[draw.choice(TEXTS)] = value.pop(key)
    elif way == 2 and isinstance(value[key], list):
        value[key] = value[key] * 2 if draw.random() < 0.5 else value[key][::-1]
    elif isinstance(value[key], (int, float)) and not isinstance(value[key], bool) and way < 5:
        value[key] = draw.choice([*NUMBERS, value[key] + 1, value[key] - 1, value[key] * 2])
    elif isinstance(value[key], str) and way < 5:
        value[key] = draw.choice(TEXTS)
    else:
        value[key] = draw.choice([None, True, 0, "x", [], {}, [1], [[]], {"a": 1}])
