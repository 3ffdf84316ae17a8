"""Click logs from spreadsheets, other laptops and other programs: read as they are meant, or refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.lab import numerals
from testbed_adapter.lab.compare.logs import LogError, read_log

HEADER = "timestamp,query,doc_id,position,score,clicked,summary,doc_length"
ROW = {
    **{"timestamp": "2025-01-01", "query": "机器学习", "doc_id": "d1", "position": "1", "score": "0.5"},
    **{"clicked": "1", "summary": "摘要", "doc_length": "2"},
}


def csv(tmp_path: Path, *cells: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """A good row, then one of these cells."""
    path = tmp_path / "log.csv"
    rows = [header, ",".join(ROW.values()), ",".join(cells)] if cells else [header]
    path.write_bytes("\n".join([*rows, ""]).encode(encoding))
    return path


def row(**cells: str) -> list[str]:
    return list({**ROW, **cells}.values())


def refused(path: Path) -> str:
    with pytest.raises(LogError) as error:
        read_log(path)
    said = str(error.value)
    assert said.startswith(str(path))
    return said


@pytest.mark.parametrize("field", ["position", "score", "clicked", "doc_length"])
@pytest.mark.parametrize(
    "cell",
    [
        *("1_0", "1__0", " 1", "1 ", "\t1", "１", "٣", "१", "1１", "0x1", "1e", "e1", ".", "+", "--1", "1,0", "1.0.0"),
        *("nan", "NaN", "inf", "-inf", "Infinity", "infinity", "1e999", "-1e999", "½", "Ⅷ", "一", "1\u00a0", "1\u200b"),
        *("none", "null", "N/A", "−1"),
    ],
)
def test_what_is_no_plain_number_is_refused_by_name(field: str, cell: str, tmp_path: Path) -> None:
    said = refused(csv(tmp_path, *row(**{field: f'"{cell}"'})))
    assert f"line 3, field {field}: " in said and json.dumps(cell, ensure_ascii=False) in said
    assert ("plain digits" in said) is (field != "clicked") and ("0 or 1, true or false" in said) is (
        field == "clicked"
    )


def test_plain_numbers_are_read() -> None:
    assert [numerals.real(text) for text in ("12", "-0.5", "+3", "1e-05", "1.E+2", ".5", "3.")] == [
        *(12, -0.5, 3, 1e-05, 100, 0.5, 3)
    ]
    assert [numerals.whole(text) for text in ("12", "-3", "12.0", "0012")] == [12, -3, 12, 12]
    for text in ("12.5", "1e3", "9" * 5000, "12.0.0", "\n1", "1\n", ""):
        with pytest.raises(ValueError, match="plain digits"):
            numerals.whole(text)


@pytest.mark.parametrize("cell", ["yes", "no", "y", "2", "-1", "0.5", "点击", "True "])
def test_a_click_says_what_it_may_be(cell: str, tmp_path: Path) -> None:
    said = refused(csv(tmp_path, *row(clicked=cell)))
    assert "line 3, field clicked: " in said and cell in said and "is not 0 or 1, true or false" in said


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    said = refused(csv(tmp_path, *row(), "0.9", header=HEADER + ",score"))
    assert "the column score 2 times, as columns 5 and 9" in said
    path = csv(tmp_path, *row(), "", "", header=HEADER + ",note,note")
    path.write_text("\n".join([HEADER + ",note,note", ",".join([*row(), "a", "b"])]), encoding="utf-8")
    assert len(read_log(path)) == 1  # of columns that nobody reads: Excel leaves some without a name


def test_a_field_that_stands_twice_in_json(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    good = json.dumps({**ROW, "position": 1, "score": 0.5, "clicked": 1, "doc_length": 2})
    path.write_text(f'[{good}, {good[:-1]}, "score": 0.9}}]', encoding="utf-8")
    assert "record 2: the field score stands there twice" in refused(path)
    path.write_text(f'{{"records": [{good}], "records": []}}', encoding="utf-8")
    assert "the field records stands there twice" in refused(path)
    path.write_text(f'[{good[:-1]}, "note": {{"a": 1, "a": 2}}, "other": 1, "other": NaN}}]', encoding="utf-8")
    assert read_log(path)[0]["score"] == 0.5


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "GB18030"), ("utf-16", "UTF-16")])
def test_other_encodings_say_how_to_change_them(encoding: str, name: str, tmp_path: Path) -> None:
    said = refused(csv(tmp_path, *row(), encoding=encoding))
    assert "is not UTF-8: byte" in said and f"iconv -f {name} -t UTF-8 log.csv > utf8.csv" in said


def test_other_separators_are_named(tmp_path: Path) -> None:
    assert "commas, not by ';'" in refused(csv(tmp_path, header=HEADER.replace(",", ";")))
    assert "commas, not by '\\t'" in refused(csv(tmp_path, header=HEADER.replace(",", "\t")))


def test_a_header_alone_and_an_open_quote(tmp_path: Path) -> None:
    assert "holds no records" in refused(csv(tmp_path))
    assert "line " in refused(csv(tmp_path, *row(summary='"open')))


def test_half_a_surrogate_pair_becomes_what_training_makes_of_it(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    record: dict[str, Any] = {**ROW, "position": 1, "score": 0.5, "clicked": 1, "doc_length": 2}
    for field in ("query", "doc_id", "summary", "timestamp"):
        record[field] = "a\ud83d"
    path.write_text(json.dumps([{**record, "note": "\udc00"}]), encoding="utf-8")
    (read,) = read_log(path)
    assert [read[field] for field in ("query", "doc_id", "summary", "timestamp", "note")] == ["a?"] * 4 + ["?"]
