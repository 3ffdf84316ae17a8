"""Pattern 11: copies of the estimator, by pickle, deepcopy and joblib, here and in another process."""

from __future__ import annotations

import copy
import io
import json
import pickle
import subprocess
import sys
from functools import partial
from typing import Any, Callable

import joblib
import numpy as np

from .checks import BOTH, check
from .host import Host, answers, inputs

# A process of its own reads the pickles, and says what they answer.
READER = """
import json, pickle, sys
import numpy as np
sys.path[:0] = json.loads(sys.argv[1])
import testbed_adapter; testbed_adapter.install()
X = np.load("X.npy")
said = []
with open("copies.pickle", "rb") as file:
    for estimator, scaler, model in pickle.load(file):
        bits = estimator.predict_proba(scaler.transform(X)).tobytes().hex()
        said.append([bits, float(model.predict_ctr(**json.loads(sys.argv[2]))).hex()])
print(json.dumps(said))
"""


def dumped(thing: Any) -> Any:
    buffer = io.BytesIO()
    joblib.dump(thing, buffer)
    buffer.seek(0)
    return joblib.load(buffer)


def pickled(thing: Any, protocol: int) -> Any:
    return pickle.loads(pickle.dumps(thing, protocol))


@check(11, "copies", "pickle, copy.deepcopy and joblib of estimator, scaler and CTRModel")
def copies(host: Host) -> None:
    model = host.trained(host.log[:600]).ctr_model
    features, labels = model.extract_features(host.log[:600])
    X = model.scaler.transform(features)
    expected, bits = answers(model, host.log[:30]), model.model.predict_proba(X).tobytes()
    ways: list[Callable[[Any], Any]] = [copy.copy, copy.deepcopy, dumped]
    ways += [partial(pickled, protocol=protocol) for protocol in range(2, 6)]
    for way in ways:
        estimator, scaler, whole = way(model.model), way(model.scaler), way(model)
        assert estimator.predict_proba(scaler.transform(features)).tobytes() == bits
        assert estimator.get_params() == model.model.get_params()
        assert answers(whole, host.log[:30]) == expected
        # A copy stands on its own: refitting it changes nothing here.
        if way is not copy.copy:
            estimator.fit(X[:, :2], labels)
            whole.reset()
        assert model.model.predict_proba(X).tobytes() == bits and answers(model, host.log[:30]) == expected


@check(11, "another process", "a pickle read by another process answers the same bits", slots=(BOTH,), is_beside=False)
def another_process(host: Host) -> None:
    models = [host.trained(host.log[:600]).ctr_model]
    if host.ours:
        models.append(type(host.service().create_model_instance("wide_and_deep"))())
        assert models[1].train(host.log[:600])["success"]
    features = models[0].extract_features(host.log[:600])[0]
    np.save("X.npy", features)
    with open("copies.pickle", "wb") as file:
        pickle.dump([(model.model, model.scaler, model) for model in models], file)
    done = subprocess.run(
        [sys.executable, "-c", READER, json.dumps(sys.path[:2]), json.dumps(inputs(host.log[0]))],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for (bits, answer), model in zip(json.loads(done.stdout.splitlines()[-1]), models):
        assert bits == model.model.predict_proba(model.scaler.transform(features)).tobytes().hex()
        assert answer == answers(model, host.log[:1])[0]
