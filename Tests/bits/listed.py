"""The table: each choice that training, prediction or the file can take, on a data set where it matters."""

from __future__ import annotations

from typing import Any

from testbed_adapter.host.impressions import impression_schema

from .case import Case

# Where more members would say nothing more.
_ONE: dict[str, Any] = {"members": 1}
_FEATURES = [
    {"name": "tags", "kind": "multi", "part": "both"},
    {"name": "several", "kind": "multi", "part": "wide", "columns": ["few", "item"]},
    {"name": "age", "kind": "numeric", "part": "both"},
    {"name": "age again", "kind": "categorical", "part": "deep", "columns": ["age"]},
    {"name": "many", "kind": "categorical", "part": "both"},
    {"name": "amount", "kind": "numeric", "part": "wide"},
    {"name": "flag", "kind": "categorical", "part": "deep"},
    {"name": "noise", "kind": "numeric", "part": "deep"},
]


def _slot() -> dict[str, Any]:
    """The options of the testbed's slots."""
    schema = impression_schema()
    return {
        **{"features": schema.features, "crosses": schema.crosses, "label": "clicked"},
        **{"random_state": 42, "hidden_units": [64, 32], "members": 1, "wide_learning_rate": 0.3},
    }


CASES: dict[str, Case] = {
    case.name: case
    for case in (
        Case("made", "default"),
        Case("made", "another seed", {"random_state": 7}),
        Case("made", "one member", _ONE),
        Case("made", "two members", {"members": 2}),
        Case("made", "wide only", {"part": "wide"}),
        Case("made", "deep only", {"part": "deep"}),
        Case("made", "wide only, given crosses", {"part": "wide", "crosses": [["few", "item"]], **_ONE}),
        Case("made", "no hidden layer", {"hidden_units": [], **_ONE}),
        Case("made", "one hidden layer", {"hidden_units": [16], **_ONE}),
        Case("made", "two hidden layers", {"hidden_units": [64, 32], **_ONE}),
        Case("made", "odd sizes", {"hidden_units": [33, 7, 1], "embedding_dim": 5, "batch_size": 100, **_ONE}),
        Case("made", "wide AdaGrad", {"wide_optimizer": "adagrad", **_ONE}),
        Case("made", "wide Adam", {"wide_optimizer": "adam", "wide_learning_rate": 0.01, **_ONE}),
        Case("made", "deep Adam", {"deep_optimizer": "adam", "deep_learning_rate": 0.003, **_ONE}),
        Case("made", "deep FTRL", {"deep_optimizer": "ftrl", **_ONE}),
        Case("made", "embeddings of 8", {"embedding_dim": 8, **_ONE}),
        Case("made", "embeddings of 1", {"embedding_dim": 1, **_ONE}),
        Case("made", "no dropout", {"dropout": 0, **_ONE}),
        Case("made", "dropout of a half", {"dropout": 0.5, **_ONE}),
        Case("made", "batches of 64", {"batch_size": 64, **_ONE}),
        Case("made", "batches of 512", {"batch_size": 512, **_ONE}),
        Case("made", "batches of 1", {"batch_size": 1, "epochs": 1, "crosses": [], **_ONE}),
        Case("made", "one batch", {"batch_size": 4096, "epochs": 4, **_ONE}),
        Case("made", "no crosses", {"crosses": [], **_ONE}),
        Case(
            "made", "given crosses", {"crosses": [["few", "item"], ["flag", "age", "many"], ["noise", "few"]], **_ONE}
        ),
        Case("made", "no early stopping", {"early_stopping": False, "epochs": 4}),
        Case("made", "no validation", {"validation_fraction": 0, "early_stopping": False, "epochs": 3, **_ONE}),
        Case("made", "no refit", {"refit": False}),
        Case("made", "balanced classes", {"class_weight": "balanced", **_ONE}),
        Case("made", "class weights", {"class_weight": [0.25, 4], **_ONE}),
        Case("made", "l1", {"l1": 0.5, "l2": 0, **_ONE}),
        Case("made", "weight column", {"weight": "weight", **_ONE}),
        Case("made", "time column", {"time": "time"}),
        Case("made", "rare categories kept", {"min_count": 1, **_ONE}),
        Case("made", "many categories rare", {"min_count": 20, **_ONE}),
        Case("made", "one bin", {"numeric_bins": 1, **_ONE}),
        Case("made", "few bins", {"numeric_bins": 5, **_ONE}),
        Case("made", "no bin embeddings", {"bin_embeddings": False, **_ONE}),
        Case("made", "given features", {"features": _FEATURES, "crosses": [["many", "age"]]}),
        Case("made", "continued", {}, further={}),
        Case("made", "continued, wide only", {"part": "wide", "min_count": 1}, further={}),
        Case("made", "continued, Adam", {"deep_optimizer": "adam", "deep_learning_rate": 0.003, **_ONE}, further={}),
        Case("made", "continued, other rates", _ONE, further={"deep_learning_rate": 0.02, "l2": 5, "epochs": 2}),
        Case("made", "continued with replay", {}, further={"replay": "old"}),
        Case("impressions", "the testbed's slot", _slot()),
        Case("impressions", "the slot, continued with replay", _slot(), further={"replay": "old"}),
        Case("clicks", "all columns", {"label": "clicked", "hidden_units": [32], **_ONE}),
        Case("adult", "default"),
        Case(
            "adult", "large batches", {"batch_size": 2048, "hidden_units": [256, 128, 64], "embedding_dim": 16, **_ONE}
        ),
    )
}
