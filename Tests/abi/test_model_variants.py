"""Files of each model whose parts do not fit together, or are another model's: refused by name, no end is passed."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Iterator
from typing import Any, Callable

import numpy as np
import pytest

from Tests.abi.conftest import OPTIONS
from Tests.abi.raw import Exported, Model, architectures
from Tests.abi.test_architectures import MODELS
from Tests.abi.test_file_variants import Tensors, blocks, loaded, rebuilt, refused

Change = Callable[[Tensors, dict[str, Any]], None]
MODELS_BESIDE = [model for model in MODELS if model != "wide_deep"]
FEATURES = ["query", "doc_id", "query_words", "position", "score"]


@pytest.fixture(scope="module")
def trained_of(library: ctypes.CDLL, table: Exported) -> Callable[[str], Model]:
    """A model of two members, trained once for all tests of this file, which leave it as it is."""
    made: dict[str, Model] = {}

    def trained(model: str) -> Model:
        if model not in made:
            given = {**json.loads(OPTIONS), "model": model, "members": 2, "epochs": 1, "n_jobs": 1}
            reads = architectures(library)[model]
            text = json.dumps({name: value for name, value in given.items() if name in reads})
            made[model] = Model(library, text.encode()).train(table)
        return made[model]

    return trained


def reshaped(tensors: Tensors, name: str, shape: tuple[int, ...]) -> None:
    """A block of weights with its optimiser's state."""
    for block in blocks(tensors, name):
        tensors[block] = np.resize(tensors[block], shape)


def near(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    yield from ((), (*shape, 1), (shape[0], 4096))
    for at, size in enumerate(shape):
        for other in {0, size - 1, size + 1, 2 * size} - {size}:
            yield (*shape[:at], other, *shape[at + 1 :])
    if shape[::-1] != shape:
        yield shape[::-1]


@pytest.mark.parametrize("model", MODELS_BESIDE)
def test_each_block_of_another_shape(model: str, trained_of: Callable[[str], Model]) -> None:
    trained, found = trained_of(model), []
    rebuilt(trained.serialize(), lambda tensors, description: found.append({k: v.shape for k, v in tensors.items()}))
    shapes = {name: shape for name, shape in found[0].items() if f"optimizer.{name}.1" in found[0]}
    assert any(name.startswith("members.1.") for name in shapes)
    for name, shape in shapes.items():
        # The further member's are checked as the first one's are.
        for other in list(near(shape))[: 3 if name.startswith("members.") else None]:

            def change(tensors: Tensors, description: dict[str, Any], name: str = name, other: Any = other) -> None:
                reshaped(tensors, name, other)

            assert name in refused(trained, change), (name, shape, other)


@pytest.mark.parametrize("prefixes", [("",), ("members.1.",), ("", "members.1.")])
@pytest.mark.parametrize("width", [1, 3, 8, 4096])
@pytest.mark.parametrize("features", [["doc_id"], ["position"], FEATURES])
@pytest.mark.parametrize("model", ["fm", "deepfm"])
def test_factors_of_other_widths(
    model: str, features: list[str], width: int, prefixes: tuple[str, ...], trained_of: Callable[[str], Model]
) -> None:
    """In one field or in all, with a first layer that fits them: products of pairs read each to the width of all."""

    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        for prefix in prefixes:
            for feature in features:
                name = f"{prefix}deep.{feature}.embedding"
                rows = len(tensors[name])
                reshaped(tensors, name, (rows, width) if width > 1 else (rows,))
            layer = f"{prefix}deep.layers.0.weight"
            if layer in tensors:
                inputs, outputs = tensors[layer].shape
                reshaped(tensors, layer, (inputs + len(features) * (width - 4), outputs))

    said = refused(trained_of(model), change)
    assert any(f"deep.{feature}.embedding" in said for feature in features)
    assert width == 1 or f", {width}]" in said


@pytest.mark.parametrize("layers", [1, 2, 4, 16, 0, 17, 10**9])
@pytest.mark.parametrize("model", ["dcn", "dcn_v2"])
def test_other_cross_layers_than_the_options_say(model: str, layers: int, trained_of: Callable[[str], Model]) -> None:
    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        description["options"]["cross_layers"] = layers

    said = refused(trained_of(model), change)
    assert "cross.layers." in said if 0 < layers < 17 else "cross_layers" in said


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("other", [*MODELS, "nope", "", None, 3])
def test_a_file_that_says_it_is_another_model(model: str, other: Any, trained_of: Callable[[str], Model]) -> None:
    if model == other:
        return

    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        description["options"]["model"] = other
        for name in ("part", "crosses", "embedding_dim", "hidden_units", "cross_layers", "dropout"):
            description["options"].pop(name, None)

    assert refused(trained_of(model), change)


@pytest.mark.parametrize("model", MODELS_BESIDE)
def test_a_block_gone_or_too_many(model: str, trained_of: Callable[[str], Model]) -> None:
    trained, names = trained_of(model), []
    rebuilt(trained.serialize(), lambda tensors, description: names.extend(tensors))

    for name in names[::2]:

        def without(tensors: Tensors, description: dict[str, Any], name: str = name) -> None:
            del tensors[name]

        assert refused(trained, without)
        if name.startswith("optimizer."):
            continue

        def with_another(tensors: Tensors, description: dict[str, Any], name: str = name) -> None:
            tensors[f"{name}x"] = tensors[name]

        assert f"{name}x" in refused(trained, with_another)


@pytest.mark.parametrize("model", MODELS_BESIDE)
def test_weights_that_are_no_numbers(model: str, trained_of: Callable[[str], Model]) -> None:
    trained, names = trained_of(model), []
    rebuilt(trained.serialize(), lambda tensors, description: names.extend(tensors))
    for name in [name for name in names if f"optimizer.{name}.1" in names]:
        for value in (float("nan"), float("inf")):

            def change(tensors: Tensors, description: dict[str, Any], name: str = name, value: Any = value) -> None:
                tensors[name] = np.full_like(tensors[name], value)

            assert name in refused(trained, change)


@pytest.mark.parametrize("model", ["fm", "deepfm", "dcn", "dcn_v2"])
def test_finite_weights_whose_products_are_not(model: str, trained_of: Callable[[str], Model], table: Exported) -> None:
    """Squares of factors, and products of layers, are too large in single precision."""

    def change(tensors: Tensors, description: dict[str, Any]) -> None:
        for name in tensors:
            if name.startswith(("deep.", "cross.")) and name.endswith((".embedding", ".weight")):
                tensors[name] = np.full_like(tensors[name], 1e30)

    large = loaded(trained_of(model), change)
    answers = (ctypes.c_double * table.rows)(*[7.0] * table.rows)
    status = large.library.ctr_model_predict(large.handle, *table.both, answers, table.rows)
    assert status != 0 and set(answers) == {7.0}
