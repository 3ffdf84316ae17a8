"""Pattern 9 under load: client threads ask while the service trains, switches and reloads.

All along further services start on the same files, as the testbed's own API process does beside the one that trains.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from testbed_adapter.switch import SECOND

from .checks import BOTH, SLOTS, check
from .host import Data, Host, inputs, served
from .rest import serve

DEFAULT = {"logistic_regression": "models/ctr_model.pkl", "wide_and_deep": "models/wide_deep_ctr_model"}
PROBES = 64
UNTRAINED = (0.1).hex()
Answered = list[Any]  # slot, rows, the answers' bits, or what went wrong


class Published:
    """Copies of every model file that the REST instances may have loaded, in the order of the trainings."""

    def __init__(self) -> None:
        self.files: dict[str, list[Path]] = {slot: [] for slot in SLOTS}

    def keep(self, slot: str) -> None:
        target = Path("published", f"{slot}-{len(self.files[slot])}")
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(DEFAULT[slot], target)
        self.files[slot].append(target)

    def answers(self, host: Host, slot: str) -> list[list[str]]:
        """Of each model, for each probe."""
        found = []
        for path in self.files[slot]:
            model = type(host.service().create_model_instance(slot))()
            assert model.load_model(str(path))
            found.append([float(model.predict_ctr(**inputs(record))).hex() for record in host.log[:PROBES]])
        return found


@check(9, "under load", "many threads ask while it trains, switches and reloads", slots=(BOTH,))
def under_load(host: Host) -> None:
    slots = SLOTS[host.choice.holds == SECOND :] if host.ours else SLOTS[:1]
    service, published = host.service(), Published()
    for slot in slots:
        assert service.switch_model(slot)
        retrain(host, service, published, slot, 0, is_online=False)
    asked = {
        "port": serve(service),
        "slots": slots,
        "inputs": [inputs(record) for record in host.log[:PROBES]],
        "threads": host.load.threads,
        "requests": host.load.requests,
        "seed": 0,
    }
    clients = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("clients.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ,
    )
    trained, started = threading.Event(), list[Answered]()
    starter = threading.Thread(target=start_services, args=(host, slots, trained, started))
    starter.start()
    assert clients.stdin is not None
    clients.stdin.write(json.dumps(asked) + "\n")
    clients.stdin.flush()
    start = time.perf_counter()
    for number in range(1, host.load.retrainings + 1):
        slot = slots[number % len(slots)]
        assert service.switch_model(slot)
        retrain(host, service, published, slot, number, is_online=number % 4 < 2)
    trained.set()
    done = json.loads(clients.communicate()[0])
    seconds = time.perf_counter() - start
    starter.join()
    assert clients.returncode == 0 and started
    host.figure("requests a second", len(done) / seconds, "high", 0)
    report(host, done, started, published)
    # Not asked of the service itself: where several of its threads make an instance at once after a reload, the one it
    # trains need not be the one it keeps, and then an offline training is only served after the next reload.
    newest = host.service()
    for slot in slots:
        assert served(newest, host.log[:PROBES], slot) == published.answers(host, slot)[-1], "not the newest model"


def start_services(host: Host, slots: Sequence[str], enough: threading.Event, started: list[Answered]) -> None:
    """A service loads its models at its start and at the first question to each slot: here while they are written."""
    while not enough.wait(0.03):
        service = host.service()
        for slot in slots:
            row = len(started) % PROBES
            bits = service.predict_ctr(inputs(host.log[row]), slot).hex()
            started.append([slot, [row], [bits], ""])


def retrain(host: Host, service: Any, published: Published, slot: str, number: int, is_online: bool) -> None:
    result = service.train_model(Data(host.log[: 400 + 20 * number]), is_online=is_online)
    assert result.get("success"), result
    published.keep(slot)


def report(host: Host, done: list[Answered], started: list[Answered], published: Published) -> None:
    known = {slot: published.answers(host, slot) for slot in SLOTS if published.files[slot]}
    allowed = {slot: [set(column) for column in zip(*rows)] for slot, rows in known.items()}
    seen: dict[str, set[int]] = {slot: set() for slot in known}
    errors: Counter[str] = Counter()
    untrained = foreign = count = 0
    for slot, rows, bits, error in [*done, *started]:
        errors.update([error] if error else [])
        for row, answer in zip(rows, bits):
            count += 1
            if answer in allowed[slot][row]:
                seen[slot].update(index for index, model in enumerate(known[slot]) if model[row] == answer)
            elif answer == UNTRAINED:
                untrained += 1
            else:
                foreign += 1
    failed = sum(errors.values())
    host.figure("requests answered", len(done) - failed, "", 0)
    host.figure("further services started", len(started) / len(known), "", 0)
    host.figure("requests failed", failed, "low", 0)
    host.figure("answers of no model", foreign, "low", 0)
    host.figure("answers of an untrained one (0.1)", untrained, "low", 0)
    models = sum(map(len, seen.values()))
    host.notes.append(f"{count:,} answers, by {models} of the {sum(map(len, known.values()))} models that were trained")
    if host.ours:
        assert not errors, errors.most_common(3)
        assert not foreign and not untrained, f"{foreign} answers of no model, {untrained} of an untrained one"
        assert len(done) >= host.load.requests and models > host.load.retrainings // 2
