"""The arrays that every tool trains on and predicts: made from a seed, in the shape of a display-advertising log.

13 numbers and 26 categories, as the Criteo logs have them. Each field's ids are drawn by a shifted Zipf law: the id of
rank k has a probability in proportion to (k + SHIFT)^-EXPONENT. So a few ids stand in most rows and most ids stand in a
few, or in none of these rows. Labels are drawn from a planted logistic model, so that a tool that learns can be told
from one that does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

# The fields' numbers of distinct ids in the Criteo Kaggle log (Criteo, 2014), the longest cut off at LONGEST.
_CRITEO = (
    *(1460, 583, 10131227, 2202608, 305, 24, 12517, 633, 3, 93145, 5683, 8351593, 3194),
    *(27, 14992, 5461306, 10, 5652, 2173, 4, 7046547, 18, 15, 286181, 105, 142572),
)
LONGEST = 137_000
VOCABULARY = tuple(min(size, LONGEST) for size in _CRITEO)  # 1,100,000 ids in all, nearly
NUMBERS = 13
EXPONENT = 1.05
SHIFT = 2.0
BINS = 32  # of a number, where it is a field by the ids of its bins
CLICK_RATE = 0.25
ROWS = 196_608  # whole batches of every size that is measured
QUICK_ROWS = 16_384


@dataclass(frozen=True)
class Data:
    """numbers: float32 (rows, 13), of mean 0 and variance 1. ids: int32 (rows, 26), each field's own from 0.
    labels: float32 (rows,), 0 or 1."""

    folder: Path
    numbers: Any
    ids: Any
    labels: Any

    @property
    def rows(self) -> int:
        return len(self.labels)

    @cached_property
    def joint_ids(self) -> Any:
        """int64 (rows, 26): the ids of one table that holds all fields one after the other."""
        return self.ids.astype(np.int64) + offsets()

    @cached_property
    def binned_ids(self) -> Any:
        """int64 (rows, 39): the same with a field for each number, whose ids are its bins: each has as many rows."""
        edges = np.quantile(self.numbers, np.arange(1, BINS) / BINS, axis=0)
        bins = [np.searchsorted(edges[:, number], self.numbers[:, number]) for number in range(NUMBERS)]
        first = sum(VOCABULARY) + BINS * np.arange(NUMBERS)
        return np.concatenate((self.joint_ids, np.stack(bins, 1) + first), 1)

    @property
    def seen(self) -> int:
        """How many of the ids these rows have."""
        return len(np.unique(self.joint_ids))


def offsets() -> Any:
    return np.cumsum([0, *VOCABULARY[:-1]]).astype(np.int64)


def folder(work: Path, quick: bool, seed: int) -> Path:
    return work / f"data-{QUICK_ROWS if quick else ROWS}-{seed}"


def prepared(work: Path, quick: bool, seed: int) -> Data:
    """Those in the folder, or made anew: another process reads them from there."""
    place = folder(work, quick, seed)
    if not _is_current(place):
        _write(place, QUICK_ROWS if quick else ROWS, seed)
    return read(place)


def read(place: Path) -> Data:
    rows = json.loads((place / "law.json").read_text())["rows"]
    return Data(
        place,
        np.fromfile(place / "numbers.f32", np.float32).reshape(rows, NUMBERS),
        np.fromfile(place / "ids.i32", np.int32).reshape(rows, len(VOCABULARY)),
        np.fromfile(place / "labels.f32", np.float32),
    )


def _law(rows: int, seed: int) -> dict[str, Any]:
    return {
        **{"rows": rows, "seed": seed, "numbers": NUMBERS, "fields": len(VOCABULARY)},
        **{"vocabulary": list(VOCABULARY), "exponent": EXPONENT, "shift": SHIFT, "click_rate": CLICK_RATE},
    }


def _is_current(place: Path) -> bool:
    """Whether the folder's arrays are of today's law; the law is written last."""
    law = place / "law.json"
    if not law.is_file():
        return False
    found = json.loads(law.read_text())
    return bool(found == _law(found["rows"], found["seed"]))


def _write(place: Path, rows: int, seed: int) -> None:
    place.mkdir(parents=True, exist_ok=True)
    numbers, ids, labels = generate(rows, seed)
    numbers.tofile(place / "numbers.f32")
    ids.tofile(place / "ids.i32")
    labels.tofile(place / "labels.f32")
    (place / "law.json").write_text(json.dumps(_law(rows, seed)))


def generate(rows: int, seed: int) -> tuple[Any, Any, Any]:
    random = np.random.default_rng(seed)
    numbers = random.standard_normal((rows, NUMBERS)).astype(np.float32)
    ids = np.empty((rows, len(VOCABULARY)), np.int32)
    logit = 0.3 * numbers[:, :4].sum(axis=1) + 0.4 * numbers[:, 0] * numbers[:, 1]
    for field, (drawn, effects) in enumerate(tqdm(_fields(rows, random), "arrays", len(VOCABULARY), leave=False)):
        ids[:, field] = drawn
        logit += effects[drawn]
    logit += np.log(CLICK_RATE / (1 - CLICK_RATE)) - logit.mean()
    labels = (random.random(rows) < 1 / (1 + np.exp(-logit))).astype(np.float32)
    return numbers, ids, labels


def _fields(rows: int, random: Any) -> Iterator[tuple[Any, Any]]:
    """A field's ids, and what each of its ids adds to the logit."""
    for size in VOCABULARY:
        shares = np.cumsum((np.arange(size) + 1 + SHIFT) ** -EXPONENT)
        ranks = np.searchsorted(shares, random.random(rows) * shares[-1])
        # Frequent ids do not lie side by side.
        places = random.permutation(size).astype(np.int32)
        yield places[np.minimum(ranks, size - 1)], 0.25 * random.standard_normal(size)
