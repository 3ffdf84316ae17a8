"""What runs the call patterns sees what is wrong: a check that cannot fail is none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from Tests.host.patterns import __main__ as command
from Tests.host.patterns import load, server
from Tests.host.patterns.checks import BOTH, Check
from Tests.host.patterns.host import Host
from Tests.host.patterns.process import ROOT, Result
from Tests.host.patterns.table import FAIL, HOST_FAILS, PASS, outcome, problem, summary, table


def checked(**options: Any) -> Check:
    return Check(1, "key", "a pattern", lambda host: None, **options)


def test_what_the_host_only_prints_is_seen() -> None:
    assert server.trouble("CTR模型已保存\n⚠️ CTR模型未找到\n", [], "") == {}
    assert "CTR预测失败" in server.trouble("a line\n❌ CTR预测失败: 'doc_length'\n", [], "")["error"]
    assert server.trouble("加载CTR模型失败: a pickle", [], "pickle") == {}
    assert "模型失败" in server.trouble("加载CTR模型失败: a pickle\n加载CTR模型失败: damaged", [], "pickle")["error"]
    assert server.trouble("", ["UserWarning: wrong"], "") == {"error": "warned: UserWarning: wrong"}


def test_warnings_from_our_package_and_from_what_it_calls_are_kept() -> None:
    code = """
import json, os, warnings
from Tests.host.patterns.server import PACKAGE, watch_warnings
warnings.filterwarnings("ignore")  # as the testbed's modules do
kept = []
watch_warnings(kept)
warn = "import warnings\\ndef call(f): f()\\ndef own(): warnings.warn('own')\\n"
ours, other = {}, {}
exec(compile(warn, PACKAGE + "estimator.py", "exec"), ours)
exec(compile(warn.replace("own'", "other'"), "/elsewhere.py", "exec"), other)
other["own"](); ours["own"](); ours["call"](other["own"])
print(json.dumps(kept))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    kept = json.loads(done.stdout)
    assert [line.split(" (")[0] for line in kept] == ["UserWarning: own", "UserWarning: other"]


