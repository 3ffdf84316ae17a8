"""Each of the library's models in the testbed's slots, and the flag that asks for it."""

from __future__ import annotations

import copy
import json
import pickle
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import testbed_adapter
from testbed_adapter.commands import cli
from testbed_adapter.host.ctr_model import CTRModel, WideAndDeepCTRModel
from testbed_adapter.host.online import online
from testbed_adapter.lab.compare.run import contenders
from testbed_adapter.native.architectures import title
from Tests.adapter import results_keys
from Tests.adapter.support import Record, click_log, impression, python
from Tests.adapter.test_hook import SETUP

MODELS = [one["model"] for one in testbed_adapter.models()]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return click_log(1300)


def answers(model: CTRModel, records: list[Record]) -> list[float]:
    return [model.predict_ctr(*impression(record)) for record in records[:40]]


@pytest.mark.parametrize("name", MODELS)
def test_a_slot_does_with_each_model_what_it_does_with_any(
    name: str, records: list[Record], workdir: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CTRModel, "architecture", name)
    model = WideAndDeepCTRModel()
    result = model.train(records[:1200])
    assert result.get("success") and result["model_type"] == name and result["auc"] > 0.5
    assert model.model.model == model.architecture_trained == name
    served = [{**record, "timestamp": "2099-01-01", "doc_length": len(record["summary"])} for record in records]
    probabilities = model.model.predict_proba(model.scaler.transform(model.extract_features(served)[0]))[:, 1]
    assert answers(model, records) == pytest.approx(probabilities[:40], abs=1e-6)
    assert 0.7 < probabilities.mean() / np.mean([record["clicked"] for record in records]) < 1.4
    told = model.explain(*impression(records[0]))
    assert told.probability == answers(model, records)[0]
    summands = [told.bias, told.deep, told.pairs or 0, told.cross or 0, *(term.weight for term in told.terms)]
    assert sum(summands) == pytest.approx(told.logit, abs=1e-5)

    loaded = WideAndDeepCTRModel()
    assert loaded.load_model() and loaded.architecture_trained == name
    for other in (loaded, pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert answers(other, records) == answers(model, records)

    capsys.readouterr()
    with online():
        further = model.train(records)
    assert further.get("success") and "新增 100 条" in capsys.readouterr().out
    another = "wide_deep" if name == "lr" else "lr"
    monkeypatch.setattr(CTRModel, "architecture", another)
    with online():  # what was loaded is none to go on from
        assert loaded.train(records).get("success")
    assert "从头训练" in capsys.readouterr().out and loaded.architecture_trained == another


def test_the_flag_trains_the_model_it_names(tmp_path: Path) -> None:
    code = SETUP + (
        "testbed_adapter.install()\n"
        "from Tests.adapter.support import click_log\n"
        "from search_engine.training_tab import ctr_model\n"
        "from search_engine.training_tab.ctr_wide_deep_model import WideAndDeepCTRModel\n"
        "for model in (ctr_model.CTRModel(), WideAndDeepCTRModel()):\n"
        "    assert model.train(click_log(300)).get('success'); print(model.model.model)\n"
        "testbed_adapter.install('wide_deep')\n"
        "print(ctr_model.CTRModel.architecture)\n"
        "testbed_adapter.install('fm'); testbed_adapter.uninstall()\n"
        "from testbed_adapter.ctr_model import CTRModel\n"
        "print('left:', CTRModel.architecture)"
    )
    done = python(code, cwd=tmp_path, CTR_MODEL="deepfm")
    assert done.returncode == 0, done.stderr
    assert (
        done.stdout.splitlines()[-2:] == ["wide_deep", "left: wide_deep"]
        and done.stdout.splitlines().count("deepfm") == 2
    )


def test_the_default_flag_loads_no_library() -> None:
    code = SETUP + "testbed_adapter.install(); print('ctypes' in sys.modules, 'numpy' in sys.modules)"
    assert python(code, CTR_MODEL="wide_deep").stdout == "False False\n"
    assert python(code, CTR_MODEL="deepfm").stdout == "True False\n"


def test_models_to_compare_have_rows_of_their_own() -> None:
    made = contenders(None, ["lr", "deepfm"])
    assert [(one.key, str(one.name)) for one in made] == [
        ("lr_ours", f"{title('lr')} (CTRModels)"),
        ("deepfm", "DeepFM"),
        ("lr", "LR (12 columns)"),
    ]
    assert [one.make().architecture for one in made[:2]] == ["lr", "deepfm"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_models_are_compared_by_name(language: str, tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    names = ["lr", "fm"] if language == "en" else ["dcn", "wide_deep"]
    given = ["compare", "--models", ",".join(names), "--records", "500", "--out", str(tmp_path)]
    assert cli.main(given) == 0
    told = capsys.readouterr().out
    titles = {"en": ["LR (CTRModels)", "FM"], "zh": ["DCN", "Wide & Deep"]}[language]
    assert all(sum(line.startswith(f"{one} ") for line in told.splitlines()) == 2 for one in titles), told
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    results_keys.check(results)
    keys = ["lr", "lr_ours", "fm"] if language == "en" else ["lr", "dcn", "wide_deep"]
    assert [one["key"] for one in results["models"]][:3] == keys and list(results["against_lr"]) == keys[1:]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Click models and the LR" in page and all(escape(one) in page for one in titles)
    assert ("Why this score" in page) == ("wide_deep" in names)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--models", "fm,deep"], "no model 'deep'; there are lr, fm"),
        (["--models", "fm,fm"], "'fm' is there twice"),
        (["--models", ","], "no model ','"),
        (["--models", "fm", "--ablation"], "--models is for the plain comparison"),
    ],
)
def test_models_that_cannot_be_compared(given: list[str], said: str, capsys: Any) -> None:
    try:
        code = cli.main(["compare", *given])
    except SystemExit as error:  # argparse's
        code = error.code  # type: ignore[assignment]
    assert code == 2 and said in capsys.readouterr().err
