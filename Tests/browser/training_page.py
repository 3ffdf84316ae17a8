"""The testbed's training page in a real browser, with Wide & Deep in both slots: every button of its CTR tab.

    make browser TESTBED=DIR    the checkout is only read; screenshots go to .build/browser, or to SHOTS

Not named test_…: `make test` leaves it out, as it takes minutes and a browser. The tests are steps of one visit, in
order; clearing the data comes last.
"""

from __future__ import annotations

import collections
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.lab import clicklog
from Tests.browser.driver import IS_BESIDE, SLOT_NAMES, TrainingPage, training_page

TESTBED = os.environ.get("TESTBED", "")
pytestmark = pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")

ROOT = Path(__file__).resolve().parents[2]
RECORDS = 2_000
METRICS = ("accuracy", "precision", "recall", "f1", "roc_auc")
TRAIN, EXPLAIN, OPTIMISE = "🚀 开始离线训练", "🔍 分析模型可解释性", "🤖 执行AutoML优化"


@pytest.fixture(scope="module")
def log() -> list[dict[str, Any]]:
    return clicklog.generate(RECORDS)[0]


@pytest.fixture(scope="module")
def page(log: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingPage]:
    folder = tmp_path_factory.mktemp("visit")
    (folder / "models").mkdir()
    (folder / "models" / "ctr_data.json").write_text(json.dumps(log, ensure_ascii=False), "utf-8")
    shots = Path(os.environ.get("SHOTS") or ROOT / ".build" / "browser").resolve()
    shots.mkdir(parents=True, exist_ok=True)
    for old in shots.glob("[0-9][0-9]-*.png"):
        old.unlink()
    with training_page(TESTBED, folder, shots) as page:
        yield page


@pytest.fixture(autouse=True)
def nothing_went_wrong(page: TrainingPage) -> Iterator[None]:
    yield
    page.check_nothing_went_wrong()


@pytest.fixture(scope="module", params=list(SLOT_NAMES))
def trained(request: pytest.FixtureRequest, page: TrainingPage) -> tuple[str, str]:
    """A slot, trained by the page and now the one that the page evaluates; and what the page said of the training."""
    slot: str = request.param
    page.visit()
    text = train(page, SLOT_NAMES[slot], f"{slot}-training")
    if slot != "logistic_regression":  # the page's own at its start
        page.server.switch(slot)
    return slot, text


def train(page: TrainingPage, name: str, shot: str) -> str:
    page.choose("选择CTR模型", f"{name} - ")
    return page.press(TRAIN, f"模型类型:\\s*{re.escape(name)}\\s*\n", shot, whole=True)


def number(text: str, label: str) -> float:
    found = re.search(rf"{re.escape(label)}\s*:?\s*(-?[\d.]+)", text)
    assert found, f"no {label} in {text}"
    return float(found[1])


def listed(text: str, after: str) -> dict[str, float]:
    """The lines `name: number` after a heading."""
    return {name: float(value) for name, value in re.findall(r"^(.+): (-?\d+\.\d{4})$", text.split(after)[1], re.M)}


def test_training(trained: tuple[str, str]) -> None:
    _, text = trained
    assert "训练成功" in text
    assert 0.55 < number(text, "AUC") < 0.9
    assert (number(text, "训练样本"), number(text, "测试样本")) == (0.7 * RECORDS, 0.3 * RECORDS)
    for label in ("准确率", "精确率", "召回率", "F1分数", "训练准确率", "测试准确率"):
        assert 0 < number(text, label) <= 1
    weights = listed(text, "特征重要性分析")
    assert len(weights) == 10 and max(weights.values()) > 0
    assert "doc_id" in list(weights)[:3]


@pytest.mark.skipif(not IS_BESIDE, reason="CTR_MODEL=beside_lr puts the LR beside ours")
def test_the_two_are_compared(page: TrainingPage) -> None:
    page.server.switch("logistic_regression")  # as at its start: the page trains the present model under the LR's name
    page.visit()
    theirs = train(page, "逻辑回归 (LR)", "beside-lr")
    ours = train(page, "Wide & Deep", "beside-wide-deep")
    assert number(ours, "AUC") > number(theirs, "AUC")


def test_cross_validation(page: TrainingPage, trained: tuple[str, str]) -> None:
    page.open("📊 交叉验证")
    page.fill("交叉验证折数", 4)
    text = page.press("🚀 执行交叉验证", "交叉验证结果（4折）[^❌]*roc_auc", f"{trained[0]}-cross-validation")
    assert (number(text, "样本数"), number(text, "特征数")) == (RECORDS, 2)
    # Not 0 either: above the click rate there are clicks to predict.
    assert all(0.1 < number(text, metric) < 1 for metric in METRICS)
    assert number(text, "roc_auc") > 0.5 and number(text, "accuracy") > 0.5
    assert "只用 position 和 score 两个特征" in text
    assert ("第一个槽位里测试床自带的逻辑回归" in text) is (trained[0] == "logistic_regression" and IS_BESIDE)


