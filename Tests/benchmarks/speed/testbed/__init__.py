"""The testbed's own jobs beside its logistic regression (LR): training end to end, `predict_ctr`, `rank`.

With --testbed DIR the LR is that checkout's own. Without one it is the adapter's replica, whose features our library
computes: its training time is not the testbed's then, and nothing is judged by it.
"""

from __future__ import annotations

from ..section import Result, Section, Settings


def run(settings: Settings) -> Result:
    from . import report
    from .jobs import Jobs

    return report.result(Jobs.done(settings), settings)


SECTION = Section("testbed", "training, predict_ctr and rank in the testbed, beside its logistic regression", run)
