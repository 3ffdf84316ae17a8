"""What `make bench` says: its ratios, aims and tables of fake figures, its arrays, its command and its children."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from Tests.benchmarks.speed import __main__ as command
from Tests.benchmarks.speed import before, data, machine, prediction, table, training
from Tests.benchmarks.speed.child import Child, ChildError
from Tests.benchmarks.speed.outcome import Outcome
from Tests.benchmarks.speed.peak import Peak
from Tests.benchmarks.speed.peers.tool import Finalists, Window, timed, tried
from Tests.benchmarks.speed.peers.variants import VARIANTS
from Tests.benchmarks.speed.rounds import Aim, Ratio, rotated, take_turns
from Tests.benchmarks.speed.section import Result, Section
from Tests.benchmarks.speed.work import LARGE, MIDDLE, SMALL

OURS = f"ours:{VARIANTS[0]}"

# --- figures ---


def test_ratios_are_paired_by_round() -> None:
    ratio = Ratio.of([200.0, 90.0, 300.0], [100.0, 30.0, 200.0])
    assert ratio == Ratio(2.0, 1.5, 3.0)  # of the medians it would be 200 / 100 too, of the sums 1.8
    assert Ratio.of([10.0, 10.0, 40.0], [1.0, 10.0, 10.0]).value == 4.0  # the medians' is 1
    assert ratio.text() == "2.00 × (1.50…3.00)"
    with pytest.raises(ValueError, match="cannot be paired"):
        Ratio.of([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="cannot be paired"):
        Ratio.of([], [])


def test_aims_are_from_below_or_from_above() -> None:
    assert Aim(1.8).text(Ratio(1.8, 1.0, 2.0)) == "≥ 1.8 × ✓"
    assert Aim(1.8).text(Ratio(1.79, 1.0, 2.0)) == "≥ 1.8 × ✗"
    assert Aim(0.8, at_least=False).text(Ratio(0.8, 0.7, 0.9)) == "≤ 0.8 × ✓"
    assert Aim(0.8, at_least=False).text(Ratio(0.81, 0.7, 0.9)) == "≤ 0.8 × ✗"


def test_tools_take_turns_and_another_one_begins_each_round() -> None:
    order: list[str] = []

    def turn(name: str) -> int:
        order.append(name)
        return len(order)

    answers = take_turns({name: (lambda name=name: turn(name)) for name in "abc"}, 2, "a test")
    assert order == ["a", "b", "c", "b", "c", "a"]
    assert answers == {"a": [1, 6], "b": [2, 4], "c": [3, 5]}
    assert rotated(["a", "b"], 3) == ["b", "a"]


def test_figures_are_said_to_three_digits() -> None:
    assert [table.rate(value) for value in (123456.7, 9876, 12.6, 0)] == ["123,000", "9,880", "13", "0"]
    assert [table.duration(value) for value in (2.5, 0.0123, 17.52e-6, 1.2e-8)] == [
        "2.5 s",
        "12.3 ms",
        "17.5 µs",
        "12 ns",
    ]


def test_the_limit_counts_the_matrices_operations() -> None:
    inputs = 26 * 16 + 13
    assert MIDDLE.products == inputs * 256 + 256 * 128 + 128 * 64 + 64
    assert MIDDLE.training_flops == 3 * MIDDLE.prediction_flops == 6 * MIDDLE.products
    assert Peak(ours=210e9).rows(MIDDLE.training_flops) == pytest.approx(232_000, rel=0.01)
    assert Peak(ours=210e9).rows(LARGE.training_flops) == pytest.approx(23_000, rel=0.01)


# --- tables ---


def outcome() -> Outcome:
    rates = {OURS: [200.0, 220.0], "torch": [100.0, 200.0], "deepctr": [50.0, 50.0], "keras": [60.0, 40.0]}
    return Outcome(MIDDLE, rates, {"torch": "2 threads"}, {OURS: (0.41, 2.0), "torch": (0.42, 2.0)})


def test_the_training_table_has_aims_beside_ratios_and_the_share_of_the_limit() -> None:
    made = training.result([outcome()], Peak(ours=420.0 * MIDDLE.training_flops, kernels="Haswell"), 1000, 70, False)
    assert f"| {MIDDLE.about}: torch, hand-tuned | 150 | 1.55 × (1.10…2.00) | ≥ 1.8 × ✗ |  |  |" in made.text
    assert f"| {MIDDLE.about}: DeepCTR-Torch | 50 | 4.20 × (4.00…4.40) | ≥ 4 × ✓ |  |  |" in made.text
    assert "| 210 |  |  | 420 | 50% |" in made.text
    assert "0.4100" in made.text and "after 2 epochs" in made.text and "batch 2,048: 2 threads" in made.text
    assert [line.split(":")[0] for line in made.missed] == [f"training, {MIDDLE.about}"]
    found = made.json()["works"][0]["ratios"]
    assert found["torch"]["met"] is False and found["deepctr"]["met"] is True and found["keras"]["value"] > 4
    json.dumps(made.json())


def test_a_quick_run_tells_of_no_aim_missed() -> None:
    assert training.result([outcome()], Peak(ours=1.0), 1000, 70, True).missed == []


def test_predictions_are_compared_by_speed_and_one_row_by_time() -> None:
    many = prediction.Outcome(
        200, {"ours": [1.0, 1.0], prediction.ABI: [9.0, 9.0], "torch": [2.0, 1.5], "onnx": [1.0, 1.2]}
    )
    one = prediction.Outcome(1, {"ours": [1e-6], prediction.ABI: [9e-6], "torch": [4e-5], "onnx": [18e-6]})
    made = prediction.result([one, many], Peak(ours=1e9), False)
    assert "| 200 rows: torch, hand-tuned | 1.75 s | 114 | 1.75 × (1.50…2.00) | ≥ 1.3 × ✓ |  |" in made.text
    assert "| 200 rows: ONNX Runtime | 1.1 s | 182 | 1.10 × (1.00…1.20) | ≥ 1.3 × ✗ |  |" in made.text
    assert "| 1 row: ONNX Runtime | 18 µs | 55,600 | 0.50 × (0.50…0.50) | ≤ 0.8 × ✓ |  |" in made.text
    assert len(made.missed) == 1 and "ONNX Runtime" in made.missed[0]
    ratios = made.json()["batches"][0]["ratios"]
    assert ratios["onnx"]["of"] == "time" and "aim" not in ratios["torch"]


def test_now_and_before_are_paired_by_round_and_two_percent_are_missed() -> None:
    rounds = {
        "now": [{"a": 98.0, "b": 97.0}, {"a": 99.0, "b": 194.0}],
        "before": [{"a": 100.0, "b": 100.0}, {"a": 100.0, "b": 200.0}],
    }
    made = before.result(rounds, False)
    assert "| a | 0.98 × (0.98…0.99) |" in made.text and "| b | 0.97 × (0.97…0.97) |" in made.text
    assert made.missed == ["b: 0.97 × (0.97…0.97) its speed of before"]
    assert before.result(rounds, True).missed == []
    json.dumps(made.json())


# --- arrays ---


def test_arrays_are_the_same_from_the_same_seed_and_have_a_heavy_tail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sum(data.VOCABULARY) == 1_099_543 and len(data.VOCABULARY) == 26
    assert all(data.ROWS % work.batch == 0 and data.QUICK_ROWS % work.batch == 0 for work in (SMALL, MIDDLE, LARGE))
    monkeypatch.setattr(data, "VOCABULARY", (3, 5000, 40))
    numbers, ids, labels = data.generate(2000, 7)
    again = data.generate(2000, 7)
    assert all((one == other).all() for one, other in zip((numbers, ids, labels), again))
    assert (data.generate(2000, 8)[1] != ids).any()
    assert ids.min() == 0 and (ids.max(axis=0) < [3, 5000, 40]).all() and set(labels) == {0.0, 1.0}
    counts = np.sort(np.bincount(ids[:, 1]))[::-1]
    assert counts[0] > 50 and 300 < (counts == 1).sum() < 1000  # a frequent head, and many ids that come once
    monkeypatch.setattr(data, "QUICK_ROWS", 2000)
    made = data.prepared(tmp_path, True, 7)
    assert (made.ids == ids).all() and made.joint_ids[:, 2].min() == 5003 and made.rows == 2000
    written = (made.folder / "ids.i32").stat().st_mtime_ns
    data.prepared(tmp_path, True, 7)
    assert (made.folder / "ids.i32").stat().st_mtime_ns == written
    monkeypatch.setattr(data, "EXPONENT", 1.2)  # of another law they are made anew
    assert (data.prepared(tmp_path, True, 7).ids != ids).any()


# --- trials and children ---


def test_the_trial_takes_the_fastest_and_tells_what_does_not_work(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise OSError("no compiler")

    def slow(index: int) -> int:
        return sum(range(300_000))

    trial = tried({"1 slow": lambda: slow, "2 broken": broken, "2 fast": lambda: abs}, 0.02)  # type: ignore
    assert trial.fastest() == "2 fast" and trial.fastest("1") == "1 slow"
    assert trial.failed == {"2 broken": "OSError: no compiler"}
    assert "2 broken does not work: OSError" in capsys.readouterr().out
    with pytest.raises(RuntimeError, match="nothing works"):
        tried({"broken": broken}, 0.02).fastest()  # type: ignore


def test_every_number_of_threads_takes_part_and_the_best_counts() -> None:
    threads: list[int] = []

    def candidate(name: str, seconds: float) -> object:
        return lambda: lambda index: time.sleep(seconds)

    options = {
        "1 threads, a": candidate("a", 0.004),
        "2 threads, a": candidate("a", 0),
        "2 threads, b": candidate("b", 0.01),
    }
    finalists = Finalists(options, threads.append)  # type: ignore
    assert finalists.note == "1 threads, a or 2 threads, a"
    assert 0 < finalists.median(3) < 0.004 and threads == [1, 2]


def test_each_call_finds_the_next_rows_in_the_same_place(tmp_path: Path) -> None:
    arrays = data.prepared(tmp_path, True, 0)
    batch = arrays.rows // 2 - 1
    window, seen = Window(arrays, batch), []
    timed(lambda _: seen.append((window.ids.copy(), window.numbers.copy())), 3, window.fill)
    for (ids, numbers), start in zip(seen, (0, batch, 0)):  # whole batches, then from the first row again
        assert (ids == arrays.joint_ids[start : start + batch]).all()
        assert (numbers == arrays.numbers[start : start + batch]).all()


def test_a_child_answers_or_says_why_not(tmp_path: Path) -> None:
    program = (
        "import sys, json\n"
        "for line in sys.stdin:\n"
        "    if line.startswith('end'): sys.exit(3)\n"
        "    print(json.dumps({'error': 'bad'} if line.startswith('bad') else line.split()), flush=True)\n"
    )
    log = tmp_path / "logs" / "child.log"
    with Child([sys.executable, "-c", program], log) as child:
        assert child.ask("predict", 200, 3) == ["predict", "200", "3"]
        with pytest.raises(ChildError, match="bad; see"):
            child.ask("bad")
        assert child.ask("on") == ["on"]
        with pytest.raises(ChildError, match=r"ended \(3\)"):
            child.ask("end")


# --- the command ---


def test_settings_are_read_from_the_command_line(tmp_path: Path) -> None:
    def settings(*given: str) -> object:
        return command.settings_of(command._parser().parse_args(list(given)))

    assert settings().rounds == 5 and not settings().quick  # type: ignore
    assert settings("--quick").rounds == 2 and settings("--quick", "--rounds", "3").rounds == 3  # type: ignore
    given = command._parser().parse_args(["--sections", "predict,train,predict", "--out", str(tmp_path)])
    assert given.sections == ["predict", "train"] and command.settings_of(given).out == tmp_path
    for wrong in (["--sections", "nothing"], ["--sections", ""], ["--rounds", "0"]):
        with pytest.raises(SystemExit):
            command._parser().parse_args(wrong)
    with pytest.raises(SystemExit, match="BEFORE=DIR"):
        command.main(["--sections", "before", "--out", str(tmp_path)])


def test_the_command_writes_the_report_after_each_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(settings: object) -> Result:
        raise RuntimeError("a peer ended")

    good = Section("good", "works", lambda settings: Result("Good", "| a |\n", {"figure": 3}, ["one aim"]))
    monkeypatch.setattr(command, "SECTIONS", {"good": good, "bad": Section("bad", "fails", fails)})
    assert command.main(["--sections", "good", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert printed == (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert "## Good\n\n| a |\n" in printed and f"{machine.about().cores} cores" in printed and "one aim" in printed
    with pytest.raises(RuntimeError, match="a peer ended"):
        command.main(["--out", str(tmp_path), "--quick"])
    written = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    assert written["quick"] and written["sections"]["good"] == {"title": "Good", "missed": ["one aim"], "figure": 3}
