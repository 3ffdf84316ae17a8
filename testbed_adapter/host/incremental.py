"""Online learning: what a model was trained on, whether a log goes on from there, and training on what is new.

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
from collections.abc import Sequence
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from ..messages import files
from ..native.architectures import read_by
from ..native.model import NativeModel
from . import evaluation
from .evaluation import Mask, Rows
from .impressions import ImpressionClassifier
from .records import ClickLog

# For each new record at most so many old ones are replayed.
REPLAYED = 24
# The deep part has taken its large steps; the validation rows of the first training are among the old ones now.
OPTIONS: dict[str, Any] = {"early_stopping": False, "deep_learning_rate": 0.03}
# Of fewer rows the library makes smaller batches. Their gradients are noisier, and the average over one trigger's few
# steps does not even them out: so the steps are smaller too, by the square root of the batch.
WHOLE_BATCHES = 2000


class Growth(NamedTuple):
    """What a log has beyond the one that a model was trained on."""

    new: int  # records at its end
    late_clicks: Rows  # older records that were clicked since
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
        return cls(digest(log, len(log)), log.clicked == 1, held_out)

    def to_json(self) -> dict[str, Any]:
        rows, clicked, held_out = len(self.clicked), _packed(self.clicked), _packed(self.held_out)
        return {"rows": rows, "digest": self.digest, "clicked": clicked, "held_out": held_out}

    @classmethod
    def from_json(cls, text: Any) -> Optional[KnownLog]:
        """None for what `to_json` did not write: a model without one is trained anew."""
        try:
            rows = int(text["rows"])
            return cls(str(text["digest"]), _unpacked(text["clicked"], rows), _unpacked(text["held_out"], rows))
        except (TypeError, KeyError, ValueError, OverflowError, binascii.Error):
            return None

    def growth(self, log: ClickLog) -> Optional[Growth]:
        """What is new in a log; None where it is no continuation: then a model has to be trained anew.

        A click that came after its impression was learnt is new (the testbed records the two one after the other); a
        click taken back is a change, and so are late clicks on more than a tenth of the records.
        """
        old = len(self.clicked)
        if len(log) < old or digest(log, old) != self.digest:
            return None
        now = log.clicked[:old] == 1
        late = np.flatnonzero(now & ~self.clicked)
        if (self.clicked & ~now).any() or len(late) > max(10, old // 10):
            return None
        held_out = evaluation.grown_split(log.clicked, self.held_out)
        return Growth(len(log) - old, late, held_out, KnownLog.of(log, held_out))


class TrainingRows(NamedTuple):
    """What a trigger trains on: rows of the log, what is new before what is replayed."""

    rows: Rows
    replayed: Mask


def rows_to_train(growth: Growth) -> TrainingRows:
    """What is new outside the held-out records, and a random sample of what is old, the same for the same log."""
    count = len(growth.held_out)
    old = count - growth.new
    new = np.concatenate([growth.late_clicks, np.arange(old, count)])
    new = new[~growth.held_out[new]]
    learnt = ~growth.held_out[:old]
    learnt[growth.late_clicks] = False
    known = np.flatnonzero(learnt)
    share = min(REPLAYED * len(new), len(known))
    replayed = np.random.RandomState(count % 2**32).choice(known, share, replace=False)
    return TrainingRows(np.concatenate([new, replayed]), np.arange(len(new) + share) >= len(new))


def continue_training(
    classifier: ImpressionClassifier,
    native: NativeModel,
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[Any],
    part: TrainingRows,
) -> ImpressionClassifier:
    """A classifier like this one, of this model trained further on those rows; both given stay as they are."""
    model = copy.copy(classifier)
    model._native = copy.deepcopy(native)
    if len(part.rows):
        model.train_further(features, labels, part.replayed, training_options(classifier, part))
    else:
        model._publish(model._native)
    return model


def training_options(classifier: ImpressionClassifier, part: TrainingRows) -> dict[str, Any]:
    """Of the training on at least one row."""
    # Most of the log being new, one epoch is too few for what there is to learn.
    options = {**OPTIONS, "epochs": 2 if part.replayed.mean() < 0.5 else 1}
    if len(part.rows) < WHOLE_BATCHES:
        smaller = (len(part.rows) / WHOLE_BATCHES) ** 0.5
        options["deep_learning_rate"] *= smaller
        if classifier.wide_learning_rate is not None:
            options["wide_learning_rate"] = classifier.wide_learning_rate * smaller
    return read_by(classifier.model, options)


def digest(log: ClickLog, rows: int) -> str:
    """Of the contents of the first so many records: what features are made of, not the clicks."""
    state = hashlib.blake2b(digest_size=16)
    for column in (log.stamps, log.position, log.score, log.doc_length):
        state.update(_digest(column[:rows]))
    for texts in (log.query, log.doc_id, log.summary):
        state.update(_digest(texts.codes[:rows]) + _digest(texts.distinct[: texts.used(rows)]))
    return state.hexdigest()


def _digest(values: Union[npt.NDArray[Any], Sequence[str]]) -> bytes:
    content, lengths = hashlib.blake2b(digest_size=16), hashlib.blake2b(digest_size=16)
    if isinstance(values, np.ndarray):
        content.update(values.data)
    else:  # the lengths too, so that no text can end where the next begins
        content.update("".join(values).encode("utf-8"))
        lengths.update(np.fromiter(map(len, values), np.int64, len(values)).data)
    return content.digest() + lengths.digest()


def _packed(mask: Mask) -> str:
    return base64.b64encode(np.packbits(mask).tobytes()).decode("ascii")


def _unpacked(text: Any, rows: int) -> Mask:
    data = np.frombuffer(base64.b64decode(text, validate=True), dtype=np.uint8)
    if rows < 0 or len(data) != (rows + 7) // 8:
        raise ValueError(files.BYTES.format(bytes=len(data), rows=rows))
    return np.unpackbits(data, count=rows).astype(bool)
