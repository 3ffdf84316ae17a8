"""`python -m testbed_adapter hand-in`: a report whose every figure is true, in both languages, and nothing lost."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler

from testbed_adapter.commands import checkout_state, cli, whole_file
from testbed_adapter.commands.hand_in import switched
from testbed_adapter.commands.hand_in.markdown import Markdown
from testbed_adapter.host.ctr_model import CTRModel
from testbed_adapter.host.evaluation import split
from testbed_adapter.lab.clicklog import generate, is_generated
from testbed_adapter.lab.compare.run import BASELINE, DEEP, LR, WIDE, WIDE_DEEP
from testbed_adapter.lab.compare.table import COLUMNS, shown
from testbed_adapter.lab.hand_in import bootstrap
from testbed_adapter.messages.figures import FIGURES
from testbed_adapter.messages.hand_in_report import ASKED
from testbed_adapter.switch.choice import Choice
from testbed_adapter.switch.patches import CHANGES
from Tests.adapter import results_keys
from Tests.adapter.lr_features import lr_features
from Tests.adapter.report_reader import said
from Tests.adapter.small_testbed import make_testbed

NAME = "李华 | 2024<b>*1*</b>"
RECORDS = 400


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


class Opened:
    """On unpickling it leaves a file."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def __reduce__(self) -> Any:
        return open, (self._path, "w")


