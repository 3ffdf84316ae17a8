"""`python -m testbed_adapter log`: generated click logs where the testbed looks for them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.commands import cli
from testbed_adapter.lab import clicklog
from testbed_adapter.lab.compare.logs import read_log
from Tests.adapter.support import python
from Tests.adapter.test_hook import SETUP


def log(*arguments: object) -> int:
    return cli.main(["log", *map(str, arguments)])


def test_it_is_the_generated_log_and_the_testbed_loads_it(tmp_path: Path) -> None:
    assert log("--testbed", tmp_path, "--records", 400, "--seed", 3) == 0
    path = tmp_path / "models" / "ctr_data.json"
    assert json.loads(path.read_text(encoding="utf-8")) == clicklog.generate(400, 3)[0]
    assert len(read_log(path)) == 400
    done = python(
        SETUP + "testbed_adapter.install()\n"
        "from search_engine import data_service, model_service\n"
        "data, service = data_service.DataService(), model_service.ModelService()\n"
        "print(len(data.get_all_samples()), service.train_model(data, is_online=False)['success'])",
        cwd=tmp_path,
    )
    assert done.stdout.splitlines()[-1] == "400 True", done.stderr


def test_what_is_there_is_kept_unless_somebody_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ctr_data.json"
    assert log("--out", path, "--records", 50) == 0
    before = path.read_bytes()
    capsys.readouterr()
    assert log("--out", path, "--records", 60) == 1
    said = capsys.readouterr().err
    assert str(path) in said and "--append" in said and "--force" in said and path.read_bytes() == before
    assert log("--out", path, "--records", 60, "--force") == 0
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 60


def test_appended_records_go_on_from_those_before(tmp_path: Path) -> None:
    path = tmp_path / "ctr_data.json"
    for _ in range(3):
        assert log("--out", path, "--records", 500, "--append") == 0
    records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    assert records[:500] == clicklog.generate(500)[0]
    times = [record["timestamp"] for record in records]
    assert len(records) == 1500 and times == sorted(times) and len(set(times)) == 1500
    # The same world, other visits; and click rates that count from the first record on.
    assert {record["doc_id"] for record in records[1000:]} & {record["doc_id"] for record in records[:500]}
    parts = [[(one["query"], one["doc_id"], one["clicked"]) for one in records[at : at + 500]] for at in (0, 500, 1000)]
    assert parts[0] != parts[1] != parts[2] != parts[0]
    for at in (700, 1203, 1499):
        record = records[at]
        earlier = [one for one in records[:at] if one["query"] == record["query"]]
        clicks = sum(one["clicked"] for one in earlier if one["request_id"] != record["request_id"])
        assert record["query_ctr"] == (round(clicks / len(earlier), 4) if earlier else 0.1)


def test_a_csv_for_the_stand_alone_script(tmp_path: Path) -> None:
    path = tmp_path / "ctr_data_1.csv"
    assert log("--out", path, "--records", 40) == 0
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["doc_id"] for row in csv.DictReader(file)] == [one["doc_id"] for one in clicklog.generate(40)[0]]
    assert [record["clicked"] for record in read_log(path)] == [one["clicked"] for one in clicklog.generate(40)[0]]


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (["--out", "log.txt"], 2, ".json, .csv or .parquet"),
        (["--out", "a.csv", "--append"], 2, "--append"),
        (["--records", "0"], 2, "0 is not"),
        (["--records", "2e4"], 2, "2e4"),
        (["--testbed", "nowhere"], 2, "no such folder"),
        (["--append", "--force"], 2, "--force"),
        (["--out", "bad.json", "--append"], 1, "bad.json"),
        (["--out", "a_file/x.json"], 1, "a_file"),
    ],
)
def test_misuse(
    arguments: list[str], code: int, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.json").write_text('[{"query": 3}]')
    Path("a_file").write_text("")
    try:
        answer = log(*arguments)
    except SystemExit as error:
        answer = int(error.code or 0)
    assert answer == code and named in capsys.readouterr().err
    assert Path("bad.json").read_text() == '[{"query": 3}]'


def test_a_log_that_was_cleared_in_the_page(tmp_path: Path) -> None:
    path = tmp_path / "ctr_data.json"
    path.write_text("[]")
    assert log("--out", path, "--records", 30, "--append") == 0
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 30


def test_times_that_nothing_can_follow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ctr_data.json"
    path.write_text(json.dumps([{**record, "timestamp": 1.7e9} for record in clicklog.generate(20)[0]]))
    before = path.read_bytes()
    assert log("--out", path, "--append") == 1
    assert "1700000000.0" in capsys.readouterr().err and path.read_bytes() == before
