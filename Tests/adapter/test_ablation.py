"""compare --ablation: the world after the log's end, the ranking, the gains and the command."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from testbed_adapter.commands.compare import command
from testbed_adapter.commands.compare.command import run
from testbed_adapter.lab.clicklog import generate
from testbed_adapter.lab.clicklog.world import PAGE, World, make_world, simulate
from testbed_adapter.lab.compare import scoring
from testbed_adapter.lab.compare.ablation import ORDER, Ablation, Interval, exposure, interval_of, long_tail
from testbed_adapter.lab.compare.ablation_table import text
from testbed_adapter.lab.compare.job import Comparison, compare
from testbed_adapter.lab.compare.measure import Contender, TrainingError
from testbed_adapter.lab.compare.run import DEEP, LR, ORACLE, WIDE, WIDE_DEEP, Log, Run, contenders, run_once
from testbed_adapter.lab.compare.simulation import MOST_CANDIDATES, Traffic, arrivals, attractiveness, show
from testbed_adapter.lab.report import render
from testbed_adapter.lab.report.ablation import ablation as section
from Tests.adapter import results_keys
from Tests.adapter.small_comparison import EVIL
from Tests.adapter.test_compare import Refusing, arguments

SEED = 3


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(SEED)


@pytest.fixture(scope="module")
def traffic(world: World) -> Traffic:
    return arrivals(world, SEED, 500, 20)


@pytest.fixture(scope="module")
def log() -> Log:
    return Log(*generate(1_200, SEED), SEED, "generated")


@pytest.fixture(scope="module")
def trained(log: Log) -> Run:
    return run_once(log, contenders(None), lambda stage: None)


# --- the world ---


def test_candidates_are_distinct_and_in_the_order_of_their_text_score(world, traffic):
    assert traffic.candidates.shape == traffic.score.shape == traffic.luck.shape == (500, 20)
    assert all(len(set(row)) == 20 for row in traffic.candidates.tolist())
    assert (np.diff(traffic.score, axis=1) <= 0).all()
    assert (traffic.luck >= 0).all() and (traffic.luck < 1).all()


@pytest.mark.parametrize("candidates", [PAGE, 12, MOST_CANDIDATES])
def test_retrieval_is_that_of_the_logs_pages(world, candidates):
    """A query's pool, with a stray here and there; from anywhere once the pool is used up."""
    found = arrivals(world, SEED, 3_000, candidates)
    pools = world.pools[found.query]
    inside = (found.candidates[:, :, None] == pools[:, None, :]).any(axis=2).sum(axis=1)
    wanted = min(candidates, pools.shape[1])
    assert inside.max() == wanted
    assert inside.mean() == pytest.approx(0.96 * wanted, rel=0.01)
    assert all(len(set(row)) == candidates for row in found.candidates[:200].tolist())
    asked = np.bincount(found.query, minlength=len(world.popularity)) / 3_000
    assert abs(asked - world.popularity).max() < 0.03


def test_same_seed_same_traffic(world, traffic):
    again, other = arrivals(world, SEED, 500, 20), arrivals(world, SEED + 1, 500, 20)
    for name in ("query", "candidates", "score", "luck"):
        assert np.array_equal(getattr(again, name), getattr(traffic, name))
    assert not np.array_equal(other.candidates, traffic.candidates)


def test_requests_are_not_the_logs(world, traffic):
    visits = simulate(world, 5_000, SEED)
    assert not np.array_equal(visits.query[::PAGE], traffic.query)


def test_clicks_have_the_worlds_probability_at_the_position_shown(world):
    """The log's own pages, shown again, are clicked with the log's own probabilities."""
    visits = simulate(world, 4_000, SEED)
    documents = visits.document.reshape(-1, PAGE)
    below = visits.probability.reshape(-1, PAGE)
    for luck, clicked in ((below * (1 - 1e-9), True), (below * (1 + 1e-9), False)):
        pages = Traffic(visits.query[::PAGE], documents, np.zeros(documents.shape), luck)
        shown = show(world, pages, -np.arange(PAGE) * np.ones((len(documents), 1)))
        assert np.array_equal(shown.documents, documents)
        assert (shown.clicked == clicked).all()


