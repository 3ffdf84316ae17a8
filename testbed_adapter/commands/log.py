"""`log`: a generated click log for the testbed, as its data service keeps one."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Optional

from ..messages import commands
from ..messages import log as words
from . import options, whole_file, writable

PLACE = Path("models", "ctr_data.json")
_MOST = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = str(words.ABOUT), str(words.EXAMPLES)
    parser.set_defaults(refuse=parser.error)
    parser.add_argument(
        "--records",
        type=lambda text: options.whole(text, 1, _MOST + 1),
        default=20_000,
        help=str(words.RECORDS),
    )
    parser.add_argument("--seed", type=options.seed, default=0, help=str(words.SEED))
    parser.add_argument("--testbed", type=options.path, metavar="DIR", help=str(words.TESTBED))
    parser.add_argument(
        "--out", type=options.path, default=PLACE, metavar="FILE", help=str(words.OUT.format(place=PLACE))
    )
    parser.add_argument("--users", action="store_true", help=str(words.USERS))
    existing = parser.add_mutually_exclusive_group()
    existing.add_argument("--append", action="store_true", help=str(words.APPEND))
    existing.add_argument("--force", action="store_true", help=str(words.FORCE))


def run(given: argparse.Namespace) -> int:
    if given.testbed is not None and not given.testbed.is_dir():
        given.refuse(commands.NO_FOLDER.format(option="--testbed", path=given.testbed))
    path: Path = given.out if given.testbed is None else given.testbed / given.out
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        given.refuse(words.OTHER_SUFFIX.format(path=given.out))
    if suffix != ".json" and given.append:
        given.refuse(words.APPEND_CSV)
    try:
        before = _existing(path, given.append, given.force)
        records = _generated(given.records, given.seed, before, given.users)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole_file.write(path, _FORMATS[suffix](before + records))
    except (ValueError, OSError) as error:  # a LogError is the first
        obstacle = writable.obstacle(given.testbed) if given.testbed and isinstance(error, OSError) else None
        print(commands.ERROR.format(error=obstacle.said if obstacle else error), file=sys.stderr)
        return 1
    clicks = sum(record["clicked"] for record in records)
    written = words.WRITTEN.format(path=path, records=len(records), clicks=clicks)
    print(words.WRITTEN_TO.format(written=written, total=len(before) + len(records)) if before else written)
    return 0


def _existing(path: Path, append: bool, force: bool) -> list[dict[str, Any]]:
    """The records to keep. LogError for a log that nobody said what to do with."""
    from ..lab.compare.logs import LogError, read_log

    if force or not path.exists():
        return []
    if append:
        if path.read_bytes().strip() == b"[]":  # cleared in the page
            return []
        read_log(path)  # refuses, by name, what the records could not stand beside
        kept = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(kept, list):
            raise LogError(words.NO_LIST.format(path=path))
        return kept
    raise LogError(words.IS_THERE.format(path=path))


def _generated(count: int, seed: int, before: list[dict[str, Any]], users: bool) -> list[dict[str, Any]]:
    from ..lab import clicklog
    from ..lab.compare.logs import LogError

    has_users = any("user_id" in record for record in before)
    if before and users and not has_users:
        raise LogError(words.NO_USERS)
    if users or has_users:
        records = clicklog.generate_users(count, seed, before).records
    else:
        after = max((str(record["timestamp"]) for record in before), default=None)
        records = clicklog.generate(count, seed, after)[0]
    if before:
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

    flat = [{**one, "history": " ".join(one["history"])} if "history" in one else one for one in records]
    sink = pa.BufferOutputStream()
    csv.write_csv(pa.Table.from_pylist(flat), sink)
    return bytes(sink.getvalue().to_pybytes())


def _parquet(records: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    table, lists = pa.Table.from_pylist(records), pa.list_(pa.string())
    if "history" in table.column_names:  # where nobody has clicked yet its lists have no type
        place = table.column_names.index("history")
        table = table.set_column(place, "history", table["history"].cast(lists))
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


_FORMATS = {".json": _json, ".csv": _csv, ".parquet": _parquet}
