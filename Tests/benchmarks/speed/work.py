"""What is measured: the models' sizes, batches, and what the issue of speed asks for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .data import BINS, NUMBERS, VOCABULARY
from .peers.variants import VARIANTS

FIELDS = len(VOCABULARY)
WIDE_DEEP = "wide_deep"
TITLES = {"lr": "LR", "fm": "FM", "deepfm": "DeepFM", "dcn": "DCN", "dcn_v2": "DCN v2"}


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
    model: str = WIDE_DEEP
    cross_layers: int = 0
    # Whether the numbers are fields, too, by the ids of their bins.
    binned: bool = False
    # In which ours takes part, of `peers.variants`.
    variants: tuple[str, ...] = VARIANTS[:1]

    @property
    def about(self) -> str:
        parts = [TITLES[self.model]] if self.model in TITLES else []
        parts.append(f"batch {self.batch:,}")
        if self.hidden:
            parts.append("-".join(map(str, self.hidden)))
        if self.dimension:
            parts.append(f"dim {self.dimension}")
        if self.cross_layers:
            parts.append(f"{self.cross_layers} cross layers")
        return ", ".join(parts)

    @property
    def fields(self) -> int:
        return FIELDS + (NUMBERS if self.binned else 0)

    @property
    def ids(self) -> int:
        """Rows of one table for all fields."""
        return sum(VOCABULARY) + (NUMBERS * BINS if self.binned else 0)

    @property
    def inputs(self) -> int:
        """Embeddings and numbers side by side."""
        return self._inputs(self.fields)

    @property
    def products(self) -> int:
        """Multiplications of the layers' matrices a row."""
        crossed = self.cross_layers * self.inputs**2 if self.model == "dcn_v2" else 0
        return crossed + self._products(self.inputs)

    @property
    def multiplied(self) -> float:
        """The share of them that ours does in training, of Wide & Deep: what fields of few ids add to the first layer
        it looks up (Sources/CTRNetwork/Lookup/LookupChoice.swift; two ids more are those missing and unknown)."""
        many = sum(size + 2 > self.batch // 8 for size in VOCABULARY)
        return self._products(self._inputs(many)) / self.products

    def _inputs(self, fields: int) -> int:
        return fields * self.dimension + (0 if self.binned else NUMBERS)

    def _products(self, inputs: int) -> int:
        widths = (inputs, *self.hidden, 1) if self.hidden else ()
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
    variants=VARIANTS,
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

# The models beside Wide & Deep. Those that multiply pairs of fields, and LR beside them, have the numbers as fields.
_OTHER = replace(MIDDLE, peers=("torch",), aims={"torch": 1.8}, variants=VARIANTS[:1])
MODELS = (
    replace(_OTHER, name="lr", model="lr", hidden=(), dimension=0, binned=True),
    replace(_OTHER, name="fm", model="fm", hidden=(), binned=True),
    replace(_OTHER, name="deepfm", model="deepfm", binned=True),
    replace(_OTHER, name="dcn", model="dcn", cross_layers=3),
    replace(_OTHER, name="dcn_v2", model="dcn_v2", cross_layers=3),
)

# Predictions are MIDDLE's.
PREDICTIONS = (200, 2048, 16384)
PREDICTION_AIMS = {"torch": 1.3, "onnx": 1.3}
ROW_AIM = 0.8  # of ONNX Runtime's time
