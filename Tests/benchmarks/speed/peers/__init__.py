"""The tools that are measured, a file each. Each runs in a process of its own (`peers/__main__.py`), which imports no
other one."""

from __future__ import annotations

PEERS = {
    "torch": "torch, hand-tuned",
    "deepctr": "DeepCTR-Torch",
    "keras": "Keras",
    "onnx": "ONNX Runtime",
}
