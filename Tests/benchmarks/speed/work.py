"""What is measured: the models' sizes, batches, and what the issue of speed asks for."""

from __future__ import annotations

from dataclasses import dataclass, field

from .data import NUMBERS, VOCABULARY

FIELDS = len(VOCABULARY)


@dataclass(frozen=True)
class Work:
    """A training. peers: who takes part beside ours, by `peers.PEERS`. aims: how many times a peer's rows a second ours
    is to have."""

    name: str
    batch: int
    hidden: tuple[int, ...]
    dimension: int
    peers: tuple[str, ...]
    aims: dict[str, float] = field(default_factory=dict)
    # Whole epochs, and the log loss after two of them beside one another.
    judged: bool = False

    @property
    def about(self) -> str:
        return f"batch {self.batch:,}, {'-'.join(map(str, self.hidden))}, dim {self.dimension}"

    @property
    def products(self) -> int:
        """Multiplications of the deep part's matrices a row."""
        return self._products(FIELDS)

    @property
    def multiplied(self) -> float:
        """The share of them that ours does in training: what fields of few ids add to the first layer it looks up
        (Sources/CTRNetwork/Lookup/LookupChoice.swift; two ids more are those missing and unknown)."""
        return self._products(sum(size + 2 > self.batch // 8 for size in VOCABULARY)) / self.products

    def _products(self, fields: int) -> int:
        widths = (fields * self.dimension + NUMBERS, *self.hidden, 1)
        return sum(above * below for above, below in zip(widths, widths[1:]))

    @property
    def training_flops(self) -> int:
        """A row: forward, and backward to the weights and to the inputs; a multiplication and an addition each."""
        return 6 * self.products

    @property
    def prediction_flops(self) -> int:
        return 2 * self.products


MIDDLE = Work(
    name="2048",
    batch=2048,
    hidden=(256, 128, 64),
    dimension=16,
    peers=("torch", "deepctr", "keras"),
    aims={"torch": 1.8, "deepctr": 4, "keras": 4},
    judged=True,
)
SMALL = Work(
    name="64",
    batch=64,
    hidden=(128, 64, 32),
    dimension=16,
    peers=("torch", "deepctr", "keras"),
    aims={"torch": 4, "deepctr": 4, "keras": 4},
)
LARGE = Work(
    name="4096",
    batch=4096,
    hidden=(1024, 512, 256),
    dimension=32,
    peers=("torch", "keras"),
    aims={"torch": 1.15, "keras": 1.5},
)
TRAININGS = (MIDDLE, SMALL, LARGE)

# Predictions are MIDDLE's.
PREDICTIONS = (200, 2048, 16384)
PREDICTION_AIMS = {"torch": 1.3, "onnx": 1.3}
ROW_AIM = 0.8  # of ONNX Runtime's time
