"""One prediction explained, and the heaviest weights."""

from __future__ import annotations

from ...lab.report.crosses import heaviest_crosses
from ...lab.report.heaviest import groups_of
from ...lab.report.inside import Inside
from ...lab.report.text import Said, feature_name
from ...lab.report.waterfall import waterfall
from ...messages import Message
from ...messages import hand_in_report as words
from .found import Found
from .pieces import facts, section, table

_COLUMNS, _WEIGHTS = 8, 4  # of columns, and of each kind of weight


def example(found: Found) -> str:
    """Nothing where no impression was clicked."""
    if found.example is None:
        return ""
    record, answers = found.example.record, found.example.answers
    entries: list[tuple[Message, Said]] = [
        (words.QUERY, record["query"]),
        (words.DOCUMENT, f"{record['doc_id']} {record['summary']}"),
        (words.POSITION_SCORE, f"{record['position']}, {record['score']:.3f}"),
    ]
    for key, answer in answers.items():
        entries.append((words.ANSWERS.format(model=found.comparison.names[key]), f"{answer:.4f}"))
    return section(
        words.EXAMPLE, words.EXAMPLE_NOTE, facts(entries) + waterfall(found.example.told, found.example.chinese)
    )


def weights(found: Found) -> str:
    if found.inside is None:
        return ""
    columns = table([words.FEATURE, words.LOSS_GROWS], _importances(found.inside))
    heavy = table([words.OF_WHAT, words.WEIGHT], [[what, f"{weight:+.3f}"] for what, weight in _heaviest(found.inside)])
    return section(words.WEIGHTS, words.WEIGHTS_NOTE, f'<div class="pair"><div>{columns}</div><div>{heavy}</div></div>')


def _importances(inside: Inside) -> list[list[Said]]:
    """The largest, without those that show as 0."""
    measured = inside.model.model.info_["importances"]
    first = sorted(measured.items(), key=lambda one: -one[1])[:_COLUMNS]
    return [[feature_name(name), f"{grows:.4f}"] for name, grows in first if grows >= 0.00005]


def _heaviest(inside: Inside) -> list[tuple[Said, float]]:
    up, down = heaviest_crosses(inside, _WEIGHTS)
    crosses = sorted([*up, *down], key=lambda one: -abs(one.weight))[:_WEIGHTS]
    found: list[tuple[Said, float]] = [(f"{one.query.name} × {one.document.name}", one.weight) for one in crosses]
    for group in groups_of(inside):
        weights = sorted(group.weights, key=lambda one: -abs(one.weight))[:_WEIGHTS]
        found += [(one.label, one.weight) for one in weights]
    return found
