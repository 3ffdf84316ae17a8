"""What the testbed's stand-alone script has for LogisticRegression under the switch, and the script's run."""

from __future__ import annotations

import inspect
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from testbed_adapter.estimator.wide_deep import WideDeepClassifier
from testbed_adapter.host.script_model import WideDeepWithCoefficients
from testbed_adapter.lab import clicklog
from Tests.adapter.support import ROOT, python

TESTBED = os.environ.get("TESTBED", "")


@pytest.fixture(scope="module")
def table() -> tuple[pd.DataFrame, Any]:
    """Numbers with few and with many values, one-hot columns, and labels that depend on both."""
    random = np.random.default_rng(3)
    rows = 1500
    kind = random.integers(0, 3, rows)
    X = pd.DataFrame({"position": random.integers(1, 11, rows), "score": random.normal(size=rows)})
    X["查询 score²"] = X["score"] ** 2
    X = pd.concat([X, pd.get_dummies(pd.Series(kind), prefix="query")], axis=1)
    X["constant"] = 7
    logit = 0.8 - 0.3 * X["position"] + 0.9 * X["score"] + np.array([-1.5, 0.0, 1.2])[kind]
    return X, (random.random(rows) < 1 / (1 + np.exp(-logit))).astype(int)


@pytest.fixture(scope="module")
def wide(table: Any) -> WideDeepWithCoefficients:
    """The wide part alone: its predictions show what each column adds."""
    model = WideDeepWithCoefficients(random_state=42)
    model.part = "wide"
    return model.fit(*table)


def added(model: Any, X: pd.DataFrame, column: str, values: Any) -> Any:
    """What the values of a column add to the logit, but for a constant: the other columns stay the same."""
    rows = pd.concat([X.iloc[[0]]] * len(values), ignore_index=True)
    rows[column] = values
    return model.decision_function(rows)


def test_a_one_hot_columns_coefficient_is_the_difference_of_its_weights(wide: Any, table: Any) -> None:
    X, _ = table
    assert wide.coef_.shape == (1, X.shape[1])
    for name in ("query_0", "query_1", "query_2"):
        without, having = added(wide, X, name, [False, True])
        assert wide.coef_[0, X.columns.get_loc(name)] == pytest.approx(having - without, abs=1e-5)
    effects = wide.coef_[0, -4:-1]
    assert effects[0] < effects[1] < effects[2]


@pytest.mark.parametrize("name", ["position", "score", "查询 score²"])
def test_a_numbers_coefficient_is_the_slope_of_what_it_adds_over_the_rows(name: str, wide: Any, table: Any) -> None:
    X, _ = table
    slope, _ = np.polyfit(X[name], added(wide, X, name, X[name].to_numpy()), 1)
    assert abs(slope) > 0.01
    assert wide.coef_[0, X.columns.get_loc(name)] == pytest.approx(slope, rel=1e-3)


def test_coefficients_and_intercept_stand_for_the_wide_logit(wide: Any, table: Any) -> None:
    X, _ = table
    assert wide.coef_[0, -1] == 0  # the constant
    linear = X.to_numpy(dtype=float) @ wide.coef_[0] + wide.intercept_
    logit = wide.decision_function(X)
    # Each column's line passes through the mean of what the column adds.
    assert linear.mean() == pytest.approx(logit.mean(), abs=1e-5)
    assert wide.info_["options"]["crosses"] == [] and not any(name.startswith("cross.") for name in wide.tensors_())
    assert np.corrcoef(linear, logit)[0, 1] > 0.95


def test_missing_values_are_no_part_of_the_slope(table: Any) -> None:
    X, y = table
    X = X.assign(score=X["score"].where(np.arange(len(X)) % 5 > 0))
    coefficients = WideDeepWithCoefficients(random_state=42).fit(X, y).coef_
    assert np.isfinite(coefficients).all() and coefficients[0, 1] > 0