def test_nothing_is_clicked_more_than_the_oracle(world, traffic):
    def expected(ranked_by: Any) -> float:
        chances = [show(world, replace(traffic, luck=traffic.luck * 0 + luck), ranked_by) for luck in grid]
        return float(np.mean([page.clicked.mean() for page in chances]))

    grid = np.linspace(0.005, 0.995, 100)
    best = expected(attractiveness(world, traffic))
    rng = np.random.default_rng(0)
    for ranked_by in (rng.random(traffic.luck.shape), traffic.score, -attractiveness(world, traffic)):
        assert expected(ranked_by) < best


def test_a_document_has_the_same_luck_wherever_it_is_shown(world, traffic):
    """Common random numbers: clicked at a position, it is clicked at each higher one too."""
    rankings = [show(world, traffic, ranked_by) for ranked_by in (attractiveness(world, traffic), traffic.score)]
    clicks: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    for page in rankings:
        for (request, place), document in np.ndenumerate(page.documents):
            seen = clicks.setdefault((request, int(document)), [])
            seen.append((place, bool(page.clicked[request, place])))
    twice = [sorted(seen) for seen in clicks.values() if len(seen) == 2]
    assert len(twice) > 1_000
    for (higher, clicked), (lower, clicked_lower) in twice:
        assert clicked >= clicked_lower and (higher < lower or clicked == clicked_lower)


def test_equal_values_stay_in_the_order_of_the_text_score(world, traffic):
    """As Python's stable sort leaves them in the testbed."""
    shown = show(world, traffic, np.full(traffic.luck.shape, 0.5))
    assert np.array_equal(shown.documents, traffic.candidates[:, :PAGE])


# --- the ranking ---


def test_scores_are_predict_ctrs_to_the_last_bit(world, traffic, trained):
    """And what is asked is what the testbed's rank asks, of the texts that the log has."""
    few = Traffic(traffic.query[:60], traffic.candidates[:60], traffic.score[:60], traffic.luck[:60])
    texts = {record["doc_id"]: record["summary"] for record in trained.log.records}
    seen = {(record["query"], record["doc_id"]): record["score"] for record in trained.log.records}
    met = 0
    for outcome in trained.outcomes:
        if outcome.key == ORACLE:
            continue
        found = scoring.score(outcome.model, outcome.name, world, few)
        for row, query in enumerate(world.query_texts[number] for number in few.query):
            for place, document in enumerate(few.candidates[row].tolist()):
                doc_id, score = f"doc_{document:04d}", float(few.score[row, place])
                asked = outcome.model.predict_ctr(query, doc_id, place + 1, score, world.summaries[document])
                assert found[row, place] == asked
                assert texts.get(doc_id, world.summaries[document]) == world.summaries[document]
                assert seen.get((query, doc_id), score) == score
                met += (query, doc_id) in seen
    assert met > 500


def test_the_lr_is_asked_in_one_batch(world, traffic, trained, monkeypatch):
    monkeypatch.setattr(scoring, "_one_by_one", lambda *given: pytest.fail("asked one by one"))
    lr = trained.outcome(LR)
    assert scoring.score(lr.model, lr.name, world, traffic).shape == (500, 20)


def test_a_model_whose_batch_would_differ_is_asked_one_by_one(world, traffic, trained):
    """A changed copy of the testbed's LR, say, that looks at the document's id."""
    lr = trained.outcome(LR)

    class Changed:
        model, scaler = lr.model.model, lr.model.scaler

        def predict_ctr(self, query: str, doc_id: str, position: int, score: float, summary: str) -> float:
            return int(doc_id[4:]) / 1_000

    few = Traffic(*(part[:50] for part in (traffic.query, traffic.candidates, traffic.score, traffic.luck)))
    assert np.array_equal(scoring.score(Changed(), "changed", world, few), few.candidates / 1_000)


