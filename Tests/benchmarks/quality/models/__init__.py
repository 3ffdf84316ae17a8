"""The models by key, in the order of the table.

A model's fit(task, seed) trains on the task's training rows and answers with a function for its probabilities of the
test rows, and with notes for results.json. The peers train on one thread, ours as it does by default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..task import Array, Task
from . import boosted, deep_ctr, one_hot, ours, references

OURS, PART, VARIANT, PEER, REFERENCE = "ours", "part", "variant", "peer", "reference"
Fitted = tuple[Callable[[], Array], dict[str, Any]]
MADE_BY_US = (OURS, PART, VARIANT)


@dataclass(frozen=True)
class Model:
    """role: ours; part, of ours alone; variant, ours with more said to it; peer; or reference, which is no contender.

    for_click_logs: it makes sense of click logs only. for_crosses: only of other data sets, as ours crosses query and
    document of a click log by itself."""

    key: str
    name: str
    role: str
    module: Any
    fit: Callable[[Task, int], Fitted]
    for_click_logs: bool = False
    for_crosses: bool = False

    def suits(self, task: Task) -> bool:
        is_click_log = task.impressions is not None
        return (is_click_log or not self.for_click_logs) and not (is_click_log and self.for_crosses)


MODELS = {
    known.key: known
    for known in (
        Model("ours", "Wide & Deep (ours)", OURS, ours, ours.of("wide_deep")),
        Model("wide", "ours, wide only", PART, ours, ours.of("wide")),
        Model("deep", "ours, deep only", PART, ours, ours.of("deep")),
        Model("given", "ours, crosses given", VARIANT, ours, ours.of("wide_deep", given=True), for_crosses=True),
        Model("lr", "one-hot LR", PEER, one_hot, one_hot.of(crosses=False)),
        Model("lr-crosses", "one-hot LR, crosses given", PEER, one_hot, one_hot.of(crosses=True)),
        Model("lightgbm", "LightGBM", PEER, boosted, boosted.fit),
        Model("wdl", "DeepCTR WDL, crosses given", PEER, deep_ctr, deep_ctr.of("WDL", crosses=True)),
        Model("deepfm", "DeepCTR DeepFM", PEER, deep_ctr, deep_ctr.of("DeepFM")),
        Model("dcn", "DeepCTR DCN", PEER, deep_ctr, deep_ctr.of("DCN")),
        Model("testbed-lr", "testbed's LR", REFERENCE, references, references.testbed_lr, for_click_logs=True),
        Model("oracle", "oracle", REFERENCE, references, references.oracle, for_click_logs=True),
    )
}
