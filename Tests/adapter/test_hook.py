"""The switch, on a miniature of the testbed (Tests/host), in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import testbed_adapter
from testbed_adapter.switch import hook
from Tests.adapter.support import ROOT, python

HOST = ROOT / "Tests" / "host"
SETUP = f"""
import sys; sys.path.insert(0, {str(HOST)!r})
import testbed_adapter
def owner(kind): return kind.__module__.split('.')[0]
"""


def test_importing_the_package_is_cheap(fresh: Any) -> None:
    code = (
        "import sys; import testbed_adapter; testbed_adapter.install(); testbed_adapter.__version__\n"
        "print([name for name in ('numpy', 'sklearn', 'pyarrow', 'ctypes', 'jieba') if name in sys.modules])\n"
        "from testbed_adapter import WideDeepClassifier; WideDeepClassifier()\n"
        "import testbed_adapter.host.ctr_model as m; m.CTRModel()\n"
        "print('libctr_models' in open('/proc/self/maps').read(), 'jieba' in sys.modules)"
    )
    assert fresh(code, CTR_MODELS_LIBRARY="/nowhere") == "[]\nFalse False\n"


def test_both_slots_are_ours(fresh: Any) -> None:
    answer = fresh(
        SETUP + "print(testbed_adapter.install(), testbed_adapter.install())\n"
        "from search_engine.training_tab import ctr_model, CTRModel\n"
        "from search_engine.training_tab.ctr_wide_deep_model import WideAndDeepCTRModel\n"
        "from search_engine import model_service\n"
        "for kind in (CTRModel, ctr_model.CTRModel, ctr_model.model_in_module, model_service.CTRModel,\n"
        "             ctr_model.HostCTRModel, WideAndDeepCTRModel):\n"
        "    print(owner(kind), kind.__name__)\n"
        "import inspect\n"
        "print('rate' in inspect.getsource(ctr_model), ctr_model.__spec__.origin == ctr_model.__file__)\n"
        "from search_engine.training_tab import ctr_wide_deep_model as deep\n"
        "print(deep.__file__.endswith('ctr_wide_deep_model.py'), 'tensorflow' in sys.modules)"
    )
    assert answer.splitlines() == [
        "True True",
        "testbed_adapter CTRModel",
        "testbed_adapter CTRModel",
        "testbed_adapter CTRModel",
        "testbed_adapter CTRModel",
        "search_engine CTRModel",
        "testbed_adapter WideAndDeepCTRModel",
        "True True",
        "True False",
    ]


def test_modules_imported_before_are_patched(fresh: Any) -> None:
    answer = fresh(
        SETUP + "from search_engine.training_tab import CTRModel as taken\n"
        "from search_engine import model_service, training_tab\n"
        "testbed_adapter.install()\n"
        "print(owner(taken), owner(model_service.CTRModel), owner(training_tab.CTRModel))\n"
        "print(owner(type(model_service.ModelService().ctr_model)))\n"
    )
    assert answer.splitlines() == ["testbed_adapter testbed_adapter testbed_adapter", "testbed_adapter"]


@pytest.mark.parametrize(
    "before", ["", "from search_engine.training_tab import CTRModel; import search_engine.model_service\n"]
)
def test_uninstall(before: str, fresh: Any) -> None:
    answer = fresh(
        SETUP + before + "testbed_adapter.install()\n"
        "from search_engine import model_service\n"
        "from search_engine.training_tab import CTRModel, ctr_model\n"
        "import search_engine.training_tab.ctr_wide_deep_model\n"
        "from testbed_adapter.host.ctr_model import CTRModel as ours\n"
        "testbed_adapter.uninstall(); testbed_adapter.uninstall()\n"
        "print(owner(model_service.CTRModel), owner(ctr_model.CTRModel), owner(ours))\n"
        "assert not hasattr(ctr_model, 'HostCTRModel')\n"
        "try:\n"
        "    import search_engine.training_tab.ctr_wide_deep_model\n"
        "except ImportError as error:\n"
        "    print(error.name)\n"
        "testbed_adapter.install()\n"
        "print(owner(ctr_model.CTRModel), owner(model_service.CTRModel))"
    )
    assert answer.splitlines() == [
        "search_engine search_engine testbed_adapter",
        "a_framework_that_is_not_installed",
        "testbed_adapter testbed_adapter",
    ]


def test_the_logistic_regression_stays(fresh: Any) -> None:
    code = (
        SETUP + "print(testbed_adapter.install(*sys.argv[1:]))\n"
        "from search_engine.training_tab import ctr_model\n"
        "print(owner(ctr_model.CTRModel), hasattr(ctr_model, 'HostCTRModel'), 'numpy' in sys.modules)"
    )
    expected = "False\nsearch_engine False False\n"
    assert fresh(code, CTR_MODEL="logistic_regression") == expected
    assert fresh(code, "logistic_regression", CTR_MODEL="wide_deep") == expected
    assert fresh(code, "wide_deep", CTR_MODEL="logistic_regression").startswith("True\ntestbed_adapter")


def test_names_there_are_not() -> None:
    done = python(SETUP + "testbed_adapter.install()", CTR_MODEL="deep")
    assert done.returncode != 0
    models = ", ".join(one["model"] for one in testbed_adapter.models())
    assert (
        f"ValueError: CTR_MODEL='deep' is no model to choose; there are {models}; "
        "beside_lr, beside_lr:lr …; logistic_regression" in done.stderr
    )
    for name in ("lr:beside_lr", "beside_lr:", "beside_lr:deep", "logistic_regression:lr", "DeepFM", ""):
        with pytest.raises(ValueError, match=f"model='{name}' is no model"):
            hook.install(name)
    assert hook.present() is None


def test_other_modules_of_such_a_name_are_left_alone(tmp_path: Path, fresh: Any) -> None:
    (tmp_path / "ctr_model.py").write_text("CTRModel = 7")
    (tmp_path / "mytraining_tab").mkdir()
    (tmp_path / "mytraining_tab" / "ctr_model.py").write_text("CTRModel = 8")
    answer = fresh(
        SETUP + f"sys.path.insert(0, {str(tmp_path)!r}); testbed_adapter.install()\n"
        "import ctr_model, mytraining_tab.ctr_model as other; print(ctr_model.CTRModel, other.CTRModel)\n"
        "try:\n"
        "    import no_such.training_tab.ctr_model\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error.name)"
    )
    assert answer == "7 8\nno_such\n"


# Modules and classes of the testbed's names, of another program.
FOREIGN = {
    "__init__.py": "",
    "model_service.py": "class ModelService:\n    def train_model(self, data): return data\n"
    "    def get_feature_importance(self): return {}\n",
    "training_tab/__init__.py": "from .ctr_model import CTRModel",
    "training_tab/ctr_model.py": "class CTRModel: pass",
    "training_tab/ctr_wide_deep_model.py": "class WideAndDeepCTRModel: pass",
    "training_tab/ctr_lr_model.py": "from sklearn.linear_model import LogisticRegression",
    "training_tab/model_interpretability.py": "class ModelInterpretability:\n"
    "    def prepare_lime_explainer(self, data, names): return names\n"
    "    def get_feature_importance_from_model(self, model): return {}\n",
}
LOOK = """
import importlib, sys
package = sys.argv[1] + '.' if sys.argv[1] else ''
for name, kind in (('model_service', 'ModelService'), ('training_tab.ctr_model', 'CTRModel'),
                   ('training_tab.ctr_wide_deep_model', 'WideAndDeepCTRModel'),
                   ('training_tab.ctr_lr_model', 'LogisticRegression'),
                   ('training_tab.model_interpretability', 'ModelInterpretability')):
    module = importlib.import_module(package + name)
    kind = getattr(module, kind)
    wrapped = [key for key, value in vars(kind).items() if hasattr(value, '_testbed_adapter_host')]
    print(kind.__module__, wrapped, [key for key in vars(module) if key.startswith(('Host', '_host'))])
