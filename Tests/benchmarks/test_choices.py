"""What `make choices` says: its patches fit the present sources, its table, its runs, and what a child measures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from Tests.benchmarks.choices import __main__ as command
from Tests.benchmarks.choices import child, fitting, source, table
from Tests.benchmarks.choices.child import Answer, Order
from Tests.benchmarks.choices.choice import BOTH_PARTS, NO_BIN_EMBEDDINGS, Choice, Patch, PatchError, Setting
from Tests.benchmarks.choices.listed import CHOICES
from Tests.benchmarks.choices.run import new_outcome, run
from Tests.benchmarks.quality.datasets import DATA_SETS, DataSet
from Tests.benchmarks.quality.task import Missing, Task

ROOT = Path(__file__).resolve().parents[2]
PATCHED = [choice for choice in CHOICES.values() if choice.patch]


def cells(*figures: tuple[float, float]) -> list[dict[str, Any]]:
    return [{"seed": seed, "auc": auc, "log_loss": loss, "seconds": 1.0} for seed, (auc, loss) in enumerate(figures)]


def task(rows: int = 120) -> Task:
    random = np.random.default_rng(0)
    # Half of the numbers are 0: a number with a mode, whose bins have an embedding.
    number = np.where(random.random(rows) < 0.5, 0.0, random.normal(size=rows))
    columns = pd.DataFrame({"number": number, "word": random.choice(["a", "b", "c"], rows).astype(object)})
    labels = (random.random(rows) < np.where(columns["word"] == "a", 0.8, 0.2)).astype(int)
    return Task(columns, labels, np.arange(80), np.arange(80, rows))


# --- choices and patches ---


@pytest.mark.parametrize("choice", PATCHED, ids=lambda choice: choice.key)
def test_each_patch_fits_the_present_sources(choice: Choice) -> None:
    assert choice.patch is not None
    before = (ROOT / choice.patch.file).read_text(encoding="utf-8")
    assert choice.patch.applied(ROOT) != before
    assert choice.patch.applied(ROOT).replace(choice.patch.new, choice.patch.old) == before


def test_a_patch_that_does_not_fit_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.swift").write_text("let rate = 1\nlet rate = 1\n")
    with pytest.raises(PatchError, match=r"a\.swift has 2 times, not once, .*'let rate = 1'"):
        Patch("a.swift", "let rate = 1", "").applied(tmp_path)
    with pytest.raises(PatchError, match=r"a\.swift has 0 times"):
        Patch("a.swift", "let rate = 2", "").applied(tmp_path)
    with pytest.raises(PatchError, match=r"there is no b\.swift"):
        Patch("b.swift", "", "").applied(tmp_path)


@pytest.mark.parametrize("choice", CHOICES.values(), ids=lambda choice: choice.key)
def test_a_choice_is_taken_back_in_one_way_and_differs_from_its_base(choice: Choice) -> None:
    assert [bool(choice.options), bool(choice.change), choice.patch is not None].count(True) == 1
    assert choice.setting != choice.base_setting
    assert choice.setting.options.items() >= choice.base.items()


def test_the_defaults_are_not_what_takes_a_choice_back() -> None:
    """An option that is the default already would measure nothing."""
    plain = fitted(Setting())
    for choice in CHOICES.values():
        for name, value in choice.options.items():
            default = plain.info_["options"][name]
            if name != "epochs":  # 30 of them are the default's limit too
                assert default != (list(value) if isinstance(value, tuple) else value), choice.key


def fitted(setting: Setting, rows: int = 120) -> Any:
    made = task(rows)
    predict, _ = fitting.fit(Setting({"epochs": 1, **setting.options}, setting.change), made, 0)
    return predict.__closure__[0].cell_contents


def test_changes_that_are_no_argument_reach_the_library() -> None:
    plain, both = fitted(Setting()), fitted(Setting(change=BOTH_PARTS))
    assert [feature["part"] for feature in plain.info_["options"]["features"]] == ["deep", "deep"]
    assert [feature["part"] for feature in both.info_["options"]["features"]] == ["both", "both"]
    assert "deep.number.embedding" in plain.tensors_()
    assert "deep.number.embedding" not in fitted(Setting(change=NO_BIN_EMBEDDINGS)).tensors_()
    with pytest.raises(ValueError, match="no change"):
        fitted(Setting(change="other"))


# --- the copy that is built ---


def test_the_library_is_built_from_a_patched_copy_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, folder = tmp_path / "checkout", tmp_path / "choices"
    (root / "Sources").mkdir(parents=True)
    (root / "Sources" / "a.swift").write_text("let a = 1\n")
    (root / "Sources" / "b.swift").write_text("let b = 1\n")
    built: list[str] = []

    def build(self: source.Libraries) -> None:
        copy = folder / "source"
        built.append((copy / "Sources" / "a.swift").read_text() + (copy / "Sources" / "b.swift").read_text())
        (copy / ".build" / "library").mkdir(parents=True, exist_ok=True)
        (copy / ".build" / "library" / "libctr_models.so").write_text(built[-1])

    def files(self: source.Libraries) -> list[str]:
        return [f"Sources/{path.name}" for path in sorted((root / "Sources").iterdir())]

    monkeypatch.setattr(source.Libraries, "_build", build)
    monkeypatch.setattr(source.Libraries, "_files", files)
    made = source.Libraries(root, folder)
    first = Choice("first", "", "", patch=Patch("Sources/a.swift", "a = 1", "a = 2"))
    second = Choice("second", "", "", patch=Patch("Sources/b.swift", "b = 1", "b = 2"))
    kept = [made.patched(first), made.patched(second), made.patched(first)]
    assert kept[0] == kept[2] and [path.read_text() for path in kept[:2]] == built
    assert built == ["let a = 2\nlet b = 1\n", "let a = 1\nlet b = 2\n"]
    assert (root / "Sources" / "a.swift").read_text() == "let a = 1\n"
    (root / "Sources" / "b.swift").write_text("let b = 1 // new\n")
    assert made.patched(first) != kept[0] and built[-1] == "let a = 2\nlet b = 1 // new\n"
    (root / "Sources" / "b.swift").unlink()
    with pytest.raises(PatchError, match=r"there is no Sources/b\.swift"):
        made.patched(second)


# --- the run ---


def ran(name: str, choices: list[Choice], ask: Any, libraries: Any = None) -> tuple[Any, list[Order]]:
    outcome, orders = new_outcome(name), []

    def noted(order: Order, library: Path) -> Answer:
        orders.append(order)
        answer: Answer = ask(order, library)
        return answer

    paths = libraries or dict.fromkeys(["", *CHOICES], Path("own.so"))
    run(name, choices, range(2), Path("data"), Path("cells"), False, paths, noted, outcome, lambda: None)
    return outcome, orders


def test_a_choice_is_compared_with_its_own_base_which_is_measured_once() -> None:
    chosen = [CHOICES[key] for key in ("ensemble", "refit", "early-stopping", "dropout")]
    outcome, orders = ran("bank", chosen, lambda order, library: Answer(None, (8, 2), cells((0.7, 0.5), (0.8, 0.4))))
    assert [order.options for order in orders] == [
        {},
        {"members": 1},
        {"members": 1},
        {"members": 1, "refit": False},
        {"members": 1, "early_stopping": False, "epochs": 30},
        {"dropout": 0.0},
    ]
    assert set(outcome.cells) == {"default", "default members=1", *(choice.key for choice in chosen)}
    assert outcome.rows == (8, 2)


def test_a_patched_choice_is_measured_with_its_library() -> None:
    used = []

    def ask(order: Order, library: Path) -> Answer:
        used.append(library.name)
        return Answer(None, (8, 2), cells((0.7, 0.5)))

    ran("bank", [CHOICES["averaging"]], ask, {"": Path("own.so"), "averaging": Path("patched.so")})
    assert used == ["own.so", "patched.so"]


def test_what_makes_no_sense_of_a_click_log_is_not_measured() -> None:
    chosen = [CHOICES["ensemble"], CHOICES["crosses"], CHOICES["dropout"]]
    outcome, _ = ran("click-log-3000", chosen, lambda *_: Answer(None, (8, 2), cells((0.7, 0.5))))
    assert set(outcome.cells) == {"default", "dropout"}
    assert table.cell(CHOICES["ensemble"], outcome, "auc") == ""


def test_a_data_set_that_is_not_there_is_skipped_and_a_failure_told_of() -> None:
    outcome, orders = ran("bank", [CHOICES["dropout"]], lambda *_: Answer(skipped="there is no bank"))
    assert len(orders) == 1 and "bank was skipped: there is no bank." in table.text([CHOICES["dropout"]], [outcome])

    def fails(order: Order, library: Path) -> Answer:
        if order.options:
            raise RuntimeError("it broke")
        return Answer(None, (8, 2), cells((0.7, 0.5)))

    outcome, _ = ran("bank", [CHOICES["dropout"], CHOICES["averaging"]], fails)
    text = table.text([CHOICES["dropout"], CHOICES["averaging"]], [outcome])
    assert (
        "| dropout of 0.1 (`dropout`) | none | failed | failed |" in text and "Failed there: dropout: it broke" in text
    )
    assert "| averaged weights (`averaging`) | the last step's weights | 0 | 0 |" in text


# --- the table ---


def test_the_table_has_changes_paired_by_seed_in_ten_thousandths() -> None:
    outcome = new_outcome("bank")
    outcome.rows = 8_000, 2_000
    outcome.cells = {"default": cells((0.70, 0.50), (0.80, 0.40)), "dropout": cells((0.69, 0.51), (0.77, 0.41))}
    text = table.text([CHOICES["dropout"], CHOICES["prior"]], [outcome])
    assert "| choice | taken back | bank: AUC | bank: log loss |\n| --- | --- | ---: | ---: |" in text
    assert "| dropout of 0.1 (`dropout`) | none | −200 ± 100 ~ | +100 ± 0 |" in text
    assert "| prior of the wide weights (`prior`) | l2 = 0 | … | … |" in text
    assert "bank: 8,000 rows to train on, 2,000 to test on, 2 seeds; the default model has AUC 0.7500" in text


def test_a_single_seed_has_no_standard_error() -> None:
    outcome = new_outcome("bank")
    outcome.cells = {"default": cells((0.70, 0.5)), "dropout": cells((0.71, 0.5))}
    assert table.cell(CHOICES["dropout"], outcome, "auc") == "+100 ~"
    assert table.cell(CHOICES["dropout"], outcome, "log_loss") == "0"


@pytest.mark.parametrize(
    ("changes", "said"),
    [((0.02, 0.03, 0.025), "+250 ± 29"), ((0.02, -0.03, 0.03), "+67 ± 186 ~"), ((0, 0, 0), "0 ± 0")],
)
def test_what_is_noise_has_a_mark(changes: tuple[float, ...], said: str) -> None:
    outcome = new_outcome("bank")
    outcome.cells = {
        "default": cells(*[(0.5, 0.5)] * len(changes)),
        "dropout": cells(*[(0.5 + change, 0.5) for change in changes]),
    }
    assert table.cell(CHOICES["dropout"], outcome, "auc") == said


def test_a_quick_run_calls_itself_a_smoke_run() -> None:
    assert table.text([], [], quick=True).startswith("**A smoke run") and "smoke run" not in table.text([], [])


# --- the child ---


def test_a_child_measures_each_seed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def load(folder: Path, seed: int, rows: Any) -> Task:
        if folder.name == "nothing":
            raise Missing("there is no file")
        return task()

    def fit(setting: Setting, made: Task, seed: int) -> Any:
        seen.append(seed)
        return lambda: np.full(len(made.test), setting.options["dropout"]), {"note": 1}

    monkeypatch.setitem(DATA_SETS, "bank", DataSet("bank", "a set", load))
    monkeypatch.setattr(fitting, "fit", fit)
    order = Order("bank", "here", [0, 3], {"dropout": 0.2}, "", str(tmp_path))
    answer = child.answered(order)
    assert [cell["seed"] for cell in answer.cells] == [0, 3] and answer.rows == (80, 40)
    assert answer.cells[0]["auc"] == 0.5 and answer.cells[0]["notes"] == {"note": 1}
    assert child.answered(order) == answer and seen == [0, 3]
    assert child.answered(Order("bank", "here", [0], {"dropout": 0.3}, "", str(tmp_path))) != answer
    assert child.answered(Order("bank", "nothing", [0], {}, "", str(tmp_path))).skipped == "there is no file"


def test_a_process_of_its_own_answers_with_the_library_it_is_given(tmp_path: Path) -> None:
    order = Order("bank", str(tmp_path), [0], {}, "", str(tmp_path))
    answer = child.asked(order, tmp_path / "own.so")
    assert answer.skipped is not None and "bank-full.csv" in answer.skipped
    log = Order("click-log-3000", str(tmp_path), [0], {}, "", str(tmp_path), quick=True)
    with pytest.raises(RuntimeError):
        child.asked(log, tmp_path / "no-library.so")


# --- the command ---


def test_the_command_writes_the_table_and_the_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(source.Libraries, "own", lambda self: tmp_path / "own.so")
    monkeypatch.setattr(command, "asked", lambda order, library: Answer(None, (8, 2), cells((0.7, 0.5))))
    out = tmp_path / "folder" / "table.md"
    assert command.main(["--choices", "dropout", "--datasets", "bank", "amazon", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed == out.read_text(encoding="utf-8") and "amazon: log loss" in printed
    results = json.loads((tmp_path / "folder" / "table-results.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in results] == ["bank", "amazon"] and set(results[0]["cells"]) == {"default", "dropout"}
    with pytest.raises(SystemExit):
        command.main(["--choices", "magic"])


def test_a_patch_that_does_not_fit_ends_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "FOLDER", tmp_path / "choices")
    assert command.main(["--choices", "averaging", "--out", str(tmp_path / "table.md")]) == 1
    assert "there is no Sources/CTRNetwork/Parameters/Averaging.swift to patch" in capsys.readouterr().err
    assert not (tmp_path / "table.md").exists()


@pytest.mark.parametrize("name", ["choices.md", "choices.zh-CN.md"])
def test_the_document_has_a_row_for_each_choice(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|`]+[(（]`([a-z-]+)`[)）] \|", text, flags=re.MULTILINE)
    assert rows == list(CHOICES)
    assert len(text.encode()) < 9 * 1024
