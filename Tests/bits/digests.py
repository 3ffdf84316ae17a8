"""Digests of what a library answers, without what may differ: times, number of threads, version, the file's format."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from typing import Any

# As members of JSON, and of JSON within a JSON text.
_VARYING = re.compile(rb'(\\?"(?:seconds|rows_per_second|n_jobs|version|format)\\?":)(?:\\?"[^"\\]*\\?"|[^,}\]]*)')
_SECOND_STATE = re.compile(r"optimizer\..*\.2")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def masked(text: bytes) -> bytes:
    return _VARYING.sub(rb"\1_", text)


def of_text(text: bytes) -> str:
    return digest(masked(text))


def of_file(content: bytes) -> dict[str, str]:
    """Of each of a model file's tensors and entries, in their order. Left out are its format and version, and the zeros
    that format 1 has for the second state of an optimiser that keeps one."""
    (length,) = struct.unpack("<Q", content[:8])
    head, data = content[8 : 8 + length], content[8 + length :]
    answer: dict[str, str] = {}
    header: dict[str, Any] = json.loads(head)
    entries = json.loads(header.pop("__metadata__")["ctr_models"])
    for name, value in entries.items():
        answer[f"file's {name}"] = of_text(json.dumps(value, separators=(",", ":")).encode())
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        if _SECOND_STATE.fullmatch(name) and not any(data[begin:end]):
            continue
        kind = f"{tensor['dtype']} {tensor['shape']} ".encode()
        answer[f"tensor {name}"] = digest(kind + data[begin:end])
    del answer["file's version"], answer["file's format"]
    answer["file's order"] = digest("\n".join(answer).encode())
    return answer
