"""Pattern 2: training offline, what it answers and where it saves; the training page; the model's files."""

from __future__ import annotations

import json
from pathlib import Path

from .checks import check
from .host import Data, Host, answers, held_out_rows, inputs, labels_of, median_us, served

KEYS = {
    *("success", "accuracy", "auc", "precision", "recall", "f1", "train_samples", "test_samples"),
    *("train_score", "test_score", "feature_weights", "data_quality"),
}
DEEP_KEYS = {"model_type", "feature_importance"}
FILES = {
    "logistic_regression": ("models/offline/ctr_model.pkl", "models/ctr_model.pkl"),
    "wide_and_deep": ("models/offline/wide_deep_ctr_model.h5", "models/wide_deep_ctr_model"),
}


@check(2, "train", "train_model(data_service), offline")
def train(host: Host) -> None:
    service = host.service()
    assert service.switch_model(host.slot)
    with host.timed("training, s"):
        result = service.train_model(Data(host.log))
    assert result.get("success"), result
    if host.ours:
        assert set(result) == KEYS | (DEEP_KEYS if host.slot == "wide_and_deep" else set())
        assert len(result["feature_weights"]) == 16
        strongest = sorted(result["feature_weights"], key=lambda name: -result["feature_weights"][name])[:2]
        assert "doc_id" in strongest or "query_id" in strongest, strongest
    assert result["train_samples"] + result["test_samples"] == len(host.log)
    for path in FILES[host.slot]:
        assert Path(path).is_file(), f"{path} was not written"
    info = json.loads(Path(FILES[host.slot][0]).with_name(_info(host.slot)).read_text(encoding="utf-8"))
    assert Path(info["model_file"]) == Path.cwd() / FILES[host.slot][0]

    model, labels = service.ctr_model, labels_of(host.log)
    rows = held_out_rows(labels)
    scaled = model.scaler.transform(model.extract_features(host.log)[0])
    auc = host.quality(", the 30% split", labels[rows], model.model.predict_proba(scaled[rows])[:, 1])
    if host.ours:
        stats = service.get_model_stats()
        assert stats["is_trained"] and stats["auc"] == result["auc"] == round(auc, 4)
    for name in ("accuracy", "precision", "recall", "f1"):
        host.figure(f"{name}, the 30% split", result[name], "high")

    shown = [host.log[row] for row in rows]
    probabilities = [float.fromhex(bits) for bits in served(service, shown, host.slot)]
    host.quality(", as predict_ctr answers", labels[rows], probabilities)
    host.figure("mean predict_ctr / click rate", sum(probabilities) / labels[rows].sum(), "one", 3)
    host.figure("predict_ctr, µs", median_us(lambda record: model.predict_ctr(**inputs(record)), shown), "low", 0)
    if host.ours:
        assert all(0 < probability < 1 for probability in probabilities)


def _info(slot: str) -> str:
    return "ctr_model_info.json" if slot == "logistic_regression" else "wide_deep_ctr_model_info.json"


@check(2, "training page", "the page's train_ctr_model_direct, and its refusals", refusals="多样性不足")
def training_page(host: Host) -> None:
    page = host.module("training_tab.training_tab")
    model = host.module("training_tab.ctr_model").CTRModel()
    status, metrics, weights = page.train_ctr_model_direct(model, Data(host.log[:600]), host.slot)
    assert "训练成功" in status and metrics.count("<li>") == 5
    assert "position" in weights and weights.count("<li>") >= 9  # ten at the most; the LR names nine of its columns
    one_query = [{**record, "query": "同一个查询"} for record in host.log[:100]]
    status, _, _ = page.train_ctr_model_direct(model, Data(one_query), host.slot)
    assert "查询多样性不足，需要至少3个不同查询，当前只有1个" in status
    assert "训练数据不足" in page.train_ctr_model_direct(model, Data(host.log[:9]), host.slot)[0]


@check(2, "model files", "export, delete, import; a new process answers the same", is_beside=False)
def model_files(host: Host) -> None:
    service = host.trained(host.log[:600])
    probe = host.log[:20]
    expected = answers(service.ctr_model, probe)
    service.model_file = str(Path.cwd() / FILES[host.slot][0])
    assert service.export_model("kept/exported.pkl") and service.delete_model()
    assert not service.ctr_model.is_trained and answers(service.ctr_model, probe) != expected
    assert service.import_model("kept/exported.pkl")
    assert service.load_model() and answers(service.ctr_model, probe) == expected
    assert served(host.service(), probe, host.slot) == expected
