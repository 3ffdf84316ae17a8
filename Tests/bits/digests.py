"""Digests of what a library answers, without what may differ from run to run: times, version and number of threads."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from typing import Any

# As members of JSON, and of JSON within a JSON text.
_VARYING = re.compile(rb'(\\?"(?:seconds|rows_per_second|n_jobs|version)\\?":)(?:\\?"[^"\\]*\\?"|[^,}\]]*)')
_CHECKSUM = re.compile(rb'(\{"__metadata__":\{"checksum":")[0-9a-f]{16}')


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def masked(text: bytes) -> bytes:
    return _VARYING.sub(rb"\1_", text)


def of_text(text: bytes) -> str:
    return digest(masked(text))


def of_file(content: bytes) -> dict[str, str]:
    """Of a model file as a whole, and of each of its tensors and entries, to tell what differs. Left out of the header
    are its checksum and its length, which go with the figures in it."""
    (length,) = struct.unpack("<Q", content[:8])
    head, data = content[8 : 8 + length], content[8 + length :]
    text = _CHECKSUM.sub(rb"\1_", masked(head)).rstrip(b" ")
    answer = {"file": digest(text + data)}
    header: dict[str, Any] = json.loads(head)
    entries = json.loads(header.pop("__metadata__")["ctr_models"])
    for name, value in entries.items():
        answer[f"file's {name}"] = of_text(json.dumps(value, separators=(",", ":")).encode())
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        kind = f"{tensor['dtype']} {tensor['shape']} ".encode()
        answer[f"tensor {name}"] = digest(kind + data[begin:end])
    del answer["file's version"]
    return answer
