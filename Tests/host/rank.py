"""Run inside the real testbed by test_rank.py: ranks candidates of a real index by CTR, and says what came out.

python Tests/host/rank.py TESTBED, in an empty folder; CTR_MODEL says whose models. The last line it prints is JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# In this folder's place on the path: it holds a miniature search_engine, which would win over the real one.
sys.path[:1] = [str(ROOT), os.path.join(sys.argv[1], "src")]

import testbed_adapter  # noqa: E402
from testbed_adapter.commands import page  # noqa: E402
from testbed_adapter.lab import clicklog  # noqa: E402

SWITCHED = testbed_adapter.install()

from Tests.host import stand_ins  # noqa: E402

page.do_without_image_search()
stand_ins.replace_graph()

from search_engine.index_service import IndexService  # noqa: E402
from search_engine.index_tab import InvertedIndexService  # noqa: E402
from search_engine.service_manager import service_manager  # noqa: E402

SLOTS = ("logistic_regression", "wide_and_deep") if SWITCHED else ("logistic_regression",)
RECORDS, CANDIDATES = 2_000, (10, 1_000)


def documents(log: list[dict[str, Any]], queries: list[str]) -> dict[str, str]:
    """1,000 documents that have the queries' words, the log's own first, and as many that do not."""
    summaries = sorted({record["doc_id"]: record["summary"] for record in log}.items())
    texts = {}
    for number in range(CANDIDATES[-1]):
        variant, which = divmod(number, len(summaries))
        doc_id, summary = summaries[which]
        other = summaries[(which * 7 + variant * 13) % len(summaries)][1]
        texts[f"{doc_id}_{variant}" if variant else doc_id] = f"{summary}{other * variant}{'，'.join(queries)}。"
        texts[f"none_{number}"] = f"第{number}篇"
    return texts


def built_index(texts: dict[str, str]) -> IndexService:
    """The testbed's way: it indexes data/preloaded_documents.json, and loads models/index_data.json from then on.
    (Without that file IndexService would build one inside the checkout.)"""
    Path("data").mkdir()
    Path("data/preloaded_documents.json").write_text(json.dumps({"documents": texts}, ensure_ascii=False), "utf-8")
    assert InvertedIndexService().save_index()
    return IndexService()


def ranked(index: IndexService, query: str, slot: str, count: int) -> dict[str, Any]:
    """rank(), twice: with texts that the model sees for the first time, and again; and the model's own answers."""
    doc_ids = index.retrieve(query, count)
    seconds, results = [], []
    for _ in range(2):
        start = time.perf_counter()
        results.append(index.rank(query, doc_ids, top_k=count, sort_mode="ctr", model_type=slot))
        seconds.append(time.perf_counter() - start)
    model = service_manager.model_service.get_model_instance(slot)
    own = {}
    for position, (doc_id, score, summary) in enumerate(index.search(query, count), 1):
        own[doc_id] = model.predict_ctr(query, doc_id, position, score, summary)
    return {
        "candidates": doc_ids,
        "results": [[[row[0], float(row[2]).hex()] for row in result] for result in results],
        "own": {doc_id: float(probability).hex() for doc_id, probability in own.items()},
        "seconds": seconds,
    }


def main() -> None:
    log, _ = clicklog.generate(RECORDS)
    # A query for each slot: summaries have it highlighted, so that neither slot has seen the other's texts.
    queries = list(dict.fromkeys(record["query"] for record in log))[: len(SLOTS)]
    index = built_index(documents(log, queries))
    service_manager.data_service.ctr_data = log
    said: dict[str, Any] = {}
    for slot, query in zip(SLOTS, queries):
        service = service_manager.model_service
        assert service.switch_model(slot)
        result = service.train_model(service_manager.data_service)
        assert result["success"], result
        said[slot] = {"class": type(service.ctr_model).__module__}
        said[slot].update({str(count): ranked(index, query, slot, count) for count in CANDIDATES})
    print("\n" + json.dumps(said))


main()
