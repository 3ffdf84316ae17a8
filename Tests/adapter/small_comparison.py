"""One small comparison, by the real models, that the tests of the table and of the report share."""

from __future__ import annotations

import functools

from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.compare.job import Comparison, compare
from testbed_adapter.lab.compare.run import Log, contenders
from testbed_adapter.lab.report.inside import Inside, look_inside

# What a page must not run, whichever field it stands in.
EVIL = '<script>alert("x")</script>'


@functools.cache
def small_comparison() -> Comparison:
    """Two seeds; queries, documents and summaries of the first hold markup."""

    def log(seed: int) -> Log:
        records, probabilities = generate(1_500, seed)
        if seed == 0:
            for record in records:
                record["query"] += EVIL
                record["doc_id"] += "&'" + EVIL
                record["summary"] = EVIL + record["summary"]
        return Log(records, probabilities, seed, "generated " + EVIL)

    return compare([lambda: log(0), lambda: log(1)], contenders(None), lambda stage: None)


@functools.cache
def small_inside() -> Inside:
    """Its Wide & Deep, opened up."""
    found = look_inside(small_comparison().run)
    assert found is not None
    return found
