"""What stands in the testbed's slots under each value of CTR_MODEL, under which name, and what of its files is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from Tests.adapter.support import python
from Tests.adapter.test_hook import SETUP

LOOK = (
    SETUP + "print(testbed_adapter.install())\n"
    "from search_engine.training_tab import ctr_model, ctr_config\n"
    "from search_engine import model_service\n"
    "try:\n"
    "    from search_engine.training_tab.ctr_wide_deep_model import WideAndDeepCTRModel as second\n"
    "    print(owner(ctr_model.CTRModel), owner(model_service.CTRModel), owner(second))\n"
    "except ImportError:\n"
    "    print(owner(ctr_model.CTRModel), owner(model_service.CTRModel), 'tensorflow')\n"
    "print(*[name for _, name in ctr_config.CTRModelConfig.get_model_names()], sep='|')\n"
)


@pytest.mark.parametrize(
    ("model", "expected", "line"),
    [
        (
            "wide_deep",
            ["True", "testbed_adapter testbed_adapter testbed_adapter", "Wide & Deep（代替逻辑回归）|Wide & Deep"],
            "CTR_MODEL=wide_deep: Wide & Deep in both slots, logistic_regression and wide_and_deep",
        ),
        (
            "beside_lr",
            ["True", "search_engine search_engine testbed_adapter", "逻辑回归 (LR)|Wide & Deep"],
            "CTR_MODEL=beside_lr: the testbed's own logistic regression in slot logistic_regression, "
            "Wide & Deep in slot wide_and_deep",
        ),
        (
            "logistic_regression",
            ["False", "search_engine search_engine tensorflow", "逻辑回归 (LR)|Wide & Deep"],
            "CTR_MODEL=logistic_regression: the testbed's own models in both slots",
        ),
        (
            "deepfm",
            ["True", "testbed_adapter testbed_adapter testbed_adapter", "DeepFM（代替逻辑回归）|DeepFM"],
            "CTR_MODEL=deepfm: DeepFM in both slots, logistic_regression and wide_and_deep; its stand-alone script has "
            "Wide & Deep",
        ),
        (
            "beside_lr:fm",
            ["True", "search_engine search_engine testbed_adapter", "逻辑回归 (LR)|FM"],
            "CTR_MODEL=beside_lr:fm: the testbed's own logistic regression in slot logistic_regression, FM in slot "
            "wide_and_deep",
        ),
    ],
)
def test_what_stands_where(model: str, expected: list[str], line: str) -> None:
    done = python(LOOK, CTR_MODEL=model)
    assert done.stdout.splitlines() == expected
    assert done.stderr.splitlines() == [f"testbed_adapter: {line}"]


def test_going_from_one_to_another_in_one_process(fresh: Any) -> None:
    answer = fresh(
        SETUP + "from search_engine.training_tab import ctr_model, ctr_config\n"
        "from search_engine import model_service\n"
        "def look():\n"
        "    names = [name for _, name in ctr_config.CTRModelConfig.get_model_names()]\n"
        "    print(owner(model_service.CTRModel), owner(ctr_model.CTRModel), names[0],\n"
        "          hasattr(vars(ctr_model.CTRModel).get('save_model'), '_testbed_adapter_host'))\n"
        "for model in ('wide_deep', 'beside_lr', 'wide_deep', 'logistic_regression', 'beside_lr'):\n"
        "    testbed_adapter.install(model); look()\n"
        "testbed_adapter.uninstall(); look()"
    )
    ours = "testbed_adapter testbed_adapter Wide & Deep（代替逻辑回归） False"
    theirs = "search_engine search_engine 逻辑回归 (LR)"
    assert answer.splitlines() == [ours, f"{theirs} True", ours, *[f"{theirs} True"] * 2, f"{theirs} False"]


BACK_AND_FORTH = (
    SETUP + "import os\n"
    "from testbed_adapter import clicklog\n"
    "log = clicklog.generate(400)[0]\n"
    "def service(model):\n"
    "    testbed_adapter.install(model)\n"
    "    from search_engine.training_tab.ctr_model import CTRModel\n"
    "    return CTRModel()\n"
    "def bits(model): return [float(model.predict_ctr(**{k: r[k] for k in "
    "('query', 'doc_id', 'position', 'score', 'summary')})).hex() for r in log[:20]]\n"
)


def test_each_kind_of_model_keeps_its_own(tmp_path: Path) -> None:
    """Training one and then the other at the same path, in either direction, loses neither."""
    code = BACK_AND_FORTH + (
        "ours = service('wide_deep'); assert ours.train(log)['success']\n"
        "lr = service('logistic_regression')\n"
        "assert not lr.load_model() and not lr.is_trained, 'there is only ours yet'\n"
        "assert lr.train(log[:300])['success']\n"
        "again = service('wide_deep'); assert again.load_model(); assert bits(again) == bits(ours)\n"
        "other = service('wide_deep'); assert other.train(log[:350])['success']\n"
        "back = service('logistic_regression'); assert back.load_model(); assert bits(back) == bits(lr)\n"
        "last = service('beside_lr'); assert last.load_model(); assert bits(last) == bits(lr)\n"
        "assert last.train(log[:200])['success']\n"
        "end = service('wide_deep'); assert end.load_model(); assert bits(end) == bits(other)\n"
        "print(*sorted(os.listdir('models')))"
    )
    done = python(code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "ctr_model.pkl ctr_model.pkl.bak ctr_model.pkl.bak.1 ctr_model.pkl.bak.2"
    assert "已备份到 models/ctr_model.pkl.bak" in done.stdout and "改读其备份" in done.stdout


def test_the_lr_does_not_write_where_ours_cannot_be_copied(tmp_path: Path) -> None:
    code = BACK_AND_FORTH + (
        "ours = service('wide_deep'); assert ours.train(log)['success']\n"
        "from testbed_adapter.host import model_files\n"
        "def full(path): raise OSError(28, 'No space left on device')\n"
        "model_files.back_up = full\n"
        "lr = service('logistic_regression')\n"
        "try: lr.train(log)\n"
        "except OSError as error: print(error.errno)\n"
        "assert service('wide_deep').load_model()"
    )
    done = python(code, cwd=tmp_path)
    assert done.returncode == 0 and "28" in done.stdout.split(), done.stderr
