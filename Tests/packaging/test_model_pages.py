"""Each model of the library has its page in both languages, which says of it what the library says."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

import testbed_adapter
from testbed_adapter._native import NativeModel
from testbed_adapter.commands.options import models as compared
from testbed_adapter.switch.choice import Choice
from Tests.benchmarks.models.pages import BEGIN, END
from Tests.packaging.languages import blocks, check_alike, rows
from Tests.packaging.sources import ROOT

MODELS = {one["model"]: one for one in testbed_adapter.models()}
READ = {model: {option["name"]: option for option in one["options"]} for model, one in MODELS.items()}
# What every model reads stands in the README.
COMMON = set.intersection(*map(set, READ.values()))
SOURCES = ROOT / "Sources" / "CTRModels"
ARCHITECTURES = {path.name: path.read_text("utf-8") for path in (SOURCES / "Architectures").glob("*.swift")}


def text(name: str) -> str:
    return (ROOT / "docs" / "models" / name).read_text("utf-8")


def architecture(model: str) -> str:
    """The file that declares it."""
    declared = rf'^    public static let \w+ = ModelName\(rawValue: "{model}"\)$'
    (name,) = (name for name, swift in ARCHITECTURES.items() if re.search(declared, swift, re.M))
    return name


@pytest.mark.parametrize("model", MODELS)
def test_the_family_lists_each_with_its_page_and_its_file(model: str) -> None:
    for suffix in (".md", ".zh-CN.md"):
        family = text(f"README{suffix}")
        (row,) = (row for row in rows(family) if re.search(rf"\]\({re.escape(model + suffix)}\)", row))
        assert f"`{model}`" in row and f"[{MODELS[model]['title']}]" in row
        assert f"Sources/CTRModels/Architectures/{architecture(model)}" in row and "O(" in row
        (drawing,) = blocks(family, "mermaid")
        assert re.search(rf'^ +{model}\["<b>{re.escape(MODELS[model]["title"])}</b>', drawing, re.M)


@pytest.mark.parametrize("name", ["README", *MODELS])
def test_both_languages_say_the_same(name: str) -> None:
    english, chinese = text(f"{name}.md"), text(f"{name}.zh-CN.md")
    check_alike(english, chinese)
    for language in ("text", "python", "json", "swift"):
        assert blocks(english, language) == blocks(chinese, language)
    commands = [re.sub(r"#.*", "", "".join(blocks(page, "sh"))).split() for page in (english, chinese)]
    assert commands[0] == commands[1] and commands[0]
    assert re.findall(r"https?://[^)]+", english) == re.findall(r"https?://[^)]+", chinese)
    for page in (english, chinese):
        assert page.count(BEGIN) == page.count(END) == 1 and "| 0." in page.partition(BEGIN)[2].partition(END)[0]


@pytest.mark.parametrize("model", MODELS)
def test_a_page_has_its_models_equation(model: str) -> None:
    (equation,) = blocks(text(f"{model}.md"), "text")
    assert f"///     {equation.strip()}\n" in ARCHITECTURES[architecture(model)]


@pytest.mark.parametrize("model", MODELS)
def test_a_page_has_the_options_that_its_model_reads(model: str) -> None:
    listed = re.findall(r"^\| `(\w+)` \| `(.*?)` \|", text(f"{model}.md"), re.M)
    own = {name: option["default"] for name, option in READ[model].items() if name not in COMMON}
    assert {name: json.loads(default) for name, default in listed} == own


@pytest.mark.parametrize("model", MODELS)
def test_what_a_page_says_can_be_run(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = text(f"{model}.md")
    draw = np.random.default_rng(3)
    X = pd.DataFrame({"query": draw.integers(0, 9, 400).astype(str), "doc": draw.integers(0, 9, 400).astype(str)})
    y = (X["query"] == X["doc"]) | (draw.random(400) < 0.2)
    (python,) = blocks(page, "python")
    names: dict[str, Any] = {"X": X, "y": y, "X_new": X[:5]}
    exec(python, names)
    assert names["model"].model == model and "logit" in capsys.readouterr().out
    (options,) = blocks(page, "json")
    made = NativeModel(json.loads(options)).info()["options"]
    assert made.items() >= json.loads(options).items() and made["model"] == model
    assert Choice(re.findall(r"^CTR_MODEL=(\S+) ", page, re.M)[0], "the page").model == model
    assert model in compared(re.findall(r"--models (\S+)", page)[0])


@pytest.mark.parametrize("model", MODELS)
def test_a_pages_swift_names_what_is_there(model: str) -> None:
    (swift,) = blocks(text(f"{model}.md"), "swift")
    (name,) = re.findall(r"options\.model = \.(\w+)", swift)
    assert f'public static let {name} = ModelName(rawValue: "{model}")' in ARCHITECTURES[architecture(model)]
    options = (SOURCES / "Options" / "ModelOptions.swift").read_text("utf-8")
    for option in re.findall(r"^options\.(\w+) =", swift, re.M):
        assert re.search(rf"public var {option}\b", options), option
