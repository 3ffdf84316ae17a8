"""Inside the real testbed, where TESTBED names a checkout of it; it is only read."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from Tests.adapter.support import python

TESTBED = os.environ.get("TESTBED", "")
pytestmark = pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")

START = f"""
import json, os, sys, threading
sys.path.insert(0, {os.path.join(TESTBED, "src")!r})
import testbed_adapter
testbed_adapter.install()
from Tests.adapter.support import click_log
from search_engine.model_service import ModelService
from search_engine import training_tab
class Data:
    def __init__(self, log): self.log = log
    def get_all_samples(self): return self.log
log, said = click_log(600), {{}}
def inputs(record): return {{name: record[name] for name in ('query', 'doc_id', 'position', 'score', 'summary')}}
def answers(service, slot): return [service.predict_ctr(inputs(record), slot).hex() for record in log[:40]]
"""
FINISH = "\nsaid['tensorflow'] = 'tensorflow' in sys.modules; print('\\n' + json.dumps(said))"


def host(code: str, folder: Path, **environment: str) -> dict[str, Any]:
    """Runs code in the testbed, in a process and folder of its own; returns what it `said`."""
    done = python(START + code + FINISH, cwd=folder, PYTHONDONTWRITEBYTECODE="1", **environment)
    assert done.returncode == 0, done.stderr[-3000:]
    answer = json.loads(done.stdout.splitlines()[-1])
    answer["printed"] = done.stdout
    assert answer["tensorflow"] is False
    return answer


TRAIN = """
service = ModelService()
for slot in ('logistic_regression', 'wide_and_deep'):
    assert service.switch_model(slot)
    result = service.train_model(Data(log))
    assert result['success'], result
    said[slot] = type(service.ctr_model).__module__, service.get_model_stats()
    service.model_instances.clear()
    said[slot + ' answers'] = answers(service, slot)
