"""Pattern 8: a prediction for each candidate of a page, then sorted."""

from __future__ import annotations

import sys
import time
from types import ModuleType, SimpleNamespace
from typing import Any

from .checks import check
from .host import Host, Record

Found = list[tuple[str, float, str]]


@check(8, "rank", "IndexService.rank(sort_mode='ctr'): 10 and 1,000 candidates")
def rank(host: Host) -> None:
    """The search behind it is a list; Tests/host/test_rank.py has a real index."""
    service = host.trained(host.some)
    manager: Any = ModuleType("search_engine.service_manager")  # the host's own wants an image search, torch and all
    manager.service_manager = SimpleNamespace(model_service=service)
    sys.modules[manager.__name__] = manager
    kind = host.module("index_service").IndexService
    query = host.log[0]["query"]
    for count in (10, 1000):
        found = candidates(host.log, count)
        index = kind.__new__(kind)
        index.index_service = SimpleNamespace(search=lambda query, top_k, found=found: found[:top_k])
        doc_ids = [doc_id for doc_id, _, _ in found]
        times = []
        for number in range(6):
            # Once with a new query, whose words nobody has counted, then five times again.
            start = time.perf_counter()
            ranked = index.rank(query + str(count), doc_ids, top_k=count, sort_mode="ctr", model_type=host.slot)
            times.append(time.perf_counter() - start)
            assert len(ranked) == count, number
        host.figure(f"{count:,} candidates, ms", 1000 * times[0], "low", 1)
        host.figure(f"{count:,} candidates again, ms", 1000 * min(times[1:]), "low", 1)

        own = {}
        for position, (doc_id, score, summary) in enumerate(found, 1):
            own[doc_id] = float(service.ctr_model.predict_ctr(query + str(count), doc_id, position, score, summary))
        assert [row[0] for row in ranked] == sorted(doc_ids, key=lambda doc_id: -own[doc_id])
        assert all(row[2] == own[row[0]] for row in ranked)
        if host.ours:
            assert len(set(own.values())) > count // 2 and all(0 < value < 1 for value in own.values())


def candidates(log: list[Record], count: int) -> Found:
    """Documents of the log in the order of their scores, and as many more as it takes, that nobody has seen."""
    documents = list({record["doc_id"]: record["summary"] for record in log}.items())
    found = []
    for number in range(count):
        doc_id, summary = documents[number % len(documents)]
        copy = number // len(documents)
        found.append((f"{doc_id}-{copy}" if copy else doc_id, 1 / (number + 1), summary + "。" * copy))
    return found