@pytest.mark.parametrize(
    ("answer", "says"),
    [(1.5, "answered 1.5"), (float("nan"), "answered nan"), (-0.1, "answered -0.1"), (None, "CTR预测失败: 坏了")],
)
def test_answers_that_are_no_probability_are_errors(world, traffic, answer, says):
    class Broken:
        def predict_ctr(self, *impression: Any) -> float:
            if answer is None:
                print("CTR预测失败: 坏了")
                return 0.5
            return answer

    with pytest.raises(TrainingError, match="the broken one: ") as error:
        scoring.score(Broken(), "the broken one", world, traffic)
    assert says in str(error.value)


# --- the gains ---


def served(trained: Run, requests: int = 300, seeds: int = 1) -> Ablation:
    ablation = Ablation(requests, 20)
    for seed in range(seeds):
        ablation.measure(replace(trained, log=replace(trained.log, seed=SEED + seed)), lambda stage: None)
    return ablation


def test_the_same_model_as_the_control_gains_nothing(trained):
    lr = trained.outcome(LR)
    twin = replace(lr, key=WIDE_DEEP, name="the LR again")
    ablation = served(replace(trained, outcomes=[lr, twin]), seeds=2)
    gain = ablation.gain(WIDE_DEEP)
    assert (gain.mean, gain.low, gain.high) == (0, 0, 0)
    assert ablation.mean(WIDE_DEEP) == ablation.mean(LR)


