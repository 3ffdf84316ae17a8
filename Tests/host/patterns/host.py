"""What a check has at hand, inside its own process and folder: the host's modules, records, models, and its figures."""

from __future__ import annotations

import importlib
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Callable, Optional

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from testbed_adapter.switch.choice import Choice

INPUTS = ("query", "doc_id", "position", "score", "summary")
Record = dict[str, Any]


class Data:
    """The part of the host's data service that training asks."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records

    def get_all_samples(self) -> list[Record]:
        return list(self.records)


class Host:
    def __init__(self, slot: str, model: str, ours: bool, full: bool, log: list[Record], load: Any) -> None:
        self.slot = slot
        self.choice = Choice(model, "model")  # what CTR_MODEL says
        self.ours = ours  # whose model is in the check's slot: ours, or the host's logistic regression
        self.full = full  # all there is to measure, or what a test run has time for
        self.log = log
        self.some = log if full else log[:600]  # for what is slow and needs no more
        self.load = load  # requests, retrainings and threads of the service under load
        self.figures: list[tuple[str, float, str, int]] = []
        self.notes: list[str] = []

    def module(self, name: str) -> Any:
        return importlib.import_module(f"search_engine.{name}")

    def service(self) -> Any:
        return self.module("model_service").ModelService()

    def trained(self, records: Optional[Sequence[Record]] = None) -> Any:
        """A service whose model in the check's slot is trained offline, and switched to it."""
        service = self.service()
        assert service.switch_model(self.slot)
        result = service.train_model(Data(self.log if records is None else records), is_online=False)
        assert result.get("success"), result
        return service

    def figure(self, name: str, value: float, better: str = "", decimals: int = 4) -> None:
        """`better`: "high", "low", or "" where neither is."""
        assert np.isfinite(value), f"{name} is {value}"
        self.figures.append((name, float(value), better, decimals))

    def quality(self, name: str, labels: Any, probabilities: Any) -> float:
        """The AUC, which is one of the figures."""
        auc = float(roc_auc_score(labels, probabilities))
        self.figure(f"AUC{name}", auc, "high")
        self.figure(f"log loss{name}", log_loss(labels, probabilities, labels=[0, 1]), "low")
        return auc

    @contextmanager
    def timed(self, name: str, decimals: int = 2) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.figure(name, time.perf_counter() - start, "low", decimals)

    @contextmanager
    def leaves_alone(self, model: Any) -> Iterator[None]:
        """What is done inside changes no answer of the served model."""
        before = answers(model, self.log[:30])
        yield
        same = sum(one == other for one, other in zip(before, answers(model, self.log[:30])))
        self.figure("served answers unchanged after, of 30", same, "high", 0)
        if self.ours:
            assert same == 30, f"{30 - same} of 30 answers changed"


def inputs(record: Record) -> Record:
    return {name: record[name] for name in INPUTS}


def answers(model: Any, records: Sequence[Record]) -> list[str]:
    """Of a CTRModel; to the last bit."""
    return [float(model.predict_ctr(**inputs(record))).hex() for record in records]


def served(service: Any, records: Sequence[Record], slot: str) -> list[str]:
    """Of the service."""
    return [service.predict_ctr(inputs(record), slot).hex() for record in records]


def median_us(call: Callable[[Record], Any], records: Sequence[Record]) -> float:
    times = []
    for record in records:
        start = time.perf_counter_ns()
        call(record)
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times) / 1000


def labels_of(records: Sequence[Record]) -> Any:
    return np.array([record["clicked"] for record in records])


def held_out_rows(labels: Any) -> Any:
    """The 30% that the host's training measures itself on."""
    from testbed_adapter.host.evaluation import split

    return split(labels)[1]