def test_a_check_that_dies_or_hangs_fails(tmp_path: Path) -> None:
    code = """
import json, os, sys, time
from pathlib import Path
from Tests.host.patterns import checks, host, server  # which import what takes its time
def wrong(host): assert host.slot == "", host.slot
ends = {"dies": lambda host: os.abort(), "hangs": lambda host: time.sleep(60), "raises": wrong}
settings = {"timeout": 0.5, "model": "wide_deep", "ours": True, "miniature": True}
for key, function in ends.items():
    checks.CHECKS[key] = checks.Check(1, key, "", function)
    request = {"check": key, "slot": "wide_and_deep", "refusals": "", "full": False, "load": {}}
    print(json.dumps(server.run({**request, "folder": str(Path(sys.argv[1], key))}, settings, [])["error"]))
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    dies, hangs, raises = map(json.loads, done.stdout.splitlines())
    assert dies.startswith("the process ended with -6")
    assert hangs.startswith("not done after 0.5 s")
    assert raises.rstrip().endswith("AssertionError: wide_and_deep")


def test_outcomes() -> None:
    good, bad = Result(), Result(error="Traceback …\nValueError: no")
    assert outcome(checked(), good, bad) == PASS and outcome(checked(), bad, good) == FAIL
    assert (
        outcome(checked(may_fail=True), bad, good) == FAIL and outcome(checked(may_fail=True), bad, bad) == HOST_FAILS
    )
    must = checked(must_beat=("AUC", "log loss"))
    lr = Result(figures={"AUC": (0.61, "high", 4), "log loss": (0.6, "low", 4)})
    assert problem(must, Result(figures={"AUC": (0.62, "high", 4), "log loss": (0.5, "low", 4)}), lr) is None
    worse = Result(figures={"AUC": (0.61, "high", 4), "log loss": (0.7, "low", 4)})
    assert problem(must, worse, lr) == "AUC is 0.6100, the LR's 0.6100; log loss is 0.7000, the LR's 0.6000"
    assert "no AUC to beat" in str(problem(must, worse, bad))


def test_the_table() -> None:
    ours = Result(figures={"查询 AUC": (0.7, "high", 2), "time, s": (1200.0, "low", 1), "rate": (0.9, "one", 2)})
    lr = Result(figures={"查询 AUC": (0.6, "high", 2), "time, s": (1.0, "low", 1), "rate": (3.0, "one", 2)})
    failed = Result(error="Traceback …\nValueError: no")
    rows = [(checked(), "wide_and_deep", ours, lr), (checked(may_fail=True), "wide_and_deep", failed, failed)]
    rows.append((checked(slots=(BOTH,)), BOTH, failed, lr))
    lines = table(rows).splitlines()
    assert lines[2].split() == ["1", "a", "pattern", "wide_and_deep", "pass"]
    assert [line.split()[-3:] for line in lines[3:6]] == [
        *(["0.60", "0.70", "ours"], ["1.0", "1,200.0", "LR"], ["3.00", "0.90", "ours"])
    ]
    assert lines[7].strip() == lines[9].strip() == "ValueError: no" and "FAIL" in lines[8]
    assert summary(rows) == "1 of 2 pass; 1 fail in the host with the LR too"


@pytest.mark.parametrize(
    ("bits", "error", "says"),
    [
        ("0x1.8p-3", "", None),
        ("0x1.8000000000001p-3", "", "1 answers of no model"),
        ((0.1).hex(), "", "1 of an untrained one"),
        ("", "RuntimeError: status 500", "status 500"),
    ],
)
def test_one_wrong_answer_under_load_is_seen(
    bits: str, error: str, says: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = "wide_and_deep"
    published = load.Published()
    published.files[slot] = [tmp_path / "0", tmp_path / "1"]
    monkeypatch.setattr(published, "answers", lambda host, slot: [["0x1.0p-3", "0x1.2p-3"], ["0x1.4p-3", "0x1.8p-3"]])
    sizes = SimpleNamespace(requests=2, retrainings=1, threads=1)
    host = Host(slot, "wide_deep", True, False, [], sizes)
    done = [[slot, [0], ["0x1.0p-3"], ""], [slot, [1], [bits] if bits else [], error]]
    if says is None:
        load.report(host, done, done[:1], published)
        assert host.notes == ["3 answers, by 2 of the 2 models that were trained"]
        return
    with pytest.raises(AssertionError, match=says):
        load.report(host, done[:1], done[1:], published)


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Process:
        def __init__(self, testbed: Any, model: str, ours: bool, folder: Path, *given: Any, **named: Any) -> None:
            self.check(testbed, model, ours, *given, **named)

        def check(self, testbed: Any, model: str, ours: bool, records: int, full: bool, load: Any) -> None:
            assert model == ("wide_deep" if ours else "logistic_regression")
            assert testbed is None and records == 1500 and full and load["requests"] == 10
            self.ours = ours

        def run(self, check: Check, slot: str) -> Result:
            error = "ValueError: no" if self.ours and (check.key, slot) == ("copies", "wide_and_deep") else None
            return Result(error, {"AUC": (0.7 if self.ours else 0.6, "high", 2)}, [], 1.0)

        def close(self) -> None:
            closed.append(self.ours)

    closed: list[bool] = []
    monkeypatch.delenv("TESTBED", raising=False)
    monkeypatch.setattr(command, "HostProcess", Process)
    for asked, code, last in (("unknown", 0, "2 of 2 pass"), ("cop", 1, "1 of 2 pass")):
        monkeypatch.setattr(sys, "argv", ["patterns", asked, "--records", "1500", "--requests", "10"])
        assert command.main() == code
        said = capsys.readouterr()
        assert said.out.splitlines()[-1] == last and ": 1.0 + 1.0 + 1.0 s" in said.err
        assert said.out.count("0.60  0.70  ours") == 2
    assert closed == [True, False] * 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no such check"], "no check like no such check"),
        (["--testbed", "/no/such/folder"], "/no/such/folder is no checkout"),
        (["--records", "100"], "1,500 at least"),
    ],
)
def test_the_command_says_what_it_wants(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TESTBED", raising=False)
    monkeypatch.setattr(sys, "argv", ["patterns", *arguments])
    with pytest.raises(SystemExit):
        command.main()
    assert says in capsys.readouterr().err
