"""python -m Tests.host.patterns: see the package."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from testbed_adapter.commands import options
from testbed_adapter.switch import BESIDE_LR, HOST_ITSELF, NEITHER, SECOND, WIDE_DEEP

from .checks import SLOTS, all_checks
from .process import FULL_LOAD, RECORDS, HostProcess
from .table import FAIL, Row, outcome, problem, summary, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m Tests.host.patterns", description=__doc__)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help="only these, by a part of their names")
    parser.add_argument("--testbed", metavar="DIR", default=os.environ.get("TESTBED") or None, help="a real checkout")
    parser.add_argument(
        "--model",
        type=options.slots,
        default=WIDE_DEEP,
        help="what CTR_MODEL says: ours in both slots, or in the second one beside the host's LR (default %(default)s)",
    )
    parser.add_argument("--records", type=int, default=RECORDS, help=f"length of the click log (default {RECORDS})")
    for name, value in FULL_LOAD.items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"of the service under load (default {value})")
    given = parser.parse_args()
    if given.testbed and not Path(given.testbed, "src", "search_engine").is_dir():
        parser.error(f"--testbed {given.testbed} is no checkout of the testbed: it has no src/search_engine")
    if given.records < 1500:
        parser.error(f"--records {given.records}: the patterns need 1,500 at least")
    chosen = [check for check in all_checks(not given.testbed) if _is_asked_for(check.key, given.checks)]
    if not chosen:
        parser.error(f"there is no check like {' or '.join(given.checks)}")
    load = {name: getattr(given, name) for name in FULL_LOAD}
    rows: list[Row] = []
    if given.model.holds == NEITHER:
        parser.error(f"--model {given.model.text}: there is nothing of ours in it")
    is_beside = given.model.holds == SECOND
    models = {"ours": given.model.text, "lr": BESIDE_LR if is_beside else HOST_ITSELF}
    with tempfile.TemporaryDirectory(prefix="patterns-") as folder:
        ours, lr = (
            HostProcess(given.testbed, model, whose == "ours", Path(folder, whose), given.records, full=True, load=load)
            for whose, model in models.items()
        )
        try:
            for check in chosen:
                slots = [slot for slot in check.slots if not is_beside or (check.is_beside and slot != SLOTS[0])]
                if not slots:
                    continue
                print(f"{check.number:2}  {check.title}", end="", file=sys.stderr, flush=True)
                # The LR has one slot; what it does there is what both of ours are measured by.
                theirs = lr.run(check, check.slots[0])
                rows += [(check, slot, ours.run(check, slot), theirs) for slot in slots]
                seconds = [theirs.seconds, *(row[2].seconds for row in rows if row[0] is check)]
                print(": " + " + ".join(f"{one:.1f}" for one in seconds) + " s", file=sys.stderr, flush=True)
        finally:
            ours.close()
            lr.close()
    where = f"The testbed at {given.testbed}" if given.testbed else "The miniature host"
    print(f"\n{where}, CTR_MODEL={given.model.text}, {given.records:,} records\n")
    print(table(rows))
    failed = [row for row in rows if outcome(row[0], row[2], row[3]) == FAIL]
    for check, slot, result, theirs in failed:
        print(f"\n{check.key}, {slot}:\n{problem(check, result, theirs)}")
    print(f"\n{summary(rows)}")
    return 1 if failed else 0


def _is_asked_for(key: str, asked: list[str]) -> bool:
    return not asked or any(part.lower() in key.lower() for part in asked)


if __name__ == "__main__":
    sys.exit(main())
