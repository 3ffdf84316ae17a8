"""Pattern 10: online learning, by the service's trigger and by the data service's."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from pathlib import Path
from typing import Any

from sklearn.metrics import roc_auc_score

from .checks import check
from .host import Data, Host, answers, inputs, labels_of, served

NAMES = {"logistic_regression": "ctr_model_ckpt_{}.pkl", "wide_and_deep": "wide_deep_ctr_model_ckpt_{}.h5"}


def checkpoints() -> list[int]:
    names = [path.name for path in Path("models/online").iterdir() if path.suffix != ".json"]
    return sorted(int(re.findall(r"ckpt_(\d+)", name)[0]) for name in names)


@check(10, "triggers", "trigger_online_training: train, checkpoint, keep five, reload")
def triggers(host: Host) -> None:
    service = host.service()
    assert service.switch_model(host.slot)
    refused = service.trigger_online_training(Data(host.log))
    assert refused["skipped"] and not refused["success"], "online learning is off"
    service.enable_online_learning(True)
    assert service.trigger_online_training(Data(host.log[:5]))["skipped"]
    service.online_training_in_progress = True
    assert service.trigger_online_training(Data(host.log))["skipped"], "a training is in progress"
    service.online_training_in_progress = False

    first, step, count = 600, 100, 7
    times = []
    for number in range(1, count + 1):
        seen = host.log[: first + step * number]
        start = time.perf_counter()
        result = service.trigger_online_training(Data(seen))
        times.append(time.perf_counter() - start)
        assert result.get("success"), result
        assert service.online_checkpoint_counter == number and not service.online_training_in_progress
        assert checkpoints() == list(range(max(1, number - 4), number + 1))
        path = Path("models/online", NAMES[host.slot].format(number))
        assert path.is_file() and Path(service.model_file) == Path.cwd() / path
        reloaded = type(service.ctr_model)()
        assert reloaded.load_model(str(path))
        assert answers(service.ctr_model, host.log[:20]) == answers(reloaded, host.log[:20])
    host.figure(f"a trigger, mean of the last {count - 1}, s", sum(times[1:]) / (count - 1), "low", 3)
    later = host.log[first + step * count :]
    predicted = [float.fromhex(bits) for bits in answers(service.ctr_model, later)]
    host.figure("AUC on the records after the last trigger", roc_auc_score(labels_of(later), predicted), "high")
    if host.slot == "logistic_regression":
        again = host.service()
        assert again.online_checkpoint_counter == count
        assert answers(again.ctr_model, host.log[:20]) == answers(service.ctr_model, host.log[:20])


def _trained_on_its_log(host: Host) -> tuple[Any, Any]:
    """The model service and the data service, which has read 500 records."""
    Path("models").mkdir()
    Path("models/ctr_data.json").write_text(json.dumps(host.log[:500], ensure_ascii=False), encoding="utf-8")
    service, data = host.service(), host.module("data_service").DataService()
    data.set_model_service(service)
    assert service.switch_model(host.slot)
    assert service.train_model(data, is_online=False)["success"]
    return service, data


@check(10, "data service", "DataService: impressions, clicks, threshold, training in a thread")
def data_service(host: Host) -> None:
    service, data = _trained_on_its_log(host)
    data.set_online_training_threshold(20)
    before = served(service, host.log[:20], host.slot)
    assert not data._should_trigger_online_training(), "online learning is off"
    service.enable_online_learning(True)
    for number, record in enumerate(host.log[500:530]):
        assert data._should_trigger_online_training() == (number >= 20)
        data.record_impression(**inputs(record), request_id=f"request {number}")
        if record["clicked"]:
            assert data.record_click(record["doc_id"], f"request {number}")
    assert not data.record_click("a document that was not shown", "request 0")

    answered: list[str] = []
    trained = threading.Event()
    asker = threading.Thread(target=_ask, args=(service, host, answered, trained))
    training = threading.Thread(target=data._trigger_online_training_async)
    asker.start()
    training.start()
    training.join()
    trained.set()
    asker.join()
    assert data.last_training_data_count == 530 and not data._should_trigger_online_training()
    assert checkpoints() == [1] and service.ctr_model.is_trained
    after = served(service, host.log[:20], host.slot)
    assert after == answers(service.ctr_model, host.log[:20]) != before
    # Who asked while it trained had the one model or the other.
    assert answered and (not host.ours or set(answered) <= {before[0], after[0]})


@check(10, "clicks", "CTR_ONLINE=auto: recorded clicks trigger the training, through the host's own functions")
def clicks(host: Host) -> None:
    service, data = _trained_on_its_log(host)
    service.enable_online_learning(True)

    def ten_more(first: int) -> None:
        for number, record in enumerate(host.log[first : first + 10], start=first):
            data.record_impression(**inputs(record), request_id=f"request {number}")
        assert data.record_click(record["doc_id"], f"request {number}")

    os.environ.pop("CTR_ONLINE", None)
    ten_more(500)
    time.sleep(0.2)
    assert checkpoints() == [] and data._should_trigger_online_training(), "the host's trigger is commented out"
    os.environ["CTR_ONLINE"] = "auto"
    ten_more(510)
    deadline = time.monotonic() + 60
    while data.last_training_data_count < 520 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert data.last_training_data_count == 520 and checkpoints() == [1]
    assert (type(service.ctr_model).__module__ == "testbed_adapter.host.ctr_model") == host.ours


def _ask(service: Any, host: Host, answered: list[str], enough: threading.Event) -> None:
    while not enough.wait(0.001):
        answered += served(service, host.log[:1], host.slot)
