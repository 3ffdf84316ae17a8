"""Pattern 1: what a ModelService loads as it starts."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

from .checks import check
from .host import Data, Host, answers, served


@check(1, "load order", "start: newest online checkpoint, else offline, else default file")
def load_order(host: Host) -> None:
    probe = host.log[:20]
    default, offline = Path("models/ctr_model.pkl"), Path("models/offline/ctr_model.pkl")
    expected: dict[Path, list[str]] = {}

    service = host.trained(host.log[:400])
    for number, count in ((9, 500), (10, 600)):  # as numbers 10 is the newer one, as text it is not
        service.online_checkpoint_counter = number - 1
        service.switch_model(host.slot)
        assert service.train_model(Data(host.log[:count]), is_online=True)["success"]
        expected[Path(f"models/online/ctr_model_ckpt_{number}.pkl")] = answers(service.ctr_model, probe)
    if host.slot == "wide_and_deep":
        # The second slot's checkpoints are none of the first slot's, which starts; it must start all the same.
        assert Path("models/online/wide_deep_ctr_model_ckpt_10.h5").is_file()
        expected.clear()
        service.switch_model("logistic_regression")
        assert service.train_model(Data(host.log[:450]), is_online=False)["success"]
    model = service.create_model_instance("logistic_regression")
    for path, count in ((offline, 700), (default, 800)):
        assert model.train(host.log[:count])["success"]
        model.save_model(str(path))
        expected[path] = answers(model, probe)
    assert len({tuple(bits) for bits in expected.values()}) == len(expected)

    order = sorted(expected, key=lambda path: ("online" not in path.parts, path == default, "ckpt_9" in path.name))
    for path in order:
        started = host.service()
        assert answers(started.ctr_model, probe) == expected[path], f"{path} was not what the service loaded"
        assert Path(started.model_file) == Path.cwd() / path
        if path.parent.name == "online":
            assert served(started, probe, "logistic_regression") == expected[default]  # REST takes the default file
        path.unlink()
    assert not host.service().ctr_model.is_trained


@check(1, "old pickles", "start on pickles from before the switch", refusals="pickle", is_beside=False)
def old_pickles(host: Host) -> None:
    if not host.ours:
        return
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    X = [[float(row + column) for column in range(12)] for row in range(20)]
    kept = {
        "model": LogisticRegression().fit(StandardScaler().fit_transform(X), [row % 2 for row in range(20)]),
        "vectorizer": None,
        "scaler": StandardScaler().fit(X),
        "is_trained": True,
    }
    paths = [Path("models", *parts) for parts in (("online", "ctr_model_ckpt_3.pkl"), ("offline", "ctr_model.pkl"))]
    paths += [Path("models/ctr_model.pkl"), Path("models/wide_deep_ctr_model")]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(Trap(kept)))

    service = host.service()
    assert not service.ctr_model.is_trained and not Path("trap").exists(), "a pickle was opened"
    assert served(service, host.log[:3], host.slot) == [(0.1).hex()] * 3  # what the host answers for an untrained model
    assert all(path.read_bytes() == pickle.dumps(Trap(kept)) for path in paths), "a foreign file was changed"

    service.switch_model(host.slot)
    assert service.train_model(Data(host.log[:500]), is_online=False)["success"]
    own = ("models/ctr_model.pkl", "models/wide_deep_ctr_model")[host.slot == "wide_and_deep"]
    assert Path(f"{own}.bak").read_bytes() == pickle.dumps(Trap(kept)), "the old file was not kept"
    assert served(host.service(), host.log[:20], host.slot) == answers(service.ctr_model, host.log[:20])
    assert not Path("trap").exists()


class Trap:
    """The logistic regression's pickle; who unpickles it leaves a folder behind."""

    def __init__(self, content: object) -> None:
        self.content = content

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("trap",), self.content