def test_gains_are_of_clicks_and_intervals_are_over_seeds():
    def clicks(total: int) -> Any:
        return np.repeat([0, 1, 2, 3], total // 6)

    ablation = Ablation(0, 20)
    ablation.clicks = [{LR: clicks(600), WIDE_DEEP: clicks(660)}, {LR: clicks(600), WIDE_DEEP: clicks(780)}]
    gain = ablation.gain(WIDE_DEEP)
    assert ablation.gains(WIDE_DEEP) == pytest.approx([0.1, 0.3])
    assert gain.mean == pytest.approx(0.2)
    # Two values 0.2 apart: a standard error of 0.1, times 12.706, Student's 97.5% point with one degree of freedom.
    assert gain.high - gain.mean == pytest.approx(gain.mean - gain.low) == pytest.approx(1.2706, rel=1e-4)


def test_a_single_seeds_interval_is_that_of_the_paired_bootstrap():
    rng = np.random.default_rng(1)
    control = rng.binomial(10, 0.2, 4_000)
    better = control + rng.binomial(2, 0.15, 4_000)
    ablation = Ablation(4_000, 20)
    ablation.clicks = [{LR: control, WIDE_DEEP: better}]
    gain = ablation.gain(WIDE_DEEP)
    rows = rng.integers(4_000, size=(2_000, 4_000))
    ratios = better[rows].sum(axis=1) / control[rows].sum(axis=1) - 1
    assert [gain.low, gain.high] == pytest.approx(np.quantile(ratios, [0.025, 0.975]), abs=0.001)
    assert "one seed" in interval_of(1).en and "Student" in interval_of(2).en


def test_exposure():
    class Page:
        documents = np.tile(np.arange(10), (200, 1))
        clicked = documents < 2

    tail = np.arange(40) % 2 == 0
    figures = exposure(Page(), tail)
    assert figures == pytest.approx({"click_rate": 0.2, "catalogue": 0.25, "long_tail": 0.5, "gini": 0.75})
    Page.documents = np.arange(2_000).reshape(200, 10) % 40
    assert exposure(Page(), tail) == pytest.approx({"click_rate": 0.2, "catalogue": 1, "long_tail": 0.5, "gini": 0})


def test_the_long_tail_is_what_training_saw_least(trained):
    tail = long_tail(trained, 300)
    assert tail.sum() == 150
    shown = np.zeros(300, dtype=int)
    for row in sorted(set(range(len(trained.labels))) - set(trained.test.tolist())):
        shown[int(trained.log.records[row]["doc_id"][4:])] += 1
    assert shown[tail].max() <= shown[~tail].min()


# --- the whole ---


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    def log(seed: int) -> Log:
        return Log(*generate(1_500, seed), seed, f"generated, seed {seed}")

    return compare([lambda: log(0), lambda: log(1)], contenders(None), lambda stage: None, Ablation(1_000, 20))


def test_ablation_of_the_real_models(comparison):
    ablation = comparison.ablation
    assert ablation.gain(LR).mean == 0
    oracle = ablation.gain(ORACLE).mean
    for key in ORDER:
        assert ablation.gain(key).mean <= oracle
        assert set(ablation.mean(key)) == {"click_rate", "catalogue", "long_tail", "gini"}
        assert all(0 <= figure <= 1 for figure in ablation.mean(key).values())
    assert oracle > 0.2
    results = json.loads(json.dumps(comparison.results()))["ablation"]
    assert [model["key"] for model in results["models"]] == list(ORDER)
    results_keys.check(results, "ablation")
    assert results["models"][3]["gain"]["mean"] == pytest.approx(np.mean(results["models"][3]["gain_by_seed"]))


def test_offline_figures_are_those_without_it(comparison):
    plain = compare(
        [lambda: Log(*generate(1_500, 0), 0, ""), lambda: Log(*generate(1_500, 1), 1, "")],
        contenders(None),
        lambda stage: None,
    )
    for key in ORDER:
        assert comparison.mean(key)["auc"] == plain.mean(key)["auc"]
    assert "ablation" not in plain.results()


def test_table(comparison):
    lines = text(comparison, comparison.ablation).splitlines()
    assert lines[0].split()[:3] == ["model", "offline", "AUC"]
    assert [line.split("  ")[0] for line in lines[2:7]] == [str(comparison.names[key]) for key in ORDER]
    assert "control" in lines[2] and f"{comparison.ablation.gain(ORACLE).mean:+.1%}" in lines[6]
    assert "Student's t over 2 seeds" in "\n".join(lines)
    (errors,) = (line for line in lines if line.startswith("Standard error over the seeds"))
    most = max(comparison.standard_error(key)["auc"] for key in ORDER)
    rates = [[one[key]["click_rate"] for one in comparison.ablation.figures] for key in ORDER]
    assert f"AUC {most:.4f}, " in errors and f"click rate {max(abs(a - b) / 2 for a, b in rates):.4f}, " in errors


def test_what_is_noise_says_so():
    gains = {LR: (0, 0, 0), WIDE: (0.05, -0.55, 0.65), DEEP: (0.1, 0.02, 0.18), ORACLE: (0.3, 0.2, 0.4)}
    gains[WIDE_DEEP] = (0.12, 0.05, 0.2)

    def gain(key, control=LR):
        return Interval(*(gains[key] if control == LR else {WIDE: (0.02, 0.01, 0.03), DEEP: (0, -0.1, 0.1)}[control]))

    figures = dict.fromkeys(("auc", "log_loss", "click_rate", "catalogue", "long_tail", "gini"), 0.5)
    names = {key: key for key in gains} | {WIDE: "wide only", DEEP: "deep only"}
    comparison = SimpleNamespace(names=names, seeds=[0], mean=lambda key: figures)
    ablation = SimpleNamespace(gain=gain, mean=lambda key: figures)
    said = text(comparison, ablation).splitlines()
    noise = said[-1]
    assert noise.startswith("~: noise, as far as this run can tell: wide only, Wide & Deep over deep only, whose")
    assert "+5.0% ~" in said[3] and not any("~" in line for line in (*said[:3], *said[4:7]))
    assert "over wide only +2.0% (+1.0% to +3.0%), over deep only +0.0% ~ (-10.0% to +10.0%)" in said[8]
    gains[WIDE] = (0.05, 0.01, 0.1)
    said = text(comparison, ablation).splitlines()
    assert said[-1] == noise.replace("wide only, ", "") and "~" not in said[3]


def test_quick_is_a_smaller_ablation():
    args = arguments("--ablation", "--quick", "--requests", 300)
    assert command._misuse(args) is None and (args.records, args.requests, args.seeds) == (10_000, 300, 5)
    assert "--ablation" in str(command._misuse(arguments("--quick")))


def test_section_of_the_report(comparison):
    hostile = {key: f"{name}{EVIL}" for key, name in comparison.names.items()}
    part = section(replace(comparison, names=hostile))
    assert "<script" not in part and part in render(replace(comparison, names=hostile), None)
    drawing = ElementTree.fromstring(part[part.index("<svg") : part.index("</svg>") + 6])
    numbers = [value for node in drawing.iter() for value in node.attrib.values()]
    assert not any("nan" in value or "inf" in value for value in numbers)
    # A dot a seed and one for the mean, of each model but the control.
    assert len(list(drawing.iter("circle"))) == 4 * (2 + 1)
    assert f"{comparison.ablation.gain(WIDE_DEEP).mean:+.1%}" in part
    assert section(replace(comparison, ablation=None)) == ""


def small(*more: Any) -> list[Any]:
    return ["--ablation", "--records", 600, "--requests", 100, *more]


def test_command(tmp_path, monkeypatch, capsys):
    printed = []
    for folder in ("one", "two"):
        assert run(arguments(*small("--seeds", 1, "--seed", 7, "--out", tmp_path / folder))) == 0
        out, progress = capsys.readouterr()
        printed.append(out.split("Report:")[0])
        assert "[1/13]" in progress and "[13/13]" in progress and "online: oracle" in progress
    assert printed[0] == printed[1] and "online gain" in printed[0]
    results = json.loads((tmp_path / "one" / "results.json").read_text(encoding="utf-8"))
    again = json.loads((tmp_path / "two" / "results.json").read_text(encoding="utf-8"))
    assert results["ablation"] == again["ablation"]
    assert results["ablation"]["requests"] == 100 and results["ablation"]["candidates"] == 20
    assert results["seeds"] == [7]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--ablation", "--data", "x.json"], "leave --data out"),
        (["--requests", 500], "add --ablation"),
        (["--candidates", 20], "add --ablation"),
        (["--ablation", "--requests", 99], "--requests 99: at least 100"),
        (["--ablation", "--candidates", 9], "--candidates 9: between 10"),
        (["--ablation", "--candidates", 289], "--candidates 289: between 10, a page, and 288"),
        (["--ablation", "--requests", 10**12], "500000 requests are the most"),
        (["--ablation", "--requests", 50_000, "--candidates", 288], "34722 requests are the most"),
    ],
)
def test_wrong_usage_is_exit_code_2(tmp_path, capsys, given, says):
    assert run(arguments(*given, "--out", tmp_path / "out")) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_counts_that_are_none_are_exit_code_2():
    for given in (["--requests", "0"], ["--requests", "viel"], ["--candidates", "-3"], ["--ablation=yes"]):
        with pytest.raises(SystemExit) as stop:
            arguments("--ablation", *given)
        assert stop.value.code == 2


def test_too_small_a_log_is_exit_code_1(tmp_path, capsys):
    assert run(arguments("--ablation", "--records", 8, "--out", tmp_path)) == 1
    assert "数据量不足" in capsys.readouterr().err and not os.listdir(tmp_path)


def test_ctrl_c_while_serving_is_exit_code_130(tmp_path, capsys, monkeypatch):
    def interrupted(*given: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("testbed_adapter.lab.compare.ablation.score", interrupted)
    assert run(arguments(*small("--seeds", 1, "--out", tmp_path))) == 130
    assert "nothing was written" in capsys.readouterr().err and not os.listdir(tmp_path)


def test_a_model_that_cannot_be_trained_serves_nothing(tmp_path, capsys):
    assert run(arguments(*small("--out", tmp_path)), [Contender(LR, "the LR", Refusing)]) == 1
    assert "compare: the LR: 数据量不足" in capsys.readouterr().err
