"""Why a row has its click probability: the terms of its logit, with values that can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

import pyarrow as pa

from ._native import NativeModel
from .compare.table import cut, width
from .impressions import SCALED, ImpressionScaler
from .messages import explain as said
from .records import ClickLog
from .words import words

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
    """bias + the terms' weights + deep is the logit, within the rounding of single precision, and its logistic function
    is the probability of the second class, the click. In an ensemble each is the mean over the models. Its text is that
    sum, a line a summand."""

    probability: float
    logit: float
    bias: float
    deep: float  # the deep part's logit; 0 where the model has none
    terms: tuple[Term, ...]

    def __str__(self) -> str:
        summands = [(str(said.BIAS), "", self.bias)]
        summands += [(term.feature, _cut(term.value), term.weight) for term in self.terms]
        summands += [(str(said.DEEP), "", self.deep), (str(said.SUM), "", self.logit)]
        first, second = max(width(name) for name, _, _ in summands), max(width(value) for _, value, _ in summands)
        lines = [
            f"{_padded(name, first)}  {_padded(value, second)}  {number:+9.4f}" for name, value, number in summands
        ]
        lines.insert(-1, "─" * (first + second + 13))
        return "\n".join([*lines, str(said.PROBABILITY.format(probability=self.probability))])


def of_rows(native: NativeModel, table: pa.RecordBatch) -> list[Explanation]:
    """One a row, of at most 1000, in the table's own texts and units."""
    # A feature may have the name that a cross would have; the cross then has another.
    features = {feature["name"] for feature in native.info()["features"]}
    return [
        _explanation(row, lambda feature, value: _text(value, feature not in features)) for row in native.explain(table)
    ]


def of_impression(native: NativeModel, query: str, doc_id: Any, position: Any, score: Any, summary: str) -> Explanation:
    """Of what the model's `predict_ctr` answers for the impression: in its texts and units, where the model has ids and
    standardised numbers. ValueError for an impression that cannot be, or a model that was not trained on a click log.
    """
    info = native.info()
    known = info.get("impressions")
    if not known or len(known["mean"]) != SCALED:
        raise ValueError(said.NOT_OF_A_LOG)
    # Time and click are no features of an impression to come.
    record = {"query": query, "doc_id": doc_id, "position": position, "score": score, "summary": summary}
    log = ClickLog([{**record, "timestamp": "", "clicked": 0}])
    features = native.extract_features(log.table())
    scaler = ImpressionScaler()._set(known["mean"], known["scale"])
    columns = {f"x{place}": column for place, column in enumerate(scaler.transform(features).T)}
    (row,) = native.explain(pa.RecordBatch.from_pydict({name: pa.array(column) for name, column in columns.items()}))
    predict = native.impression_predictor()
    predicted = predict(
        words(log.query[0]), log.doc_id[0].encode(), int(log.position[0]), float(log.score[0]), words(log.summary[0])
    )
    if row["probability"] != predicted:
        raise ValueError(said.CLICK_RATES)

    first_columns = {feature["name"]: (feature.get("columns") or [feature["name"]])[0] for feature in info["features"]}
    places = {name: list(columns).index(column) for name, column in first_columns.items()}
    texts = {SCALED: log.query[0], SCALED + 1: log.doc_id[0]}
    crosses = _crosses(info)

    def real(feature: str, value: Any) -> Any:
        """The value as the impression has it, not as its feature row does."""
        if isinstance(value, list) and feature in crosses:
            return [real(*member) for member in zip(crosses[feature], value)]
        if isinstance(value, dict) and "unknown" in value:
            return {"unknown": real(feature, value["unknown"])}
        place = places[feature]
        if isinstance(value, dict) and place < SCALED:
            mean, scale = known["mean"][place], known["scale"][place]
            bounds = {end: None if edge is None else edge * scale + mean for end, edge in value.items()}
            return {**bounds, "number": features[0, place]}
        return texts.get(place, value) if isinstance(value, str) else value

    return _explanation(row, lambda feature, value: _text(real(feature, value), feature in crosses))


def _explanation(row: Mapping[str, Any], text: Callable[[str, Any], str]) -> Explanation:
    # JSON does not tell 0 from 0.0.
    probability, logit, bias, deep = (float(row[key]) for key in ("probability", "logit", "bias", "deep"))
    terms = (Term(term["feature"], text(term["feature"], term["value"]), float(term["weight"])) for term in row["wide"])
    return Explanation(probability, logit, bias, deep, tuple(terms))


def _crosses(info: Mapping[str, Any]) -> dict[str, list[str]]:
    """The members of each cross, given or found, by its name."""
    return {cross["name"]: cross["features"] for cross in info.get("crosses", ())}


def _text(value: Any, is_cross: bool, says_unknown: bool = True) -> str:
    """A value of the library's, readable."""
    if value is None:
        return str(said.MISSING)
    if isinstance(value, list):
        between = " × " if is_cross else str(said.BETWEEN)
        return between.join(_text(part, is_cross, says_unknown) for part in value) or str(said.NONE)
    if isinstance(value, str):
        return value or str(said.EMPTY)
    if "unknown" in value:
        # Of an unknown combination the members say nothing more.
        inner = value["unknown"]
        return _text(inner, is_cross, not isinstance(inner, list)) + (str(said.UNKNOWN) if says_unknown else "")
    return (f"{value['number']:.6g} ∈ " if "number" in value else "") + _interval(value["from"], value["to"])


def _interval(low: Any, high: Any) -> str:
    if low is not None and low == high:
        return f"{{{low:.6g}}}"
    return ("(-∞" if low is None else f"[{low:.6g}") + ", " + ("∞)" if high is None else f"{high:.6g})")


def _cut(text: str) -> str:
    """The text in one line, its end left off where it is too wide for the table."""
    return cut(" ".join(text.split()), _WIDEST)


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