print([name for name in sys.modules if name.startswith('testbed_adapter.') and 'ctr_model' in name])
"""


@pytest.mark.parametrize("imported", ["before", "after"])
@pytest.mark.parametrize("package", ["acme", "acme.search_engine", "", "search_engine"])
def test_another_programs_modules_of_such_names_stay_as_they_are(
    package: str, imported: str, tmp_path: Path, fresh: Any
) -> None:
    folder = tmp_path.joinpath(*package.split("."))
    for name, source in FOREIGN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    if folder.name == "search_engine":  # its model is another one
        (folder / "training_tab" / "ctr_model.py").write_text("class CTRModel: pass")
    switch = "import testbed_adapter; testbed_adapter.install()\n"
    quiet = "print = lambda *said: None\n" + LOOK + "del print\n"
    look = {"after": switch + LOOK, "before": quiet + switch + LOOK}[imported]
    done = python("import sys; sys.path.insert(0, '.')\n" + look, package, cwd=tmp_path)
    plain = python("import sys; sys.path.insert(0, '.')\n" + LOOK, package, cwd=tmp_path)
    assert (done.returncode, plain.returncode, done.stderr, plain.stderr) == (0, 0, "", "")
    assert done.stdout == plain.stdout and "[]" in plain.stdout.splitlines()[-1]


def test_another_programs_script_of_that_name_runs_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "acme" / "training_tab"
    folder.mkdir(parents=True)
    (folder / "ctr_lr_model.py").write_text(
        "from sklearn.linear_model import LogisticRegression as it; print(it.__name__)"
    )
    for command in (["acme/training_tab/ctr_lr_model.py"], ["-m", "acme.training_tab.ctr_lr_model"]):
        done = run("run", "--testbed", str(tmp_path), *command)
        assert (done.returncode, done.stdout, done.stderr) == (0, "LogisticRegression\n", "")


def test_a_checkout_by_another_name_is_the_testbeds(tmp_path: Path, fresh: Any) -> None:
    (tmp_path / "engine").symlink_to(HOST / "search_engine")
    answer = fresh(
        SETUP + "testbed_adapter.install()\nfrom engine.training_tab.ctr_model import CTRModel; print(owner(CTRModel))"
    )
    assert answer == "testbed_adapter\n"


SERVICE = (
    SETUP + "testbed_adapter.install()\n"
    "from Tests.adapter.support import click_log\n"
    "from search_engine.model_service import ModelService\n"
    "service, log = ModelService(), click_log(300)\n"
    "class Data: get_all_samples = staticmethod(lambda: log)\n"
)


def test_the_service_trains_saves_and_reloads_both_slots(workdir: Path, fresh: Any) -> None:
    say = "print([service.predict_ctr(log[5], slot).hex() for slot in ('logistic_regression', 'wide_and_deep')])"
    trained = fresh(
        SERVICE + "for slot in ('logistic_regression', 'wide_and_deep'):\n"
        "    assert service.switch_model(slot) and service.train_model(Data)['success']\n" + say,
        cwd=workdir,
    )
    files = sorted(str(path.relative_to(workdir)) for path in workdir.rglob("*") if path.is_file())
    assert files == [
        *("models/ctr_model.pkl", "models/offline/ctr_model.pkl", "models/offline/ctr_model_info.json"),
        *("models/offline/wide_deep_ctr_model.h5", "models/offline/wide_deep_ctr_model_info.json"),
        "models/wide_deep_ctr_model",
    ]
    again = fresh(SERVICE + "assert service.ctr_model.is_trained\n" + say, cwd=workdir)
    assert again.splitlines()[-1] == trained.splitlines()[-1]


# --- python -m testbed_adapter ---


def run(*arguments: str, cwd: Any = None, **environment: str) -> Any:
    code = (
        "import runpy, sys; sys.argv[0] = 'm'; runpy.run_module('testbed_adapter', run_name='__main__', alter_sys=True)"
    )
    return python(code, *arguments, cwd=cwd, **environment)


def said(done: Any) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_run(tmp_path: Path) -> None:
    answer = said(run("run", "--testbed", str(HOST), "script.py", "--port", "1", cwd=tmp_path))
    assert answer["argv"] == ["script.py", "--port", "1"]
    assert answer["cwd"] == answer["path0"] == str(HOST)
    assert answer["main"] is True and answer["file"] == "script.py"
    for who in ("class", "service", "child", "worker", "deep"):
        assert answer[who] == "testbed_adapter", who


@pytest.mark.parametrize("way", ["argument", "environment"])
def test_run_with_the_logistic_regression(way: str, tmp_path: Path) -> None:
    arguments = ["--model", "logistic_regression"] if way == "argument" else []
    environment = {} if way == "argument" else {"CTR_MODEL": "logistic_regression"}
    answer = said(run("run", "--testbed", str(HOST), *arguments, "script.py", **environment))
    for who in ("class", "service", "child", "worker"):
        assert answer[who] == "search_engine", who
    assert answer["deep"] == "a_framework_that_is_not_installed"


def test_run_a_module(tmp_path: Path) -> None:
    answer = said(run("run", "--testbed", str(HOST), "-m", "script", "-x", "--testbed", "y", cwd=tmp_path))
    assert answer["argv"][1:] == ["-x", "--testbed", "y"]
    assert answer["class"] == answer["child"] == "testbed_adapter"


def test_run_passes_exits_and_errors_through(tmp_path: Path) -> None:
    assert run("run", "--testbed", str(HOST), "script.py", "--exit", "7").returncode == 7
    (tmp_path / "fails.py").write_text("1 / 0")
    done = run("run", "--testbed", str(tmp_path), "fails.py")
    assert done.returncode == 1 and "ZeroDivisionError" in done.stderr
    # A path that is relative to where the command was given, not to the testbed.
    (tmp_path / "here.py").write_text("import os, sys; print(os.getcwd(), sys.path[0])")
    done = run("run", "--testbed", str(HOST), "here.py", cwd=tmp_path)
    assert done.stdout == f"{HOST} {tmp_path}\n"


def test_run_keeps_the_environments_own_sitecustomize(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.own = 'ran'")
    (tmp_path / "main.py").write_text(
        "import subprocess, sys\n"
        "print(subprocess.run([sys.executable, '-c', 'print(own)'], capture_output=True, text=True).stdout)"
    )
    # The first process has it by its own start; the child's must be found behind the one that switches it.
    done = run("run", "--testbed", str(tmp_path), "main.py", PYTHONPATH=f"{ROOT}:{tmp_path}")
    assert done.stdout.strip() == "ran", done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([], 2, "run a script of the testbed"),
        (["--help"], 0, "examples:"),
        (["--version"], 0, "0.1.0"),
        (["run", "--help"], 0, "SCRIPT"),
        (["compare", "--help"], 0, "--records"),
        (["doctor", "--help"], 0, "--json"),
        (["enable", "--help"], 0, "--model"),
        (["disable", "--help"], 0, "site-packages"),
        (["run"], 2, "--testbed"),
        (["run", "--testbed", "/no/such/folder", "script.py"], 2, "no such folder"),
        (["run", "--testbed", str(HOST)], 2, "SCRIPT"),
        (["run", "--testbed", str(HOST), "-m"], 2, "module"),
        (["run", "--testbed", str(HOST), "no_such_script.py"], 2, "no_such_script.py"),
        (["run", "--testbed", str(HOST), "--model", "deep", "script.py"], 2, "logistic_regression"),
        (["paint"], 2, "paint"),
    ],
)
def test_the_command_line_says_what_it_wants(arguments: list[str], code: int, says: str) -> None:
    done = run(*arguments)
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_run_says_at_once_that_the_library_is_missing() -> None:
    done = run("run", "--testbed", str(HOST), "script.py", CTR_MODELS_LIBRARY="/nowhere.so")
    assert done.returncode == 1 and "/nowhere.so: no such file" in done.stderr and "Traceback" not in done.stderr
    done = run("run", "--testbed", str(HOST), "script.py", CTR_MODEL="deep")
    assert done.returncode == 1 and "wide_deep, deepfm" in done.stderr