def test_bools_and_bytes_are_the_same_one_hot_columns(table: Any) -> None:
    X, y = table
    bytes_ = X.astype({name: np.uint8 for name in X.columns if str(name).startswith("query_")})
    models = [WideDeepWithCoefficients(random_state=42).fit(columns, y) for columns in (X, bytes_)]
    assert (models[0].coef_ == models[1].coef_).all()
    assert (models[0].predict_proba(bytes_) == models[1].predict_proba(X)).all()


def test_arguments_are_those_of_logistic_regression(table: Any) -> None:
    theirs = set(inspect.signature(LogisticRegression).parameters)
    assert theirs <= set(inspect.signature(WideDeepWithCoefficients).parameters)
    given = WideDeepWithCoefficients(random_state=42, max_iter=1000, solver="liblinear", C=0.5)
    assert given.get_params()["solver"] == "liblinear" and clone(given).get_params() == given.get_params()
    X, y = table
    plain = WideDeepWithCoefficients(random_state=42).fit(X, y)
    assert (given.fit(X, y).predict_proba(X) == plain.predict_proba(X)).all()
    balanced = WideDeepWithCoefficients(random_state=42, class_weight={0: 9.0, 1: 1.0}).fit(X, y)
    assert balanced.predict_proba(X)[:, 1].mean() < plain.predict_proba(X)[:, 1].mean() - 0.1


def test_text_is_refused_with_the_columns_name(table: Any) -> None:
    X, y = table
    with pytest.raises(ValueError, match="'city' holds categories"):
        WideDeepWithCoefficients().fit(X.assign(city="北京"), y)


def test_a_model_file_keeps_the_model_and_a_pickle_all(table: Any, tmp_path: Path) -> None:
    X, y = table
    model = WideDeepWithCoefficients(random_state=42).fit(X, y)
    model.save(tmp_path / "m")
    loaded = WideDeepWithCoefficients.load(tmp_path / "m")
    assert type(loaded) is WideDeepClassifier
    assert (loaded.predict_proba(X.astype(float)) == model.predict_proba(X)).all()
    again = pickle.loads(pickle.dumps(model))
    assert (again.coef_ == model.coef_).all() and (again.predict_proba(X) == model.predict_proba(X)).all()


# --- a script of its kind ---

SCRIPT = """
import glob, pickle, sys
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

def main():
    df = pd.read_csv(max(glob.glob('ctr_data_*.csv')))
    X = pd.concat([df[['position', 'score']], pd.get_dummies(df['query'], prefix='query')], axis=1)
    model = LogisticRegression(random_state=42, max_iter=1000, solver='liblinear').fit(X, df['clicked'])
    print(type(model).__name__, model.coef_.shape == (1, X.shape[1]), LinearRegression.__module__.split('.')[0])
    print(sys.argv, __name__, __file__, sys.path[0])
    with open('ctr_lr_model.pkl', 'wb') as file:
        pickle.dump({'model': model, 'X': X}, file)

if __name__ == '__main__':
    main()
"""
OURS, THEIRS = "WideDeepWithCoefficients True sklearn", "LogisticRegression True sklearn"


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A testbed of the script alone, and a log as its data service's table writes it."""
    folder = tmp_path / "bed" / "src" / "search_engine" / "training_tab"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "ctr_lr_model.py").write_text(SCRIPT)
    (folder / "ctr_model.py").write_text("class CTRModel:\n    def predict_ctr(self): pass")
    records, _ = clicklog.generate(400, seed=1)
    pd.DataFrame(records).to_csv(tmp_path / "bed" / "ctr_data_20250101.csv", index=False)
    return tmp_path / "bed"