def test_interpretability(page: TrainingPage, trained: tuple[str, str], log: list[dict[str, Any]]) -> None:
    slot, _ = trained
    page.open("🔍 可解释性分析")
    page.fill("显示特征数", 8)
    # LIME before SHAP, which lists nothing without LIME's feature names.
    for method, heading, shot in (
        ("特征重要性", "模型特征重要性", "importance"),
        ("LIME", "特征贡献:", "lime"),
        ("SHAP", "SHAP解释结果", "shap"),
    ):
        page.check(method)
        text = page.press(EXPLAIN, heading, f"{slot}-{shot}")
        sizes = [abs(value) for value in listed(text, heading).values()]
        assert len(sizes) == 8 and sizes[0] > 0 and sizes == sorted(sizes, reverse=True)
        assert re.search("特征[0-9]", text) is None  # the columns have names
        if method == "LIME":
            assert 0 < number(text, "预测概率") < 1
            shown = dict(re.findall(r"^(doc_id|query_id)=(.*): -?[\d.]+$", text, re.M))
            assert shown.items() <= {"doc_id": log[0]["doc_id"], "query_id": log[0]["query"]}.items() and shown


def test_fairness(page: TrainingPage, trained: tuple[str, str], log: list[dict[str, Any]]) -> None:
    page.open("⚖️ 公平性分析")
    groups = {"position_range": 3, "score_range": 4}
    for field in ("query", "doc_id"):
        seen = collections.Counter(record[field] for record in log)
        groups[field] = sum(count >= 3 for count in seen.values())  # fewer are no group to the testbed
    for group, count in groups.items():
        page.choose("分组依据", group)
        text = page.press("⚖️ 分析模型公平性", f"分组依据:\\s*{group}[^❌]*公平性评估", f"{trained[0]}-fairness-{group}")
        assert number(text, "分析群体数") == count
        assert len(re.findall(r"^\S.*\t\d+(?:\t[\d.]+){5}\t(?:0\.\d+|1\.0+|None)$", text, re.M)) == count
        assert all(f"\n{metric}\n" in text for metric in ("accuracy", "precision", "recall", "f1", "auc"))


def test_automl(page: TrainingPage, trained: tuple[str, str]) -> None:
    page.open("🤖 AutoML")
    for method, shot in (("网格搜索", "grid"), ("Optuna优化", "optuna")):
        page.check(method)
        text = page.press(OPTIMISE, f"{method}(?:优化)?结果", f"{trained[0]}-{shot}")
        assert re.search(r"最佳参数: \{'C': [\d.]+, 'max_iter': \d+", text)
        assert 0.5 < number(text, "最佳得分") < 0.9 and "搜索的总是逻辑回归" in text
    assert number(text, "试验次数") == 10


def test_statistics_and_samples(page: TrainingPage, log: list[dict[str, Any]]) -> None:
    text = page.press("📊 显示数据统计", "点击模式分析", "statistics", whole=True)
    clicks = sum(record["clicked"] for record in log)
    assert (number(text, "总样本数"), number(text, "总点击数"), number(text, "总展示数")) == (RECORDS, clicks, RECORDS)
    assert number(text, "唯一查询数") == len({record["query"] for record in log})
    assert number(text, "唯一文档数") == len({record["doc_id"] for record in log})
    page.press("🔄 刷新样本数据", log[0]["query"], "samples", whole=True)


def test_online_learning(page: TrainingPage) -> None:
    page.check("启用在线学习")
    page.see("在线学习已启用[^❌]*每10条", "online-on")
    page.fill("训练触发阈值", 20)
    page.see("在线学习已启用[^❌]*每20条", "online-threshold")
    page.check("启用在线学习", checked=False)
    page.see("在线学习未启用", "online-off")


def test_export_and_clear(page: TrainingPage, log: list[dict[str, Any]]) -> None:
    text = page.press("📤 导出数据", r"数据导出成功: \S+\.json", "export")
    exported = page.folder / "data" / re.findall(r"数据导出成功: (\S+\.json)", text)[0]
    assert json.loads(exported.read_text("utf-8")) == log
    page.press("🗑️ 清空数据", "数据已清空", "clear")
    page.press(TRAIN, "训练数据不足，至少需要10条记录", "training-without-data")
