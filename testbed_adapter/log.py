"""`log`: a generated click log for the testbed, as its data service keeps one."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Optional

from . import options, whole_file

_ABOUT = """Writes a generated click log in the testbed's format: pages of ten results with queries, documents, scores,
positions and clicks in time order. The testbed loads models/ctr_data.json at its start. The same records and seed, the
same log. A log that is there already is never written over unasked."""

_EXAMPLES = """examples:
  python -m testbed_adapter log --testbed ~/test_bed
      20,000 records as ~/test_bed/models/ctr_data.json
  python -m testbed_adapter log --testbed ~/test_bed --append --records 2000
      2,000 more, later ones: what online learning learns from
  python -m testbed_adapter log --testbed ~/test_bed --out ctr_data_1.csv
      for the stand-alone script, training_tab/ctr_lr_model.py
"""

PLACE = Path("models", "ctr_data.json")
_MOST = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = _ABOUT, _EXAMPLES
    parser.set_defaults(refuse=parser.error)
    parser.add_argument(
        "--records",
        type=lambda text: options.whole(text, 1, _MOST + 1),
        default=20_000,
        help="how many (default 20000)",
    )
    parser.add_argument("--seed", type=options.seed, default=0, help="another seed, other queries and documents (0)")
    parser.add_argument("--testbed", type=options.path, metavar="DIR", help="the checkout that --out is in")
    parser.add_argument(
        "--out", type=options.path, default=PLACE, metavar="FILE", help=f"a .json or .csv file (default {PLACE})"
    )
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument("--append", action="store_true", help="put the records after those that are there (JSON)")
    existing.add_argument("--force", action="store_true", help="replace the log that is there")


def run(given: argparse.Namespace) -> int:
    if given.testbed is not None and not given.testbed.is_dir():
        given.refuse(f"--testbed {given.testbed}: there is no such folder")
    path: Path = given.out if given.testbed is None else given.testbed / given.out
    is_csv = path.suffix.lower() == ".csv"
    if not is_csv and path.suffix.lower() != ".json":
        given.refuse(f"--out {given.out}: a name that ends in .json or .csv")
    if is_csv and given.append:
        given.refuse("--append is for JSON: write another .csv file, the script reads all of ctr_data_*.csv")
    try:
        before = _existing(path, given.append, given.force)
        records = _generated(given.records, given.seed, before)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole_file.write(path, _csv(records) if is_csv else _json(before + records))
    except (ValueError, OSError) as error:  # a LogError is the first
        print(f"error: {error}", file=sys.stderr)
        return 1
    clicks = sum(record["clicked"] for record in records)
    total = f"，共 {len(before) + len(records):,} 条" if before else ""
    print(f"已写入 {path}：{len(records):,} 条展示，{clicks:,} 次点击{total} / written: impressions, clicks")
    return 0


def _existing(path: Path, append: bool, force: bool) -> list[dict[str, Any]]:
    """The records to keep. LogError for a log that nobody said what to do with."""
    from .compare.logs import LogError, read_log

    if force or not path.exists():
        return []
    if append:
        if path.read_bytes().strip() == b"[]":  # cleared in the page
            return []
        read_log(path)  # refuses, by name, what the records could not stand beside
        kept = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(kept, list):
            raise LogError(f"{path} is no list of records, which the testbed's data service reads: use --force")
        return kept
    raise LogError(f"{path} is there already: --append adds to it, --force replaces it")


def _generated(count: int, seed: int, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from . import clicklog

    if not before:
        return clicklog.generate(count, seed)[0]
    records = clicklog.generate(count, seed, after=max(str(record["timestamp"]) for record in before))[0]
    _count_on(before, records)
    return records


def _count_on(before: list[dict[str, Any]], records: list[dict[str, Any]]) -> None:
    """The click rates so far of the records, counted on from those before. As the data service has them: this page's
    earlier impressions count already, its clicks do not."""
    shown: Counter[tuple[str, str]] = Counter()
    clicks: Counter[tuple[str, str]] = Counter()

    def keys(record: dict[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("query_ctr", str(record["query"])), ("doc_ctr", str(record["doc_id"]))

    for record in before:
        shown.update(keys(record))
        clicks.update(key for key in keys(record) if record["clicked"])
    page: Optional[str] = None
    clicked: list[tuple[str, str]] = []
    for record in records:
        if record["request_id"] != page:
            clicks.update(clicked)
            page, clicked = record["request_id"], []
        for key in keys(record):
            record[key[0]] = round(clicks[key] / shown[key], 4) if shown[key] else 0.1
            shown[key] += 1
            clicked += [key] * record["clicked"]


def _json(records: list[dict[str, Any]]) -> bytes:
    return json.dumps(records, ensure_ascii=False, indent=2).encode("utf-8")


def _csv(records: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    from pyarrow import csv

    sink = pa.BufferOutputStream()
    csv.write_csv(pa.Table.from_pylist(records), sink)
    return bytes(sink.getvalue().to_pybytes())
