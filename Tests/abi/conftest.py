"""A small click log, and a model trained on it once for the whole run."""

from __future__ import annotations

import ctypes
import random
from ctypes import byref, c_double

import pyarrow as pa
import pytest

from Tests.abi.raw import IMPRESSION_FEATURES, LIBRARY, OK, Exported, Model, deserialize, load_library

OPTIONS = b"""{
 "features": [{"name": "query", "kind": "categorical"}, {"name": "doc_id", "kind": "categorical"},
  {"name": "query_words", "kind": "multi"}, {"name": "position", "kind": "numeric"},
  {"name": "score", "kind": "numeric"}],
 "crosses": [["query", "doc_id"]], "label": "clicked", "hidden_units": [8], "embedding_dim": 4, "batch_size": 64,
 "epochs": 3, "min_count": 1, "random_state": 5}"""


def click_log(rows: int = 400, seed: int = 1) -> pa.RecordBatch:
    """Impressions of a few queries and documents; early positions and three pairs get the clicks."""
    draw = random.Random(seed)
    columns: dict[str, list[object]] = {name: [] for name in IMPRESSION_SCHEMA.names}
    for row in range(rows):
        query, document, position = draw.randrange(5), draw.randrange(7), draw.randrange(1, 11)
        likely = 0.7 if position < 4 or (query, document) in ((0, 1), (2, 3), (4, 6)) else 0.1
        values = {
            "query": f"查询 {query}",
            "query_words": ["查询", str(query)],
            "doc_id": f"doc_{document}",
            "summary": f"摘要 {document} 查询",
            "summary_words": ["摘要", str(document), "查询"],
            "position": position,
            "doc_length": 10 + document,
            "score": draw.random(),
            "timestamp": f"2025-01-01T00:{row // 60:02}:{row % 60:02}",
            "clicked": int(draw.random() < likely),
        }
        for name, value in values.items():
            columns[name].append(value)
    return pa.RecordBatch.from_pydict(columns, schema=IMPRESSION_SCHEMA)


IMPRESSION_SCHEMA = pa.schema(
    {
        "query": pa.utf8(),
        "query_words": pa.list_(pa.utf8()),
        "doc_id": pa.utf8(),
        "summary": pa.utf8(),
        "summary_words": pa.list_(pa.utf8()),
        "position": pa.int64(),
        "doc_length": pa.int64(),
        "score": pa.float64(),
        "timestamp": pa.utf8(),
        "clicked": pa.int8(),
    }
)


@pytest.fixture(scope="session")
def library() -> ctypes.CDLL:
    if not LIBRARY.is_file():
        pytest.fail(f"{LIBRARY} is not there: run make library")
    return load_library()


@pytest.fixture(scope="session")
def batch() -> pa.RecordBatch:
    return click_log()


@pytest.fixture(scope="session")
def table(batch: pa.RecordBatch) -> Exported:
    return Exported(batch)


@pytest.fixture
def untrained(library: ctypes.CDLL) -> Model:
    return Model(library, OPTIONS)


@pytest.fixture(scope="session")
def trained(library: ctypes.CDLL, table: Exported) -> Model:
    """Tests must leave it as it is: each may compare with its predictions."""
    return Model(library, OPTIONS).train(table)


@pytest.fixture
def copy_of_trained(trained: Model) -> Model:
    """One that a test may change."""
    copy = Model(trained.library)
    assert deserialize(copy.library, trained.serialize(), byref(copy.handle)) == OK
    return copy


@pytest.fixture(scope="session")
def feature_table(library: ctypes.CDLL, table: Exported, batch: pa.RecordBatch) -> Exported:
    """The click log's impression features, by the column names ctr_model_predict_ctr looks for, and its label."""
    model, features = Model(library, b"{}"), (c_double * (table.rows * IMPRESSION_FEATURES))()
    model.ok("ctr_model_extract_features", model.handle, *table.both, features, table.rows)
    columns = {f"x{index}": pa.array(features[index::IMPRESSION_FEATURES]) for index in range(IMPRESSION_FEATURES)}
    return Exported(pa.RecordBatch.from_pydict({**columns, "clicked": batch.column("clicked")}))


@pytest.fixture(scope="session")
def impression_model(library: ctypes.CDLL, table: Exported, feature_table: Exported) -> Model:
    """Trained on the features, with the click history: what ctr_model_predict_ctr wants."""
    model = Model(library, b'{"epochs": 2, "hidden_units": [8], "label": "clicked", "random_state": 5}')
    model.train(feature_table)
    zeros, ones = (c_double * 12)(), (c_double * 12)(*[1.0] * 12)
    model.ok("ctr_model_set_history", model.handle, *table.both, zeros, ones, 12)
    return model
