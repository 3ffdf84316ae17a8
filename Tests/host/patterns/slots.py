"""Pattern 3: the instances that the service makes for its slots."""

from __future__ import annotations

from pathlib import Path

from .checks import check
from .host import Data, Host, answers, inputs, served


@check(3, "instances", "create_model_instance: default file, cache, class name, sixth argument")
def instances(host: Host) -> None:
    service = host.service()
    before = service.create_model_instance(host.slot)
    assert not before.is_trained and service.create_model_instance(host.slot) is before
    if host.ours:
        assert type(before).__module__ == "testbed_adapter.host.ctr_model"
        assert ("WideAndDeep" in type(before).__name__) == (host.slot == "wide_and_deep")
        assert before.predict_ctr(**inputs(host.log[0])) == host.log[0]["score"]  # untrained: the score

    result = before.train(host.log[:500])  # saves without being told where
    assert result.get("success"), result
    name = "ctr_model.pkl" if host.slot == "logistic_regression" else "wide_deep_ctr_model"
    assert [path.name for path in Path("models").iterdir() if path.is_file()] == [name]
    expected = answers(before, host.log[:20])
    anew = host.service()
    assert served(anew, host.log[:20], host.slot) == expected
    assert anew.get_model_instance(host.slot) is not before
    at_a_time = {**inputs(host.log[0]), "timestamp": "2031-01-01T00:00:00"}
    assert anew.predict_ctr(at_a_time, host.slot).hex() == expected[0]


@check(3, "switch", "switch_model back and forth: each slot keeps its own model")
def switch(host: Host) -> None:
    if not host.ours:  # the LR's host has one slot that works
        return
    service = host.service()
    others = {"logistic_regression": "wide_and_deep", "wide_and_deep": "logistic_regression"}
    expected = {}
    for slot, count in ((host.slot, 400), (others[host.slot], 500)):
        assert service.switch_model(slot)
        assert service.train_model(Data(host.log[:count]), is_online=False)["success"]
        expected[slot] = answers(service.ctr_model, host.log[:20])
    assert len({tuple(bits) for bits in expected.values()}) == 2
    for _ in range(2):
        for slot, bits in expected.items():
            assert service.switch_model(slot) and service.current_model_type == slot
            assert answers(service.ctr_model, host.log[:20]) == bits
            assert served(service, host.log[:20], slot) == bits


@check(3, "unknown slot", "a slot that there is not: an untrained CTRModel", refusals="不支持的模型类型")
def unknown_slot(host: Host) -> None:
    service = host.trained(host.log[:400])
    model = service.create_model_instance("factorisation_machine")
    assert type(model).__name__ == "CTRModel" and not model.is_trained
    assert service.predict_ctr(inputs(host.log[0]), "factorisation_machine") == 0.1
    assert served(service, host.log[:5], host.slot) == answers(service.ctr_model, host.log[:5])