def run(scripts: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from testbed_adapter.commands.cli import main; sys.exit(main(sys.argv[1:]))"
    return python(code, "run", "--testbed", str(scripts), *arguments, **environment)


PATH = "src/search_engine/training_tab/ctr_lr_model.py"


def test_run_by_path_and_the_pickle_in_another_process(scripts: Path, fresh: Any) -> None:
    done = run(scripts, PATH, "--x")
    assert done.returncode == 0, done.stderr
    folder = scripts / "src" / "search_engine" / "training_tab"
    assert done.stdout.splitlines() == [OURS, f"['{PATH}', '--x'] __main__ {PATH} {folder}"]
    assert done.stderr == ""
    answer = fresh(
        "import pickle; it = pickle.load(open('ctr_lr_model.pkl', 'rb'))\n"
        "p = it['model'].predict_proba(it['X']); print(p.shape, bool(((p > 0) & (p < 1)).all()))",
        cwd=scripts,
    )
    assert answer == "(400, 2) True\n"


def test_run_as_a_module(scripts: Path) -> None:
    done = run(scripts, "-m", "src.search_engine.training_tab.ctr_lr_model")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == OURS


@pytest.mark.parametrize("written", [PATH, "ctr_lr_model.py"])
def test_plain_python_where_the_environment_is_switched(written: str, scripts: Path) -> None:
    """As a child of `run`, or after `enable`: the hook is there before the program is looked up."""
    path = f"{ROOT / 'testbed_adapter' / 'commands' / 'pythonpath'}:{ROOT}"
    cwd = scripts
    if written != PATH:
        cwd = scripts / "src" / "search_engine" / "training_tab"
        (scripts / "ctr_data_20250101.csv").rename(cwd / "ctr_data_20250101.csv")

    def plain(**environment: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, written, "-a"],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    shown = f"['{written}', '-a'] __main__"
    ours, theirs = plain(), plain(CTR_MODEL="logistic_regression")
    assert ours[0] == OURS and ours[1].startswith(shown)
    assert theirs[0] == THEIRS and theirs[1].startswith(shown)
    assert ours[1].endswith(f" {scripts / 'src' / 'search_engine' / 'training_tab'}")


def test_imported_and_its_main_called(scripts: Path, fresh: Any) -> None:
    start = "import sys, testbed_adapter; sys.path.insert(0, 'src/search_engine')\n"
    answer = fresh(
        start + "from training_tab import ctr_lr_model as before; before.main()\n"
        "testbed_adapter.install(); before.main()\n"
        "testbed_adapter.uninstall(); before.main()\n"
        "testbed_adapter.install(); del sys.modules['training_tab.ctr_lr_model']\n"
        "import importlib; after = importlib.import_module('training_tab.ctr_lr_model'); after.main()\n"
        "testbed_adapter.uninstall(); after.main()\n"
        "import sklearn.linear_model as theirs; print(theirs.LogisticRegression.__module__)",
        cwd=scripts,
    )
    said = answer.splitlines()
    assert said[0:10:2] == [THEIRS, OURS, THEIRS, OURS, THEIRS]
    assert said[-1] == "sklearn.linear_model._logistic"


def test_no_compiled_file_keeps_the_change(scripts: Path, fresh: Any) -> None:
    code = "import sys; sys.path.insert(0, 'src/search_engine')\n"
    code += "from training_tab import ctr_lr_model; ctr_lr_model.main()"
    switched = "import testbed_adapter; testbed_adapter.install()\n" + code
    caches = {"PYTHONDONTWRITEBYTECODE": ""}
    for _ in range(2):  # without a file and with one
        assert fresh(switched, cwd=scripts, **caches).splitlines()[0] == OURS
        assert fresh(code, cwd=scripts, **caches).splitlines()[0] == THEIRS
    assert list((scripts / "src").rglob("ctr_lr_model*.pyc"))


def test_the_logistic_regression_stays_when_it_is_asked_for(scripts: Path) -> None:
    assert run(scripts, "--model", "logistic_regression", PATH).stdout.splitlines()[0] == THEIRS


def test_other_scripts_keep_scikit_learns(scripts: Path) -> None:
    (scripts / "mine").mkdir()
    (scripts / "mine" / "ctr_lr_model.py").write_text(SCRIPT)
    assert run(scripts, "mine/ctr_lr_model.py").stdout.splitlines()[0] == THEIRS


def test_without_a_log_the_user_is_told_where_to_take_one_from(scripts: Path) -> None:
    (scripts / "ctr_data_20250101.csv").unlink()
    for arguments in ([PATH], ["-m", "src.search_engine.training_tab.ctr_lr_model"]):
        done = run(scripts, *arguments)
        assert f"{scripts} holds no ctr_data_*.csv" in done.stderr and "to_csv" in done.stderr


# --- the testbed's own ---


@pytest.mark.skipif(not TESTBED, reason="TESTBED names no checkout of the testbed")
class TestRealScript:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A working folder with a CSV of the testbed's DataService (get_samples_dataframe().to_csv)."""
        code = (
            f"import sys; sys.path.insert(0, {os.path.join(TESTBED, 'src')!r})\n"
            "from testbed_adapter import clicklog\n"
            "from search_engine.data_service import DataService\n"
            "service = DataService(); service.ctr_data = clicklog.generate(2000, seed=2)[0]\n"
            "service.get_samples_dataframe().to_csv('ctr_data_20250101.csv', index=False)\n"
        )
        done = python(code, cwd=tmp_path, PYTHONDONTWRITEBYTECODE="1")
        assert done.returncode == 0, done.stderr[-2000:]
        return tmp_path

    def test_it_runs_to_its_end(self, folder: Path) -> None:
        script = os.path.join(TESTBED, "src", "search_engine", "training_tab", "ctr_lr_model.py")
        done = run(folder, script, PYTHONDONTWRITEBYTECODE="1", MPLBACKEND="Agg")
        assert done.returncode == 0, done.stderr[-2000:]
        assert "训练完成" in done.stdout and "特征系数" in done.stdout and "Traceback" not in done.stderr
        assert "testbed_adapter" not in done.stderr
        for name in ("ctr_lr_results.png", "ctr_lr_analysis_report.md"):
            assert (folder / name).stat().st_size > 1000
        with open(folder / "ctr_lr_model.pkl", "rb") as file:
            info = pickle.load(file)
        assert type(info["model"]) is WideDeepWithCoefficients
        assert info["model"].coef_.shape == (1, len(info["feature_names"]))

    @pytest.mark.parametrize(("records", "seeds"), [(20_000, (0,)), (2_000, range(12))])
    def test_it_beats_the_logistic_regression(self, records: int, seeds: Any) -> None:
        """On the script's own features and split, from its own functions. A test set of 400 rows tells little, so that
        the small logs are several, and their means are compared."""
        code = (
            f"import json, sys; sys.path.insert(0, {os.path.join(TESTBED, 'src')!r})\n"
            "from search_engine.training_tab import ctr_lr_model as script\n"
            "from testbed_adapter import clicklog; import pandas as pd\n"
            f"for seed in {list(seeds)}:\n"
            f"    df = pd.DataFrame(clicklog.generate({records}, seed)[0])\n"
            "    X = script.preprocess_features(df)\n"
            "    model, parts, (_, p) = script.train_logistic_regression(X, df['clicked'])\n"
            "    print(json.dumps([type(model).__name__, parts[3].tolist(), p.tolist()]))\n"
        )
        figures: dict[str, list[tuple[float, float]]] = {}
        for switch in ("", "import testbed_adapter; testbed_adapter.install()\n"):
            done = python(switch + code, PYTHONDONTWRITEBYTECODE="1")
            assert done.returncode == 0, done.stderr[-2000:]
            for line in done.stdout.splitlines():
                if line.startswith("["):
                    name, y, p = json.loads(line)
                    figures.setdefault(name, []).append((roc_auc_score(y, p), log_loss(y, p)))
        auc, loss = np.mean(figures["WideDeepWithCoefficients"], axis=0)
        their_auc, their_loss = np.mean(figures["LogisticRegression"], axis=0)
        print(f"{records} records: AUC {auc:.4f}, LR {their_auc:.4f}; log loss {loss:.4f}, LR {their_loss:.4f}")
        assert auc > their_auc and loss < their_loss
