"""`make bits` says what differs where something does, and nothing where only times, version and threads do."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from Tests.bits import __main__ as command
from Tests.bits import data
from Tests.bits.comparison import differences
from Tests.bits.digests import masked, of_file
from Tests.bits.listed import CASES

NAME = "made, one hidden layer"


def test_a_library_gives_the_same_bits_as_itself(capsys: pytest.CaptureFixture[str]) -> None:
    names = [NAME, "impressions, the slot, continued with replay"]
    assert command.main(["--before", str(command.ROOT), "--cases", *names]) == 0
    assert capsys.readouterr().out.splitlines() == [
        *(f"{name}: same" for name in names),
        "2 cases, 0 of them not the same",
    ]


def test_what_differs_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = command.ROOT / command.LIBRARY
    case = CASES[NAME]
    data.write(tmp_path, case.data, tmp_path)
    other = dataclasses.replace(case, options={**case.options, "random_state": 1})
    wrong = dataclasses.replace(case, options={"hidden_units": "many"})
    sides = {"before": [case, case], "now": [other, wrong]}
    assert command.compared({"before": library, "now": library}, sides, tmp_path) == 2
    differs, fails = capsys.readouterr().out.splitlines()
    for what in ("file's options", "tensors bias, ", "predictions", "explanations", "info"):
        assert what in differs
    assert "threads" not in differs and "earlier file" not in differs
    assert fails.startswith(f"{NAME}: now fails: ") and "hidden_units" in fails


def test_a_missing_library_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--before", str(tmp_path)]) == 2
    assert "run `make library` in its checkout" in capsys.readouterr().err


def answers(**digests: dict[str, str]) -> dict[str, Any]:
    return {"digests": {threads[1:]: told for threads, told in digests.items()}}


def test_each_difference_is_named() -> None:
    same = {"file": "a", "predictions": "b", "extracted features": "c"}
    before = answers(_2=same)
    now = {**answers(_1=same, _2=same), "earlier": {"file": "a", "predictions": "b"}}
    assert differences(before, now) == []
    assert differences(before, {**now, **answers(_1=same, _2={**same, "predictions": "x"})}) == [
        "on 2 threads, not on 1: predictions"
    ]
    assert differences(before, {**now, "earlier": {"file": "x", "predictions": "b"}}) == [
        "read from the earlier file: file"
    ]
    tensors = {f"tensor {name}": "d" for name in "pqrst"}
    assert differences(before, {**now, **answers(_1={**same, **tensors})}) == ["tensors p, q, r and 2 more"]


def test_times_version_and_threads_are_left_out() -> None:
    text = rb'{"version":"0.1.0","options":{"n_jobs":2,"l2":2},"history":[{"seconds":0.5,"rows_per_second":1e+5}]}'
    other = rb'{"version":"9.9","options":{"n_jobs":0,"l2":2},"history":[{"seconds":12,"rows_per_second":3}]}'
    assert masked(text) == masked(other)
    assert masked(text) != masked(other.replace(b'"l2":2', b'"l2":3'))
    quoted = [part.replace(b'"', rb"\"") for part in (text, other)]
    assert masked(quoted[0]) == masked(quoted[1]) != quoted[0]


def test_the_digest_of_a_file_sees_every_byte() -> None:
    content = (command.ROOT / "Tests" / "fixtures" / "models" / "075142f-both.safetensors").read_bytes()
    whole = of_file(content)
    changed = of_file(content[:-1] + bytes([content[-1] ^ 1]))
    differ = {name for name in whole if whole[name] != changed[name]}
    assert len(differ) == 1 and all(name.startswith("tensor ") for name in differ)
    renamed = of_file(content.replace(b'"deep.layers.0.bias"', b'"deep.layers.0.BIAS"'))
    assert renamed["file's order"] != whole["file's order"]


def test_the_second_state_of_an_optimiser_that_keeps_one_is_left_out() -> None:
    """Format 1 has zeros there."""
    content = (command.ROOT / "Tests" / "fixtures" / "models" / "075142f-both.safetensors").read_bytes()
    told = of_file(content)
    assert {"tensor optimizer.bias.2", "tensor optimizer.deep.layers.0.bias.1"} <= set(told)
    assert b'"optimizer.deep.layers.0.bias.2"' in content and "tensor optimizer.deep.layers.0.bias.2" not in told
