"""Why an impression has its click probability, in its own texts and units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from ..estimator.explanation import Explanation, explanation_of, value_text
from ..messages import explain as said
from ..native.model import NativeModel
from .impressions import SCALED, ImpressionScaler
from .records import ClickLog
from .words import words


def explain_impression(
    native: NativeModel, query: str, doc_id: Any, position: Any, score: Any, summary: str
) -> Explanation:
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
    scaler = ImpressionScaler().with_moments(known["mean"], known["scale"])
    columns = {f"x{index}": column for index, column in enumerate(scaler.transform(features).T)}
    (row,) = native.explain(pa.RecordBatch.from_pydict({name: pa.array(column) for name, column in columns.items()}))
    predict = native.impression_predictor()
    predicted = predict(
        words(log.query[0]), log.doc_id[0].encode(), int(log.position[0]), float(log.score[0]), words(log.summary[0])
    )
    if row["probability"] != predicted:
        raise ValueError(said.CLICK_RATES)

    first_columns = {feature["name"]: (feature.get("columns") or [feature["name"]])[0] for feature in info["features"]}
    indices = {name: list(columns).index(column) for name, column in first_columns.items()}
    texts = {SCALED: log.query[0], SCALED + 1: log.doc_id[0]}
    crosses = _crosses(info)

    def real(feature: str, value: Any) -> Any:
        """The value as the impression has it, not as its feature row does."""
        if isinstance(value, list) and feature in crosses:
            return [real(*member) for member in zip(crosses[feature], value)]
        if isinstance(value, dict) and "unknown" in value:
            return {"unknown": real(feature, value["unknown"])}
        index = indices[feature]
        if isinstance(value, dict) and index < SCALED:
            mean, scale = known["mean"][index], known["scale"][index]
            bounds = {end: None if edge is None else edge * scale + mean for end, edge in value.items()}
            return {**bounds, "number": features[0, index]}
        return texts.get(index, value) if isinstance(value, str) else value

    return explanation_of(row, lambda feature, value: value_text(real(feature, value), feature in crosses))


def _crosses(info: Mapping[str, Any]) -> dict[str, list[str]]:
    """The members of each cross, given or found, by its name."""
    return {cross["name"]: cross["features"] for cross in info.get("crosses", ())}
