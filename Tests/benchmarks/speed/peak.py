"""The limit of matrix products alone: the peak of our own, and that of torch's BLAS."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .child import Child


@dataclass
class Peak:
    """Floating-point operations a second of all cores together, the best that was seen."""

    ours: float = 0.0
    torch: float = 0.0
    kernels: str = ""

    def measure(self, swift: Child, torch: Child) -> None:
        """Once more: between the rounds of a section, as the machine may be busy at times."""
        found = swift.ask("gemm")
        self.ours, self.kernels = max(self.ours, found["all_cores"]), found["kernels"]
        self.torch = max(self.torch, torch.ask("gemm")["all_cores"])

    def rows(self, flops: int) -> float:
        """Rows a second if there were nothing but those operations, by the faster of the two; 0 without any."""
        return max(self.ours, self.torch) / flops if flops else 0.0

    def text(self) -> str:
        return (
            f"Peak of single-precision matrix products on all cores: {self.ours / 1e9:.0f} GFLOP/s by our loops "
            f"({self.kernels}), {self.torch / 1e9:.0f} GFLOP/s by torch's BLAS."
        )

    def json(self) -> dict[str, Any]:
        return asdict(self)
