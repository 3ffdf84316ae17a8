"""The adapter's doors: the estimator's and the testbed's. What is refused raises ValueError or TypeError, in words."""

from __future__ import annotations

import contextlib
import ctypes
import decimal
import io
import math
import os
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Callable, ClassVar, Optional

import numpy as np
import pandas as pd
import pyarrow as pa

from testbed_adapter.estimator.wide_deep import WideDeepClassifier
from testbed_adapter.host.ctr_model import CTRModel
from Tests.adapter.support import click_log, impression
from Tests.hostile.doors import Door, check
from Tests.hostile.files import Files

ROWS = 24
# A file is refused by its path; one whose weights are finite but far too large, by what is computed with them.
FILE = ("mutant.model", "weights are too large")
SCALARS: list[Any] = [
    *(
        None,
        float("nan"),
        float("inf"),
        -1,
        2**63,
        -(2**63) - 1,
        10**400,
        1e308,
        5e-324,
        True,
        "",
        "a",
        "é",
        "\ud800",
        "\0",
    ),
    *(
        b"\xff",
        decimal.Decimal("1.10"),
        decimal.Decimal("NaN"),
        date(1, 1, 1),
        datetime(9999, 12, 31),
        timedelta(days=1),
    ),
    *(
        1j,
        (),
        [],
        {},
        [1],
        ["a", None],
        {"a": 1},
        {1},
        object(),
        int,
        np.float16(1),
        np.datetime64("NaT"),
        pd.NA,
        pd.NaT,
    ),
    *(
        np.str_("x"),
        np.int8(-1),
        np.array([1]),
        pd.Interval(0, 1),
        pa.scalar(1),
        lambda: 0,
        range(3),
        Ellipsis,
        "a" * 10_000,
    ),
]
COLUMNS: list[Callable[[], Any]] = [
    lambda: pd.Series(pd.NaT, index=range(ROWS)),
    lambda: pd.Categorical(["a", "b", None] * (ROWS // 3)),
    lambda: pd.cut(np.arange(ROWS), 3),
    lambda: pd.period_range("2020", periods=ROWS),
    lambda: np.zeros(ROWS, "S4"),
    lambda: np.zeros(ROWS, ">f8"),
    lambda: np.zeros(ROWS, "c16"),
    lambda: np.zeros(ROWS, "m8[s]"),
    lambda: np.full(ROWS, np.inf),
    lambda: np.full(ROWS, 1e308),
    lambda: pd.array([1, None, 3] * (ROWS // 3), dtype="Int64"),
    lambda: pd.array([True, None, False] * (ROWS // 3), dtype="boolean"),
    lambda: pd.Series([2**64 - 1] * ROWS, dtype="uint64"),
    lambda: pd.Series(["\ud800"] * ROWS, dtype=object),
    lambda: [[1, "a"]] * ROWS,
    lambda: [["a", None]] * ROWS,
    lambda: [[["a"]]] * ROWS,
    lambda: [{"a": 1}] * ROWS,
]
PARAMETERS: list[str] = sorted(set(WideDeepClassifier().get_params()) - {"verbose", "n_jobs"})
# Words of a refusal that say what would be right.
RIGHT = re.compile(
    "must be|should be|should match|give |leave |turn |lower |needs |is required|is expecting|not supported|only|Only|"
    "the columns are|the classes are|the model takes|X has|缺少字段|应为|应在|至少|缺少点击样本"
)


class SmallCTRModel(CTRModel):
    parameters: ClassVar[dict[str, Any]] = {"hidden_units": (4,), "epochs": 1, "embedding_dim": 2, "n_jobs": 1}


class PythonDoors:
    def __init__(self, library: ctypes.CDLL, folder: Path) -> None:
        del library
        self.folder = folder
        self.frame = pd.DataFrame(
            {
                "text": [f"v{row % 5}" for row in range(ROWS)],
                "number": [row % 7 / 2 for row in range(ROWS)],
                "list": [["a", f"v{row % 3}"] for row in range(ROWS)],
            }
        )
        self.labels = np.arange(ROWS) % 3 % 2
        self.fitted = self.estimator().fit(self.frame, self.labels)
        self.expected = self.fitted.predict_proba(self.frame)
        self.further: Optional[WideDeepClassifier] = None
        self.log = click_log(24)
        os.chdir(folder)
        self.ctr = SmallCTRModel()
        with contextlib.redirect_stdout(io.StringIO()):
            check("error" not in self.ctr.train(self.log), "the good log")
            self.ctr.save_model("good.pkl")
        self.fitted.save("good.model")
        self.files = {
            "estimator": Files(Path("good.model").read_bytes()),
            "testbed": Files(Path("good.pkl").read_bytes()),
        }

    def estimator(self, **parameters: Any) -> WideDeepClassifier:
        small = {
            "hidden_units": (4,),
            "members": 1,
            "epochs": 1,
            "crosses": [],
            "n_jobs": 1,
            "verbose": 0,
            "random_state": 0,
        }
        return WideDeepClassifier(**{**small, **parameters})

    def refused(self, call: Callable[[], Any], names: tuple[str, ...] = ()) -> bool:
        """Whether a call worked. Nothing else than these may be raised, and with words."""
        try:
            call()
            return True
        except (ValueError, TypeError, MemoryError) as error:
            said = str(error)
            check(said, f"{type(error).__name__} without a word")
            check(not names or any(name in said for name in names), f"none of {names} in: {said}")
            check(names == FILE or RIGHT.search(said), f"not what would be right: {said}")
        except Exception as error:
            check(False, f"{type(error).__name__}: {error}")
        return False

    def spoilt(self, draw: Random) -> tuple[pd.DataFrame, tuple[str, ...]]:
        frame = self.frame.copy()
        name = draw.choice(list(frame))
        if draw.random() < 0.3:
            frame[name] = draw.choice(COLUMNS)()
        else:
            values = frame[name].astype(object).tolist()
            for at in draw.sample(range(ROWS), draw.choice([1, 1, ROWS])):
                values[at] = draw.choice(SCALARS)
            frame[name] = pd.Series(values, dtype=object)
        return frame, (name,)

    def fit(self, draw: Random) -> bool:
        if draw.random() < 0.5:
            frame, names = self.spoilt(draw)
            return self.refused(lambda: self.estimator().fit(frame, self.labels), names)
        if draw.random() < 0.5:
            name, value = draw.choice(PARAMETERS), draw.choice(SCALARS)
            return self.refused(lambda: self.estimator(**{name: value}).fit(self.frame, self.labels), (name,))
        names, labels = ("y ",), list[Any](self.labels)
        for at in draw.sample(range(ROWS), draw.choice([1, ROWS])):
            labels[at] = draw.choice(SCALARS)
        return self.refused(lambda: self.estimator().fit(self.frame, labels), names)

    def partial_fit(self, draw: Random) -> bool:
        frame, names = self.spoilt(draw)
        # The same for all, as a refusal must leave it as it was; loaded anew once it has learnt.
        model, self.further = (
            self.further or WideDeepClassifier.load("good.model").set_params(n_jobs=1, verbose=0),
            None,
        )
        worked = self.refused(lambda: model.partial_fit(frame, self.labels), names)
        if not worked:
            check((model.predict_proba(self.frame) == self.expected).all(), "a training that failed changed the model")
            self.further = model
        return worked

    def predict_proba(self, draw: Random) -> bool:
        frame, names = self.spoilt(draw)
        if draw.random() < 0.1:
            frame, names = (
                draw.choice([pd.DataFrame({"text": frame["text"]}), frame.iloc[:0], frame.T, frame.to_numpy()]),
                (),
            )
        answers: list[Any] = []
        worked = self.refused(lambda: answers.append(self.fitted.predict_proba(frame)), names)
        for answer in answers:
            check(((answer >= 0) & (answer <= 1)).all(), f"probabilities of {answer}")
        return worked

    def load(self, draw: Random) -> bool:
        Path("mutant.model").write_bytes(self.files["estimator"].mutant(draw))
        return self.refused(lambda: WideDeepClassifier.load("mutant.model").predict_proba(self.frame), FILE)

    # --- The testbed's ---

    def ctr_train(self, draw: Random) -> bool:
        log, names = [dict(record) for record in self.log], []
        for _ in range(draw.choice([1, 1, 5])):
            record, key = draw.choice(log), draw.choice(list(self.log[0]))
            names.append(key)
            if draw.random() < 0.1:
                record.pop(key, None)
            else:
                record[key] = draw.choice(SCALARS)
        if draw.random() < 0.1:
            names += ["条记录应为字典", "条记录缺少字段"]
            log[draw.randrange(len(log))] = draw.choice(SCALARS)
        model = SmallCTRModel()
        with contextlib.redirect_stdout(io.StringIO()):
            result = model.train(log)
        check(("error" in result) != model.is_trained, f"{result}")
        said = result.get("error", "")
        check(not said or (any(name in said for name in names) and RIGHT.search(said)), f"none of {names} in: {said}")
        return model.is_trained

    def ctr_predict(self, draw: Random) -> bool:
        arguments: list[Any] = list(impression(draw.choice(self.log)))
        for at in draw.sample(range(5), draw.choice([1, 1, 2])):
            arguments[at] = draw.choice(SCALARS)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            answer = self.ctr.predict_ctr(*arguments)
        if said.getvalue():
            # The score, or 0 where that is no finite number.
            own = answer is arguments[3] and math.isfinite(answer)
            check(own or answer == 0, f"a wrong input is answered with {answer!r}")
            return False
        check(math.isfinite(answer) and 0 <= answer <= 1, f"a probability of {answer}")
        return True

    def ctr_load(self, draw: Random) -> bool:
        Path("mutant.pkl").write_bytes(self.files["testbed"].mutant(draw))
        model = CTRModel()
        with contextlib.redirect_stdout(io.StringIO()) as said:
            loaded = model.load_model("mutant.pkl")
            check(said.getvalue() and loaded == model.is_trained, "loaded, and untrained")
            answer = model.predict_ctr(*impression(self.log[0]))
        check(0 <= answer <= 1, f"a probability of {answer}")
        return loaded

    def all(self) -> dict[str, Door]:
        doors: list[Any] = [self.fit, self.partial_fit, self.predict_proba, self.load]
        doors += [self.ctr_train, self.ctr_predict, self.ctr_load]
        return {door.__name__: door for door in doors}
