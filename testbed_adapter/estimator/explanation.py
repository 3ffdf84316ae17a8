"""Why a row has its click probability: the terms of its logit, with values that can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable, Optional

import pyarrow as pa

from ..messages import explain as said
from ..messages.terminal import aligned, cut
from ..native.model import NativeModel

__all__ = ["Explanation", "Term"]

_WIDEST = 48  # of a value in the printed table


@dataclass(frozen=True)
class Term:
    """What a feature or cross adds to the logit. `value` is what the row's value was taken for: a category, a number's
    bin, the values of a list or of a cross's members; what is said of it, "new or rare" say, in the language of who
    asked."""

    feature: str
    value: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """bias + the terms' weights + pairs + cross + deep is the logit, within the rounding of single precision, and its
    logistic function is the probability of the second class, the click. In an ensemble each is the mean over the
    models. Its text is that sum, a line a summand."""

    probability: float
    logit: float
    bias: float
    deep: float  # the deep part's logit; 0 where the model has none
    terms: tuple[Term, ...]
    pairs: Optional[float] = None  # products of pairs of fields; None where the model has none
    cross: Optional[float] = None  # the cross network

    def __str__(self) -> str:
        parts = ((said.PAIRS, self.pairs), (said.CROSS, self.cross), (said.DEEP, self.deep))
        summands = [
            (said.BIAS, "", self.bias),
            # A value in one line, its end left off where it is too wide.
            *((term.feature, cut(" ".join(term.value.split()), _WIDEST), term.weight) for term in self.terms),
            *((name, "", logit) for name, logit in parts if logit is not None),
            (said.SUM, "", self.logit),
        ]
        cells = [(str(name), value, f"{number:+9.4f}") for name, value, number in summands]
        return f"{aligned(cells, left=2, rule=-1)}\n{said.PROBABILITY.format(probability=self.probability)}"


def of_rows(native: NativeModel, table: pa.RecordBatch) -> list[Explanation]:
    """One a row, of at most 1000, in the table's own texts and units."""
    # A feature may have the name that a cross would have; the cross then has another.
    features = {feature["name"] for feature in native.info()["features"]}
    return [
        explanation_of(row, lambda feature, value: value_text(value, feature not in features))
        for row in native.explain(table)
    ]


def explanation_of(row: Mapping[str, Any], text: Callable[[str, Any], str]) -> Explanation:
    """Of the library's explanation of one row; `text` makes a feature's value readable."""
    # JSON does not tell 0 from 0.0.
    probability, logit, bias, deep = (float(row[key]) for key in ("probability", "logit", "bias", "deep"))
    terms = (Term(term["feature"], text(term["feature"], term["value"]), float(term["weight"])) for term in row["wide"])
    pairs, cross = (float(row[key]) if key in row else None for key in ("pairs", "cross"))
    return Explanation(probability, logit, bias, deep, tuple(terms), pairs, cross)


def value_text(value: Any, is_cross: bool, says_unknown: bool = True) -> str:
    """A value of the library's, readable."""
    if value is None:
        return str(said.MISSING)
    if isinstance(value, list):
        between = " × " if is_cross else str(said.BETWEEN)
        return between.join(value_text(part, is_cross, says_unknown) for part in value) or str(said.NONE)
    if isinstance(value, str):
        return value or str(said.EMPTY)
    if "unknown" in value:
        # Of an unknown combination the members say nothing more.
        inner = value["unknown"]
        return value_text(inner, is_cross, not isinstance(inner, list)) + (str(said.UNKNOWN) if says_unknown else "")
    return (f"{value['number']:.6g} ∈ " if "number" in value else "") + _interval(value["from"], value["to"])


def _interval(low: Any, high: Any) -> str:
    if low is not None and low == high:
        return f"{{{low:.6g}}}"
    return ("(-∞" if low is None else f"[{low:.6g}") + ", " + ("∞)" if high is None else f"{high:.6g})")
