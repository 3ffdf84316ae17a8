"""The list of models: names, options with default, range and meaning; and options that a model does not read."""

from __future__ import annotations

import ctypes
import json
import math
from ctypes import byref, c_size_t, c_void_p
from typing import Any

import pytest

from Tests.abi.raw import INVALID_ARGUMENT, OK, SENTINEL, Model, architectures, message

MODELS = ["lr", "fm", "wide_deep", "deepfm", "dcn", "dcn_v2", "dnn"]
# What an option of a type says besides.
ENDS = {"type", "least", "greatest"}
VALUES = {
    "int": ENDS,
    "number": ENDS,
    "share": ENDS,
    "ints": ENDS | {"most"},
    "choice": {"type", "choices"},
    "bool": {"type"},
}
# Those that not every model reads, and who does.
READ_BY = {
    "part": {"wide_deep"},
    "crosses": {"lr", "fm", "wide_deep", "deepfm"},
    "embedding_dim": {"fm", "wide_deep", "deepfm", "dcn", "dcn_v2", "dnn"},
    "hidden_units": {"wide_deep", "deepfm", "dcn", "dcn_v2", "dnn"},
    "dropout": {"wide_deep", "deepfm", "dcn", "dcn_v2", "dnn"},
    "cross_layers": {"dcn", "dcn_v2"},
    "bin_embeddings": {"wide_deep", "dcn", "dcn_v2", "dnn"},
    **{name: {"lr", "fm", "wide_deep", "deepfm"} for name in ("wide_optimizer", "l1", "l2")},
    **{name: {*MODELS} - {"lr"} for name in ("deep_optimizer", "deep_learning_rate", "min_count")},
}


def test_the_list_is_json_with_its_nul(library: ctypes.CDLL) -> None:
    needed = c_size_t()
    assert library.ctr_architectures(None, 0, byref(needed)) == OK
    text = ctypes.create_string_buffer(b"\xa5" * needed.value, needed.value)
    assert library.ctr_architectures(text, needed, byref(needed)) == OK
    assert text.raw.index(b"\0") == needed.value - 1
    listed = json.loads(text.value)
    assert [entry["model"] for entry in listed] == MODELS
    assert len({entry["title"] for entry in listed}) == len(MODELS)
    for entry in listed:
        assert entry.keys() == {"model", "title", "options"} and entry["title"]
        for option in entry["options"]:
            assert option.keys() - VALUES.get(option.get("type"), set()) == {"name", "default", "range", "about"}
            assert option["name"] and option["range"] and option["about"].endswith(".")


def test_each_option_is_listed_where_it_is_read(library: ctypes.CDLL) -> None:
    listed = architectures(library)
    of_all = set.intersection(*(set(options) for options in listed.values()))
    assert {"model", "features", "label", "numeric_bins", "epochs", "members", "random_state"} <= of_all
    for name in set().union(*listed.values()) - of_all:
        assert {model for model, options in listed.items() if name in options} == READ_BY[name], name
    assert not of_all & READ_BY.keys()


@pytest.mark.parametrize("model", MODELS)
def test_every_listed_default_is_accepted_and_is_the_default(model: str, library: ctypes.CDLL) -> None:
    options = {name: option["default"] for name, option in architectures(library)[model].items()}
    assert options["model"] == "wide_deep"
    for name, value in options.items():
        if name != "model":
            Model(library, json.dumps({"model": model, name: value}).encode())
    made = Model(library, json.dumps({**options, "model": model}).encode()).info()["options"]
    assert made == {**options, "model": model}
    assert Model(library, json.dumps({"model": model}).encode()).info()["options"] == made


@pytest.mark.parametrize("model", MODELS)
def test_the_listed_values_are_those_that_are_taken(model: str, library: ctypes.CDLL) -> None:
    def takes(name: str, value: Any) -> bool:
        handle = c_void_p()
        status = library.ctr_model_create(json.dumps({"model": model, name: value}).encode(), byref(handle))
        library.ctr_model_free(handle)
        return status == OK

    for name, option in architectures(library)[model].items():
        kind, least, greatest = option.get("type"), option.get("least"), option.get("greatest")
        if kind == "choice":
            assert name == "model" or all(takes(name, choice) for choice in option["choices"])
            assert not takes(name, "none of them") and not takes(name, 1)
        elif kind == "bool":
            assert takes(name, True) and takes(name, False) and not takes(name, 1)
        elif kind == "ints":
            assert takes(name, [least, greatest]) and not takes(name, [least - 1]) and not takes(name, [greatest + 1])
            assert takes(name, [1] * option["most"]) and not takes(name, [1] * (option["most"] + 1))
        elif kind is not None:
            assert takes(name, least) and takes(name, greatest) and not takes(name, str(least))
            below = least - 1 if kind == "int" else math.nextafter(least, -math.inf)
            above = greatest + 1 if kind == "int" else math.nextafter(greatest, math.inf)
            assert not takes(name, below) and not takes(name, above), name


NOT_READ: list[tuple[dict[str, Any], str]] = [
    ({"model": "fm", "hidden_units": [8]}, "hidden_units"),
    ({"model": "fm", "dropout": 0.5}, "dropout"),
    ({"model": "lr", "embedding_dim": 8}, "embedding_dim"),
    ({"model": "lr", "cross_layers": 2}, "cross_layers"),
    ({"model": "deepfm", "cross_layers": 2}, "cross_layers"),
    ({"cross_layers": 2}, "cross_layers"),
    ({"model": "dcn", "crosses": [["a", "b"]]}, "crosses"),
    ({"model": "dcn_v2", "crosses": [["a", "b"]]}, "crosses"),
    ({"model": "dnn", "crosses": [["a", "b"]]}, "crosses"),
    ({"model": "deepfm", "part": "wide"}, "part"),
    ({"model": "lr", "part": "deep"}, "part"),
    ({"model": "lr", "features": [{"name": "a", "kind": "numeric", "part": "deep"}]}, "'a'"),
    ({"model": "dcn", "features": [{"name": "a", "kind": "numeric", "part": "wide"}]}, "'a'"),
    ({"model": "dcn", "cross_layers": 0}, "cross_layers"),
    ({"model": "dcn_v2", "cross_layers": 17}, "cross_layers"),
    ({"model": "dcn", "cross_layers": 1.5}, "cross_layers"),
]


@pytest.mark.parametrize(("options", "named"), NOT_READ)
def test_what_a_model_does_not_read_is_refused_by_name(
    options: dict[str, Any], named: str, library: ctypes.CDLL
) -> None:
    handle, text = c_void_p(SENTINEL), json.dumps(options).encode()
    assert library.ctr_model_create(text, byref(handle)) == INVALID_ARGUMENT
    assert named in message(library) and handle.value == SENTINEL
    if options.get("cross_layers", 2) == 2:
        assert f'"{options.get("model", "wide_deep")}"' in message(library)
    untrained = Model(library, b"{}")
    assert library.ctr_model_set_options(untrained.handle, text) == INVALID_ARGUMENT
    assert named in message(library) and untrained.info()["options"]["model"] == "wide_deep"


@pytest.mark.parametrize("name", ["nope", "LR", "", 1, None])
def test_a_model_that_there_is_not(name: Any, library: ctypes.CDLL) -> None:
    handle = c_void_p(SENTINEL)
    assert library.ctr_model_create(json.dumps({"model": name}).encode(), byref(handle)) == INVALID_ARGUMENT
    assert json.dumps(name) in message(library)
    assert all(f'"{model}"' in message(library) for model in MODELS)
