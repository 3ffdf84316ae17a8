"""What `make quality` says: its figures, words and shares of fake results, its cells, cache and loaders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from Tests.benchmarks.quality import __main__ as command
from Tests.benchmarks.quality import encoding, protocol, statistics, summary, table
from Tests.benchmarks.quality.cache import Cache
from Tests.benchmarks.quality.datasets import DATA_SETS, DataSet
from Tests.benchmarks.quality.models import MODELS, Model
from Tests.benchmarks.quality.protocol import Outcome
from Tests.benchmarks.quality.task import Missing, Task


def outcome(name: str, **cells: list[tuple[float, float]]) -> Outcome:
    """A data set's outcome, of (AUC, log loss) for each seed."""
    made = {
        key.replace("_", "-"): [
            {"seed": seed, "auc": auc, "log_loss": loss, "seconds": 2.0} for seed, (auc, loss) in enumerate(values)
        ]
        for key, values in cells.items()
    }
    return Outcome(name, "a set", rows=(70, 30), cells=made)


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": [1.0, 2.0, 2.0, 2.0, 9.0, np.nan],
            "word": pd.Series(["a", "b", "a", "b", "a", "new"], dtype=object),
            "list": pd.Series([("x",), ("x", "y"), (), ("y",), ("x",), ("z", "y")], dtype=object),
        }
    )


