"""Online learning: what a model has learnt from, whether a log goes on from there, and training on what is new.

A model keeps with it a digest of its log's contents, who clicked, and which records were held out to measure it on.
A log that begins with the same records is a continuation: only what is new is learnt, with a sample of the old beside
it so that that is not forgotten. On anything else (records cleared, changed, put in another order) there is nothing to
go on from.
"""

from __future__ import annotations

import base64
import binascii
import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from ..messages import files
from ..native.model import NativeModel
from . import evaluation
from .impressions import ImpressionClassifier
from .records import ClickLog

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

# For each new record at most so many old ones are replayed.
REPLAYED = 24
# The deep part has taken its large steps; the validation rows of the first training are among the old ones now.
SETTINGS: dict[str, Any] = {"early_stopping": False, "deep_learning_rate": 0.03}
# Of fewer rows the library makes smaller batches. Their gradients are noisier, and the average over one trigger's few
# steps does not even them out: so the steps are smaller too, by the square root of the batch.
WHOLE_BATCHES = 2000


class Further(NamedTuple):
    """What a log has beyond the one a model knows."""

    new: int  # records at its end
    clicks: Rows  # older records that were clicked since
    held_out: Mask  # of the whole log: never trained on
    log: KnownLog  # what to keep once it is learnt


class KnownLog:
    """What a model keeps of the log it was trained on."""

    def __init__(self, digest: str, clicked: Mask, held_out: Mask) -> None:
        self.digest = digest
        self.clicked = clicked
        self.held_out = held_out

    @classmethod
    def of(cls, log: ClickLog, held_out: Mask) -> KnownLog:
        return cls(digests(log, len(log))[0], log.clicked == 1, held_out)

    def to_json(self) -> dict[str, Any]:
        rows, clicked, held_out = len(self.clicked), _packed(self.clicked), _packed(self.held_out)
        return {"rows": rows, "digest": self.digest, "clicked": clicked, "held_out": held_out}

    @classmethod
    def from_json(cls, kept: Any) -> Optional[KnownLog]:
        """None for what `to_json` did not write: a model without one is trained anew."""
        try:
            rows = int(kept["rows"])
            return cls(str(kept["digest"]), _unpacked(kept["clicked"], rows), _unpacked(kept["held_out"], rows))
        except (TypeError, KeyError, ValueError, OverflowError, binascii.Error):
            return None

    def further(self, log: ClickLog) -> Optional[Further]:
        """What is new in a log; None where it is no continuation: then a model has to be trained anew.

        A click that came after its impression was learnt is new (the testbed records the two one after the other); a
        click taken back is a change, and so are late clicks on more than a tenth of the records.
        """
        old = len(self.clicked)
        if len(log) < old:
            return None
        before, after = digests(log, old, len(log))
        if before != self.digest:
            return None
        now = log.clicked[:old] == 1
        late = np.flatnonzero(now & ~self.clicked)
        if (self.clicked & ~now).any() or len(late) > max(10, old // 10):
            return None
        held_out = evaluation.further_split(log.clicked, self.held_out)
        return Further(len(log) - old, late, held_out, KnownLog(after, log.clicked == 1, held_out))


class Lesson(NamedTuple):
    """What a trigger trains on: rows of the log, what is new before what is replayed."""

    rows: Rows
    replayed: Mask


def lesson(further: Further) -> Lesson:
    """What is new outside the held-out records, and a random sample of what is old, the same for the same log."""
    count = len(further.held_out)
    old = count - further.new
    new = np.concatenate([further.clicks, np.arange(old, count)])
    new = new[~further.held_out[new]]
    learnt = ~further.held_out[:old]
    learnt[further.clicks] = False
    known = np.flatnonzero(learnt)
    share = min(REPLAYED * len(new), len(known))
    replayed = np.random.RandomState(count % 2**32).choice(known, share, replace=False)
    return Lesson(np.concatenate([new, replayed]), np.arange(len(new) + share) >= len(new))


def learn(
    classifier: ImpressionClassifier,
    native: NativeModel,
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[Any],
    lesson: Lesson,
) -> ImpressionClassifier:
    """A classifier like this one, of this model trained further on the lesson's rows; both given stay as they are."""
    learnt = copy.copy(classifier)
    learnt._native = copy.deepcopy(native)
    if not len(lesson.rows):
        learnt._publish(learnt._native)
    else:
        learnt.train_further(features, labels, lesson.replayed, settings(classifier, lesson))
    return learnt


def settings(classifier: ImpressionClassifier, lesson: Lesson) -> dict[str, Any]:
    """Of the training on a lesson of at least one row."""
    # Most of the log being new, one epoch is too few for what there is to learn.
    chosen = {**SETTINGS, "epochs": 2 if lesson.replayed.mean() < 0.5 else 1}
    if len(lesson.rows) < WHOLE_BATCHES:
        smaller = (len(lesson.rows) / WHOLE_BATCHES) ** 0.5
        chosen["deep_learning_rate"] *= smaller
        if classifier.wide_learning_rate is not None:
            chosen["wide_learning_rate"] = classifier.wide_learning_rate * smaller
    return chosen


def digests(log: ClickLog, *rows: int) -> list[str]:
    """Of the contents of the first so many records (ascending numbers): what features are made of, not the clicks."""
    columns: list[tuple[Any, Sequence[int]]] = [
        (column, rows) for column in (log.stamps, log.position, log.score, log.doc_length)
    ]
    for texts in (log.query, log.doc_id, log.summary):
        columns += [(texts.codes, rows), (texts.distinct, [texts.used(end) for end in rows])]
    states = [hashlib.blake2b(digest_size=16) for _ in rows]
    for column, ends in columns:
        # The lengths too, so that no text can end where the next begins.
        values, lengths = hashlib.blake2b(digest_size=16), hashlib.blake2b(digest_size=16)
        start = 0
        for state, end in zip(states, ends):
            part = column[start:end]
            if isinstance(part, np.ndarray):
                values.update(part.data)
            else:
                values.update("".join(part).encode("utf-8"))
                lengths.update(np.fromiter(map(len, part), np.int64, len(part)).data)
            state.update(values.digest() + lengths.digest())
            start = end
    return [state.hexdigest() for state in states]


def _packed(mask: Mask) -> str:
    return base64.b64encode(np.packbits(mask).tobytes()).decode("ascii")


def _unpacked(text: Any, rows: int) -> Mask:
    data = np.frombuffer(base64.b64decode(text, validate=True), dtype=np.uint8)
    if rows < 0 or len(data) != (rows + 7) // 8:
        raise ValueError(files.BYTES.format(bytes=len(data), rows=rows))
    return np.unpackbits(data, count=rows).astype(bool)


def notes_of(metadata: Any) -> Mapping[str, Any]:
    """What `CTRModel` keeps with its model file, from the file's text; empty where that is something else's."""
    try:
        notes = json.loads(metadata)
    except (TypeError, ValueError, RecursionError):
        return {}
    return notes if isinstance(notes, dict) else {}
