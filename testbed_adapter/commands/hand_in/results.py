"""results.json: the comparison's, with its pictures' numbers, and under `hand_in` what else the report tells."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ...lab import report
from ...version import __version__
from . import switched
from .found import Found


def results(found: Found) -> str:
    return report.results(found.comparison, found.inside, hand_in=_told(found))


def _told(found: Found) -> dict[str, Any]:
    log = found.log
    return {
        "student": found.student,
        "date": found.date,
        "seed": found.seed,
        "command": found.command,
        "testbed_adapter": __version__,
        "log_file": {
            "sha256": log.sha256,
            "first": log.first,
            "last": log.last,
            "generated_records": log.generated,
            "test_clicks": found.test_clicks,
        },
        "testbed": {
            "commit": found.checkout.commit,
            "changed_files": found.checkout.changed,
            **({"unknown": found.checkout.unknown.en} if found.checkout.unknown else {}),
        },
        "differences": {
            "resamples": found.draws,
            "pairs": [
                {
                    "model": one.model,
                    "less": one.other,
                    "figure": one.figure,
                    **vars(one.interval),
                    "better": one.better,
                }
                for one in found.differences
            ],
        },
        "switch": {
            "model": found.switch.text,
            "slots": [
                {"slot": one.name, "before": one.before.en, "after": one.after.en}
                for one in switched.slots(found.switch)
            ],
            "changes": [
                {"module": one.module, "what": one.what.en, "becomes": one.becomes.en}
                for one in switched.changes(found.switch)
            ],
        },
        "page_models": [asdict(one) for one in found.page_models],
        "example": _example(found),
    }


def _example(found: Found) -> Any:
    if found.example is None:
        return None
    told = found.example.told
    terms = [{"feature": one.feature, "value": one.value, "weight": one.weight} for one in told.terms]
    return {
        "record": found.example.record,
        "predict_ctr": found.example.answers,
        **{name: getattr(told, name) for name in ("probability", "logit", "bias", "deep")},
        "terms": terms,
    }
