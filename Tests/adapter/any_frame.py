"""A property for a process of its own, which a crash of the library would end: any small table trains or is refused."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testbed_adapter import WideDeepClassifier

# Names that mean something elsewhere: to the options, or in the file's tensor names.
NAMES = st.sampled_from(["a", "b", "a×b", "b×a", "auto", "label", "weight", "x0", "", "位置", "a.weight"]) | st.text(
    max_size=3
)
CELLS: list[st.SearchStrategy[Any]] = [
    st.integers(0, 2),
    st.integers(-(2**62), 2**62),
    st.sampled_from([0.0, 0.0, -0.0, 1.5, float("nan")]),
    st.floats(allow_nan=True, allow_infinity=False),
    st.sampled_from(["x", "y", "", None]),
    st.text(max_size=4),
    st.booleans(),
    st.none(),
    st.lists(st.sampled_from(["t", "u", ""]), max_size=3),
]


@st.composite
def frames(draw: st.DrawFn) -> tuple[pd.DataFrame, np.ndarray]:
    """Up to 24 rows, or some hundreds of the same, in which crosses are looked for."""
    rows, times = draw(st.integers(1, 24)), draw(st.sampled_from([1, 20, 40]))
    columns = {}
    for name in draw(st.lists(NAMES, min_size=1, max_size=5, unique=True)):
        cells = draw(st.sampled_from(CELLS))
        values = draw(st.lists(cells, min_size=rows, max_size=rows))
        columns[name] = pd.Series(values * times, dtype=object if None in values else None)
    labels = draw(st.lists(st.integers(0, 1), min_size=rows, max_size=rows))
    return pd.DataFrame(columns), np.array(labels * times)


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "part": draw(st.sampled_from(["wide_deep", "wide", "deep"])),
        "members": draw(st.integers(1, 3)),
        "min_count": draw(st.sampled_from([1, 3, 1000])),
        "early_stopping": draw(st.booleans()),
        "refit": draw(st.booleans()),
        "validation_fraction": draw(st.sampled_from([0.0, 0.1, 0.9])),
        "l2": draw(st.sampled_from([0.0, 1.0, 1e9])),
    }


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(frames(), options())
def trains_or_is_refused(table: tuple[pd.DataFrame, np.ndarray], given_options: dict[str, Any]) -> None:
    X, y = table
    # Said before, so that the last line is what a crash was of.
    print(given_options, X.to_dict("list"), y.tolist(), sep=" | ", file=sys.stderr, flush=True)
    model = WideDeepClassifier(crosses="auto", hidden_units=(4,), epochs=2, random_state=0, n_jobs=1, **given_options)
    try:
        model.fit(X, y)
    except ValueError as error:
        assert str(error)
        COUNTS["refused"] += 1
        return
    COUNTS["trained"] += 1
    COUNTS["crossed"] += bool(model.crosses_)
    answer = model.predict_proba(X)[:, 1]
    assert np.isfinite(answer).all() and [row.probability for row in model.explain(X[:20])] == answer[:20].tolist()
    assert all(set(names) <= set(map(str, X.columns)) and gain > 0 for names, gain in model.crosses_)
    again = type(model)._of_native(type(model._native).from_bytes(model._native.to_bytes()))
    assert (again.predict_proba(X)[:, 1] == answer).all() and again.crosses_ == model.crosses_


COUNTS = {"trained": 0, "refused": 0, "crossed": 0}

if __name__ == "__main__":
    trains_or_is_refused()
    print(*COUNTS.values())
