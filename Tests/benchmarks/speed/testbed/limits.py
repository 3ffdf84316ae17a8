"""What the issue of speed asks of the testbed's jobs, and whether it was reached."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from testbed_adapter.lab.compare.run import LR

from ..rounds import Ratio
from .jobs import JUDGED, OURS, Jobs
from .training import exponent

TIMES = 30  # training on JUDGED records, features included, against the host's LR
LINEAR = 1.1  # the exponent: two logs stop at other epochs, which is no growth
FEWEST = 20_000  # records: smaller logs may stop after a few epochs, and what any training costs is much of theirs
BEYOND = 30.0  # µs of predict_ctr beyond the segmentation of its texts


@dataclass(frozen=True)
class Limit:
    about: str
    measured: str
    asked: str
    met: bool

    def row(self) -> tuple[str, str, str]:
        return self.about, self.measured, f"{self.asked} {'✓' if self.met else '✗'}"


def limits(jobs: Jobs) -> list[Limit]:
    """Those that this run can judge: not the LR's time where the LR is not the testbed's own."""
    found = []
    for training in jobs.trainings:
        if training.records == JUDGED and LR in training.seconds and jobs.is_host_lr:
            ratio = Ratio.of(training.seconds[LR], training.seconds[OURS])
            about = f"the LR's training on {JUDGED:,} records ÷ ours"
            found.append(Limit(about, ratio.text(), f"≥ {TIMES} ×", ratio.value >= TIMES))
    large = [training for training in jobs.trainings if training.records >= FEWEST]
    if len(large) > 2:
        records, seconds = [one.records for one in large], [one.median(OURS) or 0.0 for one in large]
        power = exponent(records, seconds)
        by_epoch = exponent(records, [time / (one.epochs(OURS) or 1) for time, one in zip(seconds, large)])
        about = f"training time grows with records to the power of, {records[0]:,} to {records[-1]:,}"
        found.append(Limit(about, f"{power:.2f}; an epoch's {by_epoch:.2f}", f"≤ {LINEAR}", power <= LINEAR))
    beyond = median(round.beyond for round in jobs.serving.predict[OURS])
    about = "`predict_ctr` on new text beyond the segmentation of it"
    found.append(Limit(about, f"{beyond:.1f} µs", f"≤ {BEYOND:g} µs", beyond <= BEYOND))
    again = jobs.serving.segmented_again
    found.append(Limit("texts segmented again", str(again), "0", again == 0))
    return found
