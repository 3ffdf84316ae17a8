"""Training time against records, both on logarithmic axes: a straight line at 45° is linear growth."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from testbed_adapter.lab.compare.run import LR

from .jobs import OURS, Jobs


def draw(jobs: Jobs, path: Path) -> bool:
    """False where matplotlib is not there: then nothing is drawn."""
    if importlib.util.find_spec("matplotlib") is None:
        return False
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.add_subplot()
    name = "LR (the testbed's own)" if jobs.is_host_lr else "LR (the adapter's replica)"
    for key, label, colour in ((LR, name, "#c0504d"), (OURS, "ours", "#1f5fa8")):
        taking_part = [training for training in jobs.trainings if key in training.seconds]
        records = [training.records for training in taking_part]
        axes.plot(records, [training.median(key) for training in taking_part], "o-", label=label, color=colour)
        for training in taking_part:
            seconds = training.seconds[key]
            axes.plot([training.records] * len(seconds), seconds, "_", color=colour, alpha=0.5)
    last = jobs.trainings[-1]
    slope = (last.median(OURS) or 0.0) / last.records
    ends = [jobs.trainings[0].records, last.records]
    axes.plot(
        ends, [slope * records for records in ends], "--", color="grey", linewidth=1, label="linear in the records"
    )
    axes.set(xscale="log", yscale="log", xlabel="records", ylabel="train(records), seconds")
    axes.grid(alpha=0.3)
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    return True