class Made(NamedTuple):
    testbed: Path
    records: list[dict[str, Any]]
    out: Path
    again: dict[str, Any]  # the results of a second run
    answer: dict[str, Any]  # of the page's training

    def read(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")

    @property
    def results(self) -> dict[str, Any]:
        return json.loads(self.read("results.json"))

    def figures(self, key: str) -> dict[str, float]:
        (found,) = [model["mean"] for model in self.results["models"] if model["key"] == key]
        return found

    def without_log(self, text: str) -> str:
        """A text of the report, without what the log holds."""
        for query in {record["query"] for record in self.records}:
            text = text.replace(query, "")
        return text


def hand_in(*given: object) -> int:
    return cli.main(["hand-in", *map(str, given)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A checkout under git, its page's models beside the log, and two runs of the command."""
    folder = tmp_path_factory.mktemp("hand-in")
    testbed = make_testbed(folder / "bed")
    (testbed / ".gitignore").write_text("models/\n")
    git(testbed, "init", "-q")
    git(testbed, "add", "-A")
    git(testbed, "commit", "-qm", "as published")
    records, _ = generate(RECORDS, seed=3)
    # A record of the page's own, and a text that must stay text.
    records[0].update(request_id="20250106080000000000_0a1b2c3d", summary="a | b <i>*c*</i> _d_ & e")
    (testbed / "models" / "offline").mkdir(parents=True)
    (testbed / "models" / "ctr_data.json").write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    model = CTRModel()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(testbed)
        answer = model.train(records)
        patch.chdir(folder)
        for name in ("CTR_MODEL", "LANGUAGE"):
            patch.delenv(name, raising=False)
        pickled = pickle.dumps([Opened(folder / "unpickled"), LogisticRegression()])
        (testbed / "models" / "offline" / "ctr_model.pkl").write_bytes(pickled)
        before = tree(testbed)
        assert hand_in("--testbed", "bed", "--name", NAME, "--language", "both") == 0
        assert hand_in("--testbed", "bed", "--name", NAME, "--out", "again") == 0
        assert tree(testbed) == before and not (folder / "unpickled").exists()
        assert sorted(os.listdir(folder)) == ["again", "bed", "hand-in"]
    again = json.loads((folder / "again" / "results.json").read_text(encoding="utf-8"))
    return Made(testbed, records, folder / "hand-in", again, answer)


def tree(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def rows(markdown: str, heading: str) -> dict[str, list[str]]:
    """Of the tables under a heading: first cell → the others."""
    part = markdown.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in part.splitlines() if line.startswith("|")]
    return {cells[0].strip(): [cell.strip().strip("*") for cell in cells[1:]] for cells in lines}


# --- true figures ---


@pytest.mark.parametrize(("language", "heading"), [("en", "Before and after"), ("zh", "更换前后")])
def test_the_table_is_that_of_the_results(made: Made, language: str, heading: str) -> None:
    found = rows(made.read(f"hand-in.{language}.md"), heading)
    assert found[""] == [getattr(FIGURES[column.key].title, language) for column in COLUMNS]
    names = {model["key"]: model["name"] for model in made.results["models"]}
    assert list(names) == [LR, WIDE_DEEP, WIDE, DEEP, BASELINE]
    if language == "zh":
        names = dict(zip(names, ("LR 逻辑回归（测试床）", "Wide & Deep", "仅宽部", "仅深部", "总是不点击")))
    for key, name in names.items():
        assert found[name] == [shown(column, made.figures(key)) for column in COLUMNS], name


def test_figures_are_what_training_here_gives(made: Made) -> None:
    """Ours as the page's own training reported them; the LR's worked out anew from the testbed's description."""
    ours, lr = made.figures(WIDE_DEEP), made.figures(LR)
    for name in ("auc", "accuracy", "f1"):
        assert ours[name] == pytest.approx(made.answer[name], abs=6e-5)
    labels = np.array([record["clicked"] for record in made.records])
    train, test = split(labels)
    scaled = StandardScaler().fit_transform(lr_features(made.records))
    model = LogisticRegression(random_state=42, max_iter=1000, C=10.0, class_weight="balanced", solver="liblinear")
    predicted = model.fit(scaled[train], labels[train]).predict_proba(scaled[test])[:, 1]
    assert lr["auc"] == pytest.approx(roc_auc_score(labels[test], predicted))
    assert lr["log_loss"] == pytest.approx(log_loss(labels[test], predicted))
    assert lr["accuracy"] == pytest.approx(accuracy_score(labels[test], predicted > 0.5))
    assert lr["train_seconds"] > 0.3


def test_a_second_run_gives_the_same_figures(made: Made) -> None:
    def timeless(value: Any) -> Any:
        if isinstance(value, dict):
            # The command differs, as it wrote elsewhere.
            apart = ("train_seconds", "predict_new_us", "predict_seen_us", "date", "command", "train_seconds_ratio")
            apart += ("predict_new_us_ratio", "predict_seen_us_ratio")
            return {key: timeless(one) for key, one in value.items() if key not in apart}
        return [timeless(one) for one in value] if isinstance(value, list) else value

    assert timeless(made.again) == timeless(made.results)


def test_keys_are_documented(made: Made) -> None:
    results_keys.check(made.results)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_log_and_run_are_told(made: Made, language: str) -> None:
    text, data = made.read(f"hand-in.{language}.md"), (made.testbed / "models" / "ctr_data.json").read_bytes()
    clicks = sum(record["clicked"] for record in made.records)
    times = [record["timestamp"] for record in made.records]
    rate = {"en": "**click rate**: ", "zh": "**点击率**: "}[language]
    for told in (
        f"{rate}{clicks / RECORDS:.4f}\n",
        f": {RECORDS}\n",
        f": {clicks}\n",
        f": {min(times)} … {max(times)}\n",
        f": {hashlib.sha256(data).hexdigest()}\n",
        f"numpy {np.__version__}",
        git(made.testbed, "rev-parse", "HEAD"),
        "CTR_MODEL=wide_deep",
        "python -m testbed_adapter hand-in --testbed bed --name '李华 | 2024<b>*1*</b>' --seed 0 --out hand-in",
        "李华 \\| 2024&lt;b&gt;\\*1\\*&lt;/b&gt;",
        {"en": "399 of 400 records have the generator's mark", "zh": "400 条中 399 条有生成器的标记"}[language],
        {"en": "files are unchanged", "zh": "文件没有改动"}[language],
    ):
        assert told in text, told
    for question in ASKED:
        assert getattr(question, language) in text
    assert (
        made.results["log"]["records"] == RECORDS
        and made.results["hand_in"]["log_file"]["generated_records"] == RECORDS - 1
    )
    assert all(map(is_generated, made.records[1:])) and not is_generated({"request_id": None})


def test_models_of_the_page_are_told_and_never_unpickled(made: Made) -> None:
    found = rows(made.read("hand-in.en.md"), "Trained in the testbed's own page")
    ours, pickled = found["models/ctr_model.pkl"], found["models/offline/ctr_model.pkl"]
    figures = [f"{made.answer[name]:.4f}" for name in ("auc", "accuracy", "f1")]
    size = (made.testbed / "models" / "ctr_model.pkl").stat().st_size
    assert ours[0] == "Wide & Deep (testbed_adapter)" and ours[2:] == [f"{size:,} B", "this log", *figures]
    assert pickled[0] == "pickle of the LR" and pickled[3:] == ["–"] * 4


def test_the_prediction_is_predict_ctrs(made: Made) -> None:
    example = made.results["hand_in"]["example"]
    record, model = example["record"], CTRModel()
    assert record in made.records and record["clicked"] == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made.testbed)
        assert model.load_model()
    shown = [record[name] for name in ("query", "doc_id", "position", "score", "summary")]
    assert example["predict_ctr"][WIDE_DEEP] == pytest.approx(model.predict_ctr(*shown)) == example["probability"]
    total = example["bias"] + example["deep"] + sum(term["weight"] for term in example["terms"])
    assert total == pytest.approx(example["logit"], abs=1e-4)
    for language in ("en", "zh"):
        told = made.read(f"hand-in.{language}.md")
        assert f": {example['probability']:.4f}\n" in told
        for summand in (
            example["bias"],
            example["deep"],
            example["logit"],
            *(one["weight"] for one in example["terms"]),
        ):
            assert f"| {summand:+.3f} |\n" in told


# --- chance ---


def test_resamples_are_weighted_figures() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, 80)
    predictions = {"a": random.random(80).round(1), "b": random.random(80)}  # the first with many ties
    found = bootstrap.resampled(labels, predictions, seed=5, draws=20)
    drawn = np.random.default_rng([5, 6])
    for place in range(20):
        picked = drawn.integers(80, size=80)
        for key, predicted in predictions.items():
            assert found[key][place, 0] == pytest.approx(roc_auc_score(labels[picked], predicted[picked]))
            assert found[key][place, 1] == pytest.approx(log_loss(labels[picked], predicted[picked]))


def test_intervals_tell_noise_from_more() -> None:
    random = np.random.default_rng(2)
    labels = (random.random(2000) < 0.3).astype(int)
    better = np.clip(0.3 + 0.3 * (labels - 0.3) + random.normal(0, 0.1, 2000), 0.01, 0.99)
    predictions = {"better": better, "same": better.copy(), "guess": random.random(2000)}
    measured = {
        key: {"auc": roc_auc_score(labels, one), "log_loss": log_loss(labels, one)} for key, one in predictions.items()
    }
    found = bootstrap.differences(measured, bootstrap.resampled(labels, predictions, 0, 200), "better")
    assert [(one.other, one.figure, one.better) for one in found] == [
        ("same", "auc", ""), ("same", "log_loss", ""), ("guess", "auc", "better"), ("guess", "log_loss", "better"),
    ]  # fmt: skip
    for one in found:
        assert one.interval.low <= one.interval.mean <= one.interval.high
    worse = bootstrap.differences(measured, bootstrap.resampled(labels, predictions, 0, 200), "guess")
    assert {one.better for one in worse} == {"better", "same"}
    # One click in ten rows: resamples without it have no AUC.
    few = bootstrap.resampled(np.eye(10, dtype=int)[0], {"a": np.linspace(0, 1, 10)}, 0, 200)["a"]
    assert 100 < len(few) < 160 and np.isfinite(few).all()


def test_differences_are_those_of_the_table(made: Made) -> None:
    text, pairs = made.read("hand-in.en.md"), made.results["hand_in"]["differences"]["pairs"]
    assert [(one["less"], one["figure"]) for one in pairs] == [
        (other, figure) for other in (LR, WIDE, DEEP) for figure in ("auc", "log_loss")
    ]
    for one in pairs:
        assert one["mean"] == pytest.approx(
            made.figures(WIDE_DEEP)[one["figure"]] - made.figures(one["less"])[one["figure"]]
        )
        assert f"| {one['mean']:+.4f} | {one['low']:+.4f} … {one['high']:+.4f} |" in text
    assert "is better" in text  # in log loss the balanced LR is far off
    labels = np.array([record["clicked"] for record in made.records])
    assert made.results["hand_in"]["log_file"]["test_clicks"] == labels[split(labels)[1]].sum()


# --- the files ---


def test_files_and_their_links(made: Made) -> None:
    names = sorted(os.listdir(made.out))
    assert {"hand-in.html", "hand-in.en.md", "hand-in.zh.md", "results.json"} < set(names)
    linked = []
    for language in ("en", "zh"):
        found = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", made.read(f"hand-in.{language}.md"))
        assert len(found) >= 6
        linked += [name for _, name in found]
        for label, name in found:
            picture = made.read(name)
            root = ElementTree.fromstring(picture)
            assert root.tag == "{http://www.w3.org/2000/svg}svg" and "var(" not in picture
            assert not re.search("nan|inf", re.sub("<(title|text)[^>]*>[^<]*", "", picture))
            words = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
            assert bool(re.search("[\u4e00-\u9fff]", made.without_log(words))) == (language == "zh"), name
            assert bool(re.search("[\u4e00-\u9fff]", label)) == (language == "zh"), label
    assert sorted(linked) == [name for name in names if name.endswith(".svg")]
    learning = made.read("learning-curve-wide-deep.en.svg")
    assert ">Wide &amp; Deep <" in learning and "training" in learning and "validation" in learning
    legend = made.read("roc-curves.en.svg")
    for key in (LR, WIDE_DEEP, WIDE, DEEP):
        assert f">{made.figures(key)['auc']:.4f}</tspan>" in legend
    assert json.loads((made.out.parent / "again" / "results.json").read_text())["hand_in"]["student"] == NAME
    assert (made.out.parent / "again" / "hand-in.en.md").exists()  # the locale's alone
    assert not (made.out.parent / "again" / "hand-in.zh.md").exists()


def test_page_stands_alone_in_both_languages(made: Made) -> None:
    page = made.read("hand-in.html")
    body = ElementTree.fromstring(re.search("<main>.*</main>", page, re.S)[0])  # type: ignore[index]
    for node in body.iter():
        assert not {"src", "href", "srcset"} & set(node.attrib)
        languages = [child.get("lang") for child in node if child.get("lang")]
        assert languages == ["en", "zh"] * (len(languages) // 2)
        if node.get("lang") == "en":
            assert not re.search("[\u4e00-\u9fff]", made.without_log(node.text or "")), node.text
    assert page.count("<script") == 1 and "default-src 'none'" in page
    assert len([node for node in body.iter("div") if node.get("contenteditable")]) == len(ASKED)
    titles = list(body.iter("h2"))
    assert len(titles) == 13 and all(said(node) != said(node, "zh") for node in titles)


def test_markdown_keeps_the_log_s_text_text() -> None:
    evil = "a|b <i>*c*</i> &amp;lt; `d` [e](f) $x$ __g__ h_i\x00"
    shown = evil.replace("<", "&lt;").replace(">", "&gt;").replace("&amp;lt;", "&amp;amp;lt;")
    page = f'<section><div><table><tr><th>q</th></tr><tr><td class="best">{shown}</td></tr></table></div></section>'
    text = Markdown(page, "en").text
    assert text.splitlines()[-1] == (
        "| **a\\|b &lt;i&gt;\\*c\\*&lt;/i&gt; &amp;amp;lt; \\`d\\` \\[e\\](f) \\$x\\$ \\__g_\\_ h_i\ufffd** |"
    )


# --- the testbed ---


def test_checkout_states(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(made.testbed, copy)
    commit = git(copy, "rev-parse", "HEAD")
    assert checkout_state.look(copy) == checkout_state.CheckoutState(commit, [])
    (copy / "src/search_engine/training_tab/ctr_model.py").write_text("mine")
    (copy / "untracked.txt").write_text("")
    state = checkout_state.look(copy)
    assert state.commit == commit and state.changed == ["src/search_engine/training_tab/ctr_model.py"]
    shutil.rmtree(copy / ".git")
    assert checkout_state.look(copy).commit is None and "no git repository" in str(checkout_state.look(copy).unknown)
    git(tmp_path, "init", "-q")  # another's repository around it
    assert checkout_state.look(copy).commit is None
    monkeypatch.setenv("PATH", str(tmp_path))
    unknown = checkout_state.look(made.testbed)
    assert unknown.changed is None and "git is not installed" in str(unknown.unknown)


def test_every_change_of_the_switch_has_words() -> None:
    for text, expected in (
        ("wide_deep", ["Wide & Deep", "Wide & Deep"]),
        ("deepfm", ["DeepFM", "DeepFM"]),
        ("beside_lr", ["as before", "Wide & Deep"]),
        ("beside_lr:dcn", ["as before", "DCN"]),
        ("logistic_regression", ["as before", "as before"]),
    ):
        choice = Choice(text, "model")
        assert [one.module for one in switched.changes(choice)] == [
            change.module for change in CHANGES if choice.holds in change.under
        ]
        assert [slot.after.en.split(":")[0] for slot in switched.slots(choice)] == expected


# --- what goes wrong ---


def test_a_report_is_never_lost_unasked(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    path = made.out / "hand-in.en.md"
    before = path.read_bytes()
    assert hand_in("--testbed", made.testbed, "--out", made.out) == 1
    said = capsys.readouterr().err
    assert "--force" in said and "hand-in.en.md" in said and len(said.splitlines()) == 1
    assert path.read_bytes() == before


def test_problems_are_one_line_with_what_to_do(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(code: int, *given: object) -> str:
        assert hand_in(*given, "--out", tmp_path / "out") == code
        said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("[")]
        assert len(said) == 1 and said[0].startswith("hand-in: "), said
        return said[0]

    assert "is no checkout of the testbed" in told(2, "--testbed", tmp_path)
    empty = make_testbed(tmp_path / "bed")
    command = f"python -m testbed_adapter log --testbed {empty}"
    assert told(1, "--testbed", empty).endswith(f"have one generated: {command}")
    log = empty / "models" / "ctr_data.json"
    log.parent.mkdir()
    few = [{**record, "clicked": int(place == 0)} for place, record in enumerate(made.records[:40])]
    log.write_text(json.dumps(few))
    said = told(1, "--testbed", empty)
    assert f"{log}: 1 clicks on 40 records" in said and said.endswith(f"{command} --append")
    older = [{key: value for key, value in record.items() if key != "summary"} for record in few]
    log.write_text(json.dumps(older))
    said = told(1, "--testbed", empty)
    assert "no field summary" in said and said.endswith(f"{command} --force")
    assert "cannot be read" in told(1, "--testbed", empty, "--data", tmp_path / "none.csv")
    (tmp_path / "file").write_text("")
    assert hand_in("--testbed", empty, "--out", tmp_path / "file" / "out") == 1
    assert "cannot be written to" in capsys.readouterr().err
    monkeypatch.setenv("CTR_MODEL", "nothing")
    assert "CTR_MODEL='nothing'" in told(2, "--testbed", empty)
    assert os.listdir(tmp_path / "out") == []


def test_ctrl_c_says_what_was_written(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = whole_file.write, []

    def interrupted(path: Path, content: bytes) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(path)
        write(path, content)

    monkeypatch.setattr(whole_file, "write", interrupted)
    (tmp_path / "log.json").write_text(json.dumps(made.records[:150]))
    given = "--testbed", made.testbed, "--data", tmp_path / "log.json"
    assert hand_in(*given, "--out", tmp_path / "out") == 130
    assert capsys.readouterr().err.splitlines()[-1] == f"hand-in: stopped: {written[0]} was written"
    assert os.listdir(tmp_path / "out") == [written[0].name]


def test_help_needs_neither_the_library_nor_scikit_learn(fresh: Any) -> None:
    heavy = "{'sklearn', 'ctypes', 'numpy'} & set(sys.modules)"
    code = f"import sys; from testbed_adapter.commands import hand_in; print({heavy})"
    assert fresh(code) == "set()\n"