"""


@pytest.fixture(scope="module")
def trained_host(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("host")
    return folder, host(TRAIN, folder)


def test_the_service_trains_saves_and_switches_both_slots(trained_host: Any) -> None:
    folder, said = trained_host
    for slot in ("logistic_regression", "wide_and_deep"):
        module, stats = said[slot]
        assert module == "testbed_adapter.host.ctr_model"
        assert stats["is_trained"] and stats["auc"] > 0.5 and stats["training_samples"] == 420
        assert stats["feature_count"] == 36
        assert all(0 <= float.fromhex(answer) <= 1 for answer in said[f"{slot} answers"])
    files = {str(path.relative_to(folder / "models")) for path in (folder / "models").rglob("*") if path.is_file()}
    assert {"ctr_model.pkl", "wide_deep_ctr_model", "offline/ctr_model.pkl", "offline/wide_deep_ctr_model.h5"} <= files
    assert "失败" not in said["printed"]


def test_a_new_process_answers_the_same_bits_over_rest_too(trained_host: Any) -> None:
    folder, before = trained_host
    said = host(
        "from flask import Flask\n"
        "service = ModelService(); said['loaded'] = service.ctr_model.is_trained\n"
        "service.flask_app = app = Flask('t'); service._setup_api_routes()\n"
        "def get(path): return app.test_client().get(path).get_json()\n"
        "said['health'], said['models'] = get('/health'), get('/v1/models')\n"
        "for slot in ('logistic_regression', 'wide_and_deep'):\n"
        "    said[slot], said[slot + ' answers'] = get(f'/v1/models/{slot}'), answers(service, slot)\n"
        "    one = app.test_client().post(f'/v1/models/{slot}/predict', json={'inputs': inputs(log[0])}).get_json()\n"
        "    many = [None] * 8\n"
        "    def ask(index):\n"
        "        body = {'inputs': [inputs(record) for record in log[:40]]}\n"
        "        many[index] = app.test_client().post(f'/v1/models/{slot}/batch_predict', json=body).get_json()\n"
        "    threads = [threading.Thread(target=ask, args=(index,)) for index in range(8)]\n"
        "    for thread in threads: thread.start()\n"
        "    for thread in threads: thread.join()\n"
        "    said[slot + ' over REST'] = [answer['ctr_score'].hex() for answer in many[0]['outputs']]\n"
        "    assert all(answer == many[0] for answer in many) and one['outputs'] == many[0]['outputs'][0]\n",
        folder,
    )
    assert said["loaded"] is True and said["health"]["model_trained"] is True
    assert [model["status"] for model in said["models"]["model"]] == ["loaded", "loaded"]
    for slot in ("logistic_regression", "wide_and_deep"):
        assert said[slot]["model"]["status"] == "loaded"
        assert said[f"{slot} answers"] == said[f"{slot} over REST"] == before[f"{slot} answers"]


def test_online_training_and_hot_reload(tmp_path: Path) -> None:
    said = host(
        "service = ModelService(); service.enable_online_learning(True)\n"
        "for count in (300, 400, 600):\n"
        "    assert service.trigger_online_training(Data(log[:count]))['success']\n"
        "said['checkpoints'] = sorted(name for name in os.listdir('models/online') if name.endswith('.pkl'))\n"
        "said['answers'] = [service.ctr_model.predict_ctr(**inputs(record)).hex() for record in log[:20]]\n"
        "again = ModelService()\n"
        "said['again'] = [again.ctr_model.predict_ctr(**inputs(record)).hex() for record in log[:20]]\n",
        tmp_path,
    )
    assert said["checkpoints"] == [f"ctr_model_ckpt_{number}.pkl" for number in (1, 2, 3)]
    assert said["answers"] == said["again"]


def test_with_the_flag_off_all_is_the_hosts_and_what_it_saved_is_kept(tmp_path: Path) -> None:
    said = host(
        "service = ModelService(); assert service.train_model(Data(log))['success']\n"
        "said['owner'], said['model'] = type(service.ctr_model).__module__, type(service.ctr_model.model).__name__",
        tmp_path,
        CTR_MODEL="logistic_regression",
    )
    assert (said["owner"], said["model"]) == ("search_engine.training_tab.ctr_model", "LogisticRegression")
    paths = [tmp_path / "models" / "ctr_model.pkl", tmp_path / "models" / "offline" / "ctr_model.pkl"]
    pickles = [path.read_bytes() for path in paths]
    said = host(
        "service = ModelService(); said['trained'] = service.ctr_model.is_trained\n"
        "assert service.train_model(Data(log))['success']\n"
        "from search_engine.training_tab import ctr_model\n"
        "X, y = ctr_model.CTRModel().extract_features(log)\n"
        "theirs, labels = ctr_model.HostCTRModel().extract_features(log)\n"
        "said['equal to the last bit'] = bool((X[:, :12] == theirs.astype(float)).all() and (y == labels).all())\n",
        tmp_path,
    )
    assert said["trained"] is False and "pickle" in said["printed"]
    assert said["equal to the last bit"] is True
    for path, data in zip(paths, pickles):
        assert Path(f"{path}.bak").read_bytes() == data and path.read_bytes() != data
        assert type(pickle.loads(data)["model"]).__name__ == "LogisticRegression"


def test_the_training_page_evaluation_fairness_and_interpretability(tmp_path: Path) -> None:
    said = host(
        "from search_engine.training_tab import training_tab as page\n"
        "from search_engine.training_tab import CTRModel\n"
        "for slot in ('logistic_regression', 'wide_and_deep'):\n"
        "    said[slot] = page.train_ctr_model_direct(CTRModel(), Data(log), slot)\n"
        "said['demo'] = page.train_ctr_model_direct(CTRModel(), Data(json.load(open(\n"
        f"    {os.path.join(TESTBED, 'src', 'search_engine', 'data', 'ctr_data.json')!r}))['records']))\n"
        "service = ModelService(); assert service.load_model('models/wide_deep_ctr_model')\n"
        "from search_engine.training_tab.model_evaluation import ModelEvaluator\n"
        "from search_engine.training_tab.model_fairness import ModelFairnessAnalyzer\n"
        "from search_engine.training_tab.model_interpretability import ModelInterpretability\n"
        "from search_engine.training_tab.model_automl import AutoMLOptimizer\n"
        "model = service.ctr_model\n"
        "before = model.predict_ctr(**inputs(log[0]))\n"
        "said['cv'] = ModelEvaluator().cross_validate_model(model.model, log, cv_folds=3)\n"
        "for group in ('position_range', 'query', 'score_range', 'doc_id', 'position'):\n"
        "    result = ModelFairnessAnalyzer().analyze_fairness(model.model, log, group_by=group,\n"
        "        model_instance_extract_features=model.extract_features)\n"
        "    assert 'error' not in result, result\n"
        "features, labels = model.extract_features(log)\n"
        "scaled = model.scaler.transform(features)\n"
        "said['importance'] = ModelInterpretability().get_feature_importance_from_model(model.model)\n"
        "grid = AutoMLOptimizer().simple_grid_search(type(model.model), scaled, labels, {'epochs': [1, 2]}, cv=2)\n"
        "assert 'error' not in grid, grid\n"
        "said['splits'] = ModelEvaluator().evaluate_on_splits(model.model, log, n_splits=2)\n"
        "assert model.predict_ctr(**inputs(log[0])) == before\n",
        tmp_path,
    )
    assert "error" not in said["cv"]
    assert set(said["cv"]["cv_mean"]) == {"accuracy", "precision", "recall", "f1", "roc_auc"}
    assert said["cv"]["n_features"] == 2
    assert len(said["importance"]["tree_importance"]) == 36
    assert said["splits"]["n_splits"] == 2
    for slot in ("logistic_regression", "wide_and_deep"):
        status, _, weights = said[slot]
        assert "训练成功" in status and "position" in weights
    assert "查询多样性不足，需要至少3个不同查询，当前只有1个" in said["demo"][0]
