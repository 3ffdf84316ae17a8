"""Pattern 9: the REST service, on a real port."""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import threading
import time
from contextlib import closing
from typing import Any, Optional

from testbed_adapter.switch import BOTH, NEITHER

from .checks import check
from .host import Data, Host, answers, inputs

HOSTS_TYPES = {"logistic_regression": "pickle", "wide_and_deep": "tensorflow"}


def serve(service: Any) -> int:
    """Starts the service's own server in a thread, as long as the process lives; returns its port."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    arguments = {"host": "127.0.0.1", "port": port}
    threading.Thread(target=service.start_api_server, kwargs=arguments, daemon=True).start()
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return port
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no server on port {port}")


class Client:
    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(self, path: str, body: Optional[Any] = None) -> tuple[int, Any]:
        """GET, or POST where there is a body: the status and the JSON."""
        text = None if body is None else json.dumps(body)
        self.connection.request("GET" if text is None else "POST", path, text, {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if response.getheader("Content-Type") == "application/json" else ""


def told(host: Host, slot: str, status: str) -> dict[str, str]:
    """What is said of a slot: its name is part of the address, the rest is true of the model that stands in it."""
    said = {"name": slot, "status": status, "type": HOSTS_TYPES[slot]}
    if host.choice.holds == NEITHER:
        return said
    if host.choice.holds == BOTH or slot == "wide_and_deep":
        return {**said, "type": "ctr_models", "model": host.choice.model}
    return {**said, "model": slot}


def listed(host: Host, **status: str) -> dict[str, Any]:
    return {"model": [told(host, slot, status[slot]) for slot in HOSTS_TYPES]}


@check(9, "REST", "/health, /v1/models, predict, batch_predict, over a real port")
def rest(host: Host) -> None:
    service = host.service()
    ask = Client(serve(service))
    if host.ours:  # in the LR's host the second slot wants TensorFlow
        unloaded = {"logistic_regression": "unloaded", "wide_and_deep": "unloaded"}
        assert ask("/v1/models") == (200, listed(host, **unloaded))
        assert ask("/health")[1]["model_trained"] is False
    one = inputs(host.log[0])
    assert ask(f"/v1/models/{host.slot}/predict", {"inputs": one}) == (200, {"outputs": {"ctr_score": 0.1}})

    assert service.switch_model(host.slot)
    assert service.train_model(Data(host.log[:800]), is_online=False)["success"]
    if host.ours:
        assert ask("/v1/models") == (200, listed(host, **{**unloaded, host.slot: "loaded"}))
    described = told(host, host.slot, "loaded")
    health = {"status": "healthy", "model_type": host.slot, "model_trained": True}
    if "model" in described:
        health.update(model_type=described["model"], slot=host.slot)
    assert ask("/health") == (200, health)
    assert ask(f"/v1/models/{host.slot}") == (200, {"model": described})

    expected = answers(service.ctr_model, host.log[:100])
    times = []
    for record, bits in zip(host.log[:100], expected):
        start = time.perf_counter()
        status, answer = ask(f"/v1/models/{host.slot}/predict", {"inputs": inputs(record)})
        times.append(time.perf_counter() - start)
        assert status == 200 and answer["outputs"]["ctr_score"].hex() == bits
    host.figure("predict, ms", 1000 * statistics.median(times), "low", 2)
    batch = {"inputs": [inputs(record) for record in host.log[:100]]}
    start = time.perf_counter()
    status, answer = ask(f"/v1/models/{host.slot}/batch_predict", batch)
    host.figure("batch_predict of 100, ms", 1000 * (time.perf_counter() - start), "low", 1)
    assert status == 200 and [one["ctr_score"].hex() for one in answer["outputs"]] == expected
    for kind, empty in (("predict", {}), ("batch_predict", [])):
        assert ask(f"/v1/models/{host.slot}/{kind}", {"inputs": empty})[0] == 400