def task(rows: int = 200) -> Task:
    random = np.random.default_rng(0)
    columns = pd.DataFrame({"number": random.normal(size=rows), "word": random.choice(["a", "b", "c"], rows)})
    columns["word"] = columns["word"].astype(object)
    labels = (random.random(rows) < np.where(columns["word"] == "a", 0.8, 0.2)).astype(int)
    return Task(columns, labels, np.arange(rows // 2), np.arange(rows // 2, rows), crosses=(("number", "word"),))


def fake(key: str, role: str, answer: Any) -> Model:
    return Model(key, MODELS[key].name, role, encoding, answer)


# --- figures ---


def test_differences_are_paired_by_seed() -> None:
    made = outcome("bank", ours=[(0.70, 0.5), (0.80, 0.4)], lr=[(0.71, 0.48), (0.83, 0.40)])
    apart = statistics.difference(made, "lr", "auc")
    assert apart.value == pytest.approx(0.02)
    assert apart.error == pytest.approx(0.01)  # of 0.01 and 0.03, not of the two means' own spreads
    assert np.isnan(statistics.mean(np.array([0.5])).error)
    assert statistics.mean(np.array([-0.25])).text(signed=True) == "−0.2500"


def test_the_share_is_of_the_gap_between_the_two_references() -> None:
    log = outcome(
        "click-log-3000",
        ours=[(0.70, 0.5), (0.74, 0.5)],
        testbed_lr=[(0.60, 0.6), (0.64, 0.6)],
        oracle=[(0.80, 0.4), (0.84, 0.4)],
    )
    closed = statistics.share(log, "ours")
    assert closed is not None
    assert closed == pytest.approx((0.5, 0.0), abs=1e-9)
    assert statistics.share(outcome("bank", ours=[(0.7, 0.5)]), "ours") is None


# --- words ---


def test_the_table_marks_the_best_and_keeps_a_failure() -> None:
    made = outcome("bank", ours=[(0.70, 0.50)], lr=[(0.75, 0.51)])
    made.failed["dcn"] = "ImportError: a | b"
    lines = table.data_set(made).splitlines()
    assert "70 rows to train on, 30 to test on; 1 seed." in lines
    assert "| Wide & Deep (ours) | 0.7000 | **0.5000** |  |  | 2.0 s |" in lines
    assert "| one-hot LR | **0.7500** | 0.5100 | +0.0500 | +0.0100 | 2.0 s |" in lines
    assert "| DeepCTR DCN | failed: ImportError: a \\| b |  |  |  |  |" in lines


def test_the_overview_has_the_best_peer_by_each_figure() -> None:
    made = outcome("bank", ours=[(0.70, 0.50)], wide=[(0.69, 0.52)], lr=[(0.75, 0.53)], lightgbm=[(0.74, 0.51)])
    lines = table.overview([made, outcome("adult", lr=[(0.7, 0.5)])]).splitlines()
    peers = "one-hot LR 0.7500 / 0.5300 | LightGBM 0.7400 / 0.5100"
    assert lines[4:] == [f"| bank | 0.7000 / 0.5000 | 0.6900 / 0.5200 |  | {peers} |"]
    assert table.overview([]) == ""


def test_the_reference_is_no_contender() -> None:
    log = outcome("click-log-3000", ours=[(0.70, 0.5)], testbed_lr=[(0.6, 0.6)], oracle=[(0.8, 0.4)])
    assert "| Wide & Deep (ours) | **0.7000** | **0.5000** |" in table.data_set(log)
    assert "| Wide & Deep (ours) | 50% |" in table.shares([log])
    assert "oracle |" not in table.shares([log])


def test_the_summary_says_where_ours_is_not_best_and_by_how_much() -> None:
    behind = outcome("bank", ours=[(0.70, 0.500)], lr=[(0.72, 0.5005)], lightgbm=[(0.71, 0.499)])
    text = summary.words([behind])
    assert "AUC 0.7000 is **not best**: one-hot LR's 0.7200 (+0.0200)." in text
    assert "log loss 0.5000 is within 0.001 of the best, LightGBM's 0.4990 (−0.0010)." in text
    assert "met on 0 of 1 data sets**: not on bank" in text
    ahead = outcome("amazon", ours=[(0.70, 0.500)], lr=[(0.69, 0.51)])
    assert "AUC 0.7000 is best, next to one-hot LR's 0.6900 (−0.0100)." in summary.words([ahead])
    assert "met on 1 of 2 data sets**: not on bank" in summary.words([behind, ahead])


def test_the_summary_says_where_ours_is_below_its_own_part() -> None:
    made = outcome("bank", ours=[(0.70, 0.500)], lr=[(0.60, 0.6)], wide=[(0.701, 0.5004)], deep=[(0.7004, 0.5)])
    assert "**Below its own part** (ours, wide only): AUC +0.0010." in summary.words([made])
    assert "deep only" not in summary.words([made])
    assert not summary.is_good(made)


def test_a_data_set_can_have_an_aim_of_its_own() -> None:
    reached = outcome("adult", ours=[(0.926, 0.279)], lightgbm=[(0.928, 0.275)])
    assert summary.is_good(reached) and "0.28 or less, is reached" in summary.words([reached])
    missed = outcome("adult", ours=[(0.926, 0.281)], lightgbm=[(0.8, 0.5)])
    assert not summary.is_good(missed) and "is not reached" in summary.words([missed])


def test_growth_is_told_of_the_logs_in_their_order() -> None:
    def log(name: str, auc: float, peer: float) -> Outcome:
        low, high = [(0.6, 0.6)], [(0.8, 0.4)]
        return outcome(name, ours=[(auc, 0.5)], lr=[(peer, 0.5)], testbed_lr=low, oracle=high)

    text = summary.words([log("click-log-20000", 0.68, 0.70), log("click-log-3000", 0.64, 0.61)])
    assert "closes 20%, 40%: it grows with the log" in text
    assert "On click-log-20000 one-hot LR closes more: 50.0%, ours 40.0%." in text
    assert "not** grow" in summary.words([log("click-log-20000", 0.62, 0.6), log("click-log-3000", 0.64, 0.6)])


# --- the run ---


def test_a_cell_is_measured_on_the_test_rows_and_kept(tmp_path: Path) -> None:
    trained = []

    def fit(task: Task, seed: int) -> Any:
        trained.append(seed)
        return lambda: np.where(task.columns["word"] == "a", 0.8, 0.2)[task.test], {"note": seed}

    data_set = DataSet("bank", "a set", lambda folder, seed, rows: task())
    models = [fake("ours", "ours", fit), fake("lr", "peer", fit)]
    first = protocol.run(data_set, models, [0, 1], tmp_path, Cache(tmp_path / "cache"))
    assert first.rows == (100, 100) and trained == [0, 0, 1, 1]
    assert first.cells["lr"][1]["notes"] == {"note": 1} and 0.7 < first.cells["ours"][0]["auc"] < 0.9
    again = protocol.run(data_set, models, [0, 1], tmp_path, Cache(tmp_path / "cache"))
    assert again == first and trained == [0, 0, 1, 1]


def test_the_cache_knows_the_data_and_trains_only_ours_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = []

    def fit(key: str) -> Any:
        def inner(task: Task, seed: int) -> Any:
            trained.append(key)
            return lambda: np.full(len(task.test), 0.5), {}

        return inner

    models = [fake("ours", "ours", fit("ours")), fake("lr", "peer", fit("lr"))]

    def run(made: Task) -> list[str]:
        trained.clear()
        protocol.run(DataSet("bank", "a set", lambda *_: made), models, [0], tmp_path, Cache(tmp_path))
        return list(trained)

    assert run(task()) == ["ours", "lr"]
    assert run(task()) == []
    monkeypatch.setattr(Cache, "_our_digest", lambda self: "a new library")
    assert run(task()) == ["ours"]
    other = task()
    other.columns.loc[0, "word"] = "d"
    assert run(other) == ["ours", "lr"]


def test_a_peer_that_fails_is_told_of_and_ours_may_not_fail(tmp_path: Path) -> None:
    def fails(task: Task, seed: int) -> Any:
        raise ImportError("no module named it")

    def strange(task: Task, seed: int) -> Any:
        return lambda: np.full(len(task.test), np.nan), {}

    data_set = DataSet("bank", "a set", lambda *_: task())
    models = [fake("lr", "peer", fails), fake("dcn", "peer", strange)]
    made = protocol.run(data_set, models, [0, 1], tmp_path, Cache(tmp_path))
    assert made.failed["lr"] == "ImportError: no module named it"
    assert "finite probability" in made.failed["dcn"] and made.cells == {}
    assert "one-hot LR failed: ImportError" in summary.words([made])
    with pytest.raises(ImportError):
        protocol.run(data_set, [fake("ours", "ours", fails)], [0], tmp_path, Cache(tmp_path))


@pytest.mark.parametrize("name", ["adult", "bank", "amazon", "movielens"])
def test_a_data_set_that_is_not_there_is_skipped_with_a_word(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("Tests.benchmarks.quality.datasets.adult._BESIDE", tmp_path)
    with pytest.raises(Missing, match=r"there is no .* in DATA"):
        DATA_SETS[name].load(tmp_path, 0, None)
    made = protocol.run(DATA_SETS[name], list(MODELS.values()), [0], tmp_path, Cache(tmp_path))
    assert made.skipped is not None and made.cells == {}
    assert "Skipped: there is no" in table.data_set(made) and "was skipped" in summary.words([made])


# --- data ---


def test_loaders_read_the_files_as_they_are_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("Tests.benchmarks.quality.datasets.adult._BESIDE", tmp_path)

    def put(name: str, head: str, *lines: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(head + "".join(line + "\n" for line in lines), encoding="latin-1")

    row = "39, ?, 7, Bachelors, 13, Single, Clerk, Own, White, Male, {}, 0, 40, Peru, {}"
    put("adult/adult.data", "", row.format(2174, "<=50K"), row.format(0, ">50K"))
    put("adult/adult.test", "|1x3 Cross validator\n", row.format(1, ">50K."))
    adult = DATA_SETS["adult"].load(tmp_path, 0, None)
    assert adult.labels.tolist() == [0, 1, 1] and adult.test.tolist() == [2]
    assert adult.columns["workclass"].tolist() == ["?"] * 3 and adult.columns["capital-gain"].tolist() == [2174, 0, 1]
    assert adult.kind("age") == "numeric" and adult.kind("workclass") == "categorical"

    names = "age;job;marital;education;default;balance;housing;loan;contact;day;month;duration;campaign;pdays;previous"
    call = '{};"admin.";"single";"primary";"no";-3;"no";"no";"unknown";5;"may";9;1;-1;0;"unknown";"{}"'
    calls = [call.format(20 + index, "yes" if index % 2 else "no") for index in range(20)]
    put("bank/bank-full.csv", names + ";poutcome;y\n", *calls)
    bank = DATA_SETS["bank"].load(tmp_path, 0, None)
    assert "duration" not in bank.columns and len(bank.train) == 16 and bank.labels.sum() == 10

    put("ml-100k/u.data", "", *(f"{user}\t7\t{3 + user % 2}\t0" for user in range(20)))
    put("ml-100k/u.user", "", *(f"{user}|24|M|writer|8571{user % 9}" for user in range(20)))
    genres = "|".join("1" if index in (1, 5) else "0" for index in range(19))
    put("ml-100k/u.item", "", f"7|Café (1995)|01-Jan-1995||http://x|{genres}")
    films = DATA_SETS["movielens"].load(tmp_path, 0, None)
    assert films.columns["genres"][0] == ("Action", "Comedy") and films.columns["year"][0] == 1995
    assert films.kind("genres") == "multi" and films.labels.sum() == 10

    put("amazon/train.csv", "ACTION,RESOURCE,MGR_ID\n", *(f"{index % 2},{index},7" for index in range(20)))
    assert DATA_SETS["amazon"].load(tmp_path, 0, None).columns["RESOURCE"][3] == "3"

    customers = [f"{index}-ID,{index},DSL,19.9,{index or ' '},{'Yes' if index % 2 else 'No'}" for index in range(20)]
    head = "customerID,tenure,InternetService,MonthlyCharges,TotalCharges,Churn"
    put("telco/Telco-Customer-Churn.csv", head + "\n", *customers)
    telco = DATA_SETS["telco"].load(tmp_path, 0, None)
    assert list(telco.columns) == ["tenure", "InternetService", "MonthlyCharges", "TotalCharges"]
    assert np.isnan(telco.columns["TotalCharges"][0]) and telco.columns["TotalCharges"][3] == 3
    assert telco.labels.sum() == 10 and telco.kind("InternetService") == "categorical"


def test_the_click_log_is_split_by_time() -> None:
    pytest.importorskip("testbed_adapter")
    log = DATA_SETS["click-log-3000"].load(Path(), 0, 1000)
    assert log.train.tolist() == list(range(700)) and log.test.tolist() == list(range(700, 1000))
    assert log.impressions is not None and log.impressions.features.shape[0] == 1000
    assert log.kind("query_terms") == "multi" and log.kind("document") == "categorical"
    assert "query_ctr" not in log.columns


def test_peers_learn_their_columns_from_the_training_rows_alone() -> None:
    made, train = frame(), np.arange(5)
    numbers, count = encoding.codes(made["word"], train)
    assert numbers.tolist() == [1, 2, 1, 2, 1, 0] and count == 3
    lists, count = encoding.code_lists(made["list"], train)
    assert lists.tolist() == [[1, 0], [1, 2], [0, 0], [2, 0], [1, 0], [2, 0]] and count == 3
    assert encoding.bins(made["number"], train, 4).tolist() == [1, 2, 2, 2, 2, 0]
    assert encoding.min_max(made["number"], train).tolist() == [0, 0.125, 0.125, 0.125, 1, 0]
    matrix = encoding.one_hot(Task(made, np.zeros(6), train, np.array([5])), 4, [("number", "word")])
    assert matrix.shape == (6, 2 + 2 + 3 + 2)  # bins, words, their crosses, list values
    assert matrix[5].sum() == 1  # of an unseen row only the y of its list is known
    assert matrix[1].sum() == 1 + 1 + 1 + 2


def test_the_lr_learns() -> None:
    predict, notes = MODELS["lr-crosses"].fit(task(), 0)
    assert notes["C"] in MODELS["lr"].module.STRENGTHS
    assert roc_auc_score(task().labels[100:], predict()) > 0.7


# --- the command ---


def test_the_command_writes_tables_and_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "BUILD", tmp_path)
    monkeypatch.setattr("Tests.benchmarks.quality.datasets.adult._BESIDE", tmp_path)
    out = tmp_path / "out"
    chosen = ["--datasets", "adult", "click-log-3000", "--models", "testbed-lr", "oracle", "--quick"]
    assert command.main([*chosen, "--data", str(tmp_path), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed == (out / "quality.md").read_text(encoding="utf-8")
    assert printed.startswith("**A smoke run") and "Skipped: there is no" in printed and "| oracle | 0." in printed
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results[1]["cells"]["oracle"][0]["seed"] == 0 and results[0]["skipped"]


def test_a_wrong_argument_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["--seeds", "0"], ["--datasets", "mnist"]):
        with pytest.raises(SystemExit):
            command.main(wrong)
    with pytest.raises(SystemExit):
        command.main(["--help"])
    assert "grouplens.org/datasets/movielens/100k" in "".join(capsys.readouterr().out.split())
