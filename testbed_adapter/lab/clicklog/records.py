"""Visits as the testbed's records: the fields of its CTRSampleConfig, as its data service would have filled them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np

from ...messages.log import NEGATIVE_SEED, NO_TIME, TOO_FEW
from .world import PAGE, Array, Visits, World

START = np.datetime64("2025-01-06T08:00:00", "us")
NO_HISTORY = 0.1  # the testbed's click rate of a query or document that it has not shown yet

_REQUEST = re.compile(r"req-\d{6,}-[0-9a-f]{8}")  # the testbed's own requests are named by their time


def beginning(after: Optional[str]) -> tuple[np.datetime64, list[int]]:
    """When a log begins that goes on from a record of that time, and what its seed has more than that of the first.
    ValueError for a time that is not written as 2025-01-06T08:00:00 or the like."""
    if after is None:
        return START, []
    if not re.match(r"\d{4}-\d\d-\d\d", after):
        raise ValueError(NO_TIME.format(after=after))
    moment = np.datetime64(after, "us")
    return moment, [int(moment.astype(np.int64)) % 2**32]


def is_generated(record: Mapping[str, Any]) -> bool:
    """Whether a record has the mark of those made here, its request's name."""
    request = record.get("request_id")
    return isinstance(request, str) and _REQUEST.fullmatch(request) is not None


def moments(page: Array, position: Array, rng: np.random.Generator, start: np.datetime64) -> tuple[Array, Array]:
    """A time for each impression, and one for a click on it: all distinct, in time order.

    A page comes half a minute or more after the last one; its impressions lie microseconds apart."""
    pages = int(page[-1]) + 1
    arrival = np.cumsum(rng.integers(30_000_000, 120_000_000, pages))
    gaps = rng.integers(40, 400, len(page))
    within = np.cumsum(gaps)
    within -= within[page * PAGE]
    shown = arrival[page] + within
    # Read down to the position, click within seconds: before the next page.
    clicked = shown + 1_000_000 * position + rng.integers(0, 2_000_000, len(shown))
    return start + shown.astype("timedelta64[us]"), start + clicked.astype("timedelta64[us]")


def _click_rate_so_far(key: Array, visits: Visits) -> Array:
    """As the data service sees it when it records an impression: this page's earlier impressions count already, its
    clicks do not, as nobody has clicked yet."""
    order = np.argsort(key, kind="stable")
    key, page, clicked = key[order], visits.page[order], visits.clicked[order]
    rows = np.arange(len(key))
    before = np.cumsum(clicked) - clicked
    new_key = np.append(True, key[1:] != key[:-1])
    new_page = new_key | np.append(True, page[1:] != page[:-1])
    key_start = np.maximum.accumulate(np.where(new_key, rows, 0))
    page_start = np.maximum.accumulate(np.where(new_page, rows, 0))
    shown, clicks = rows - key_start, before[page_start] - before[key_start]
    rates = np.empty(len(key))
    rates[order] = np.where(shown > 0, clicks / np.maximum(shown, 1), NO_HISTORY).round(4)
    return rates


def _scores(world: World) -> Array:
    """Match scores of a text search: between 0 and 1, most of them low."""
    spread = world.match.std()
    scores: Array = (1 / (1 + np.exp(1.2 - world.match / spread))).round(6)
    return scores


def _text_matches(world: World) -> Array:
    """Share of a query's words that stand in a summary, by the words the texts are made of."""
    matches: Array = np.zeros(world.match.shape)
    summaries = [set(words) for words in world.summary_words]
    for i, words in enumerate(world.query_words):
        for j, summary in enumerate(summaries):
            matches[i, j] = sum(word in summary for word in words) / len(words)
    rounded: Array = matches.round(4)
    return rounded


def checked(records: int, seed: int) -> None:
    """ValueError for what no log can have."""
    if records < 1:
        raise ValueError(TOO_FEW.format(records=records))
    if seed < 0:
        raise ValueError(NEGATIVE_SEED.format(seed=seed))


def doc_id(document: int) -> str:
    return f"doc_{document:04d}"


def stream_of_times(seed: int, part: Sequence[int]) -> np.random.Generator:
    """What `moments` draws from first: who needs the times earlier draws the same."""
    return np.random.default_rng([seed, *part, 3])


def to_records(
    world: World, visits: Visits, seed: int, start: np.datetime64 = START, part: Sequence[int] = ()
) -> list[dict[str, Any]]:
    rng = stream_of_times(seed, part)
    count = len(visits.page)
    shown, clicked_at = moments(visits.page, visits.position, rng, start)
    clicked = visits.clicked.astype(bool)
    times = np.datetime_as_string(shown).tolist()
    again = clicked & (rng.random(count) < 0.06)
    click_times = np.where(clicked, np.datetime_as_string(clicked_at), "").tolist()
    later = clicked_at + rng.integers(1_000_000, 20_000_000, count).astype("timedelta64[us]")
    last_times = np.where(again, np.datetime_as_string(later), "").tolist()
    tags = rng.integers(0, 16**8, int(visits.page[-1]) + 1).tolist()
    requests = [f"req-{page:06d}-{tag:08x}" for page, tag in enumerate(tags)]
    doc_ids = [doc_id(document) for document in range(len(world.summaries))]

    pairs = (visits.query, visits.document)
    columns = zip(
        times,
        visits.page.tolist(),
        visits.query.tolist(),
        visits.document.tolist(),
        visits.position.tolist(),
        _scores(world)[pairs].tolist(),
        visits.clicked.tolist(),
        _text_matches(world)[pairs].tolist(),
        _click_rate_so_far(visits.query, visits).tolist(),
        _click_rate_so_far(visits.document, visits).tolist(),
        (visits.clicked + again).tolist(),
        click_times,
        last_times,
    )
    records = []
    for time, page, q, d, position, score, click, match, query_ctr, doc_ctr, clicks, click_time, last_time in columns:
        query, summary = world.query_texts[q], world.summaries[d]
        records.append(
            {
                "timestamp": time,
                "query": query,
                "doc_id": doc_ids[d],
                "position": position,
                "score": score,
                "clicked": click,
                "summary": summary,
                "doc_length": len(summary),
                "query_length": len(query),
                "summary_length": len(summary),
                "request_id": requests[page],
                "request_time": time,
                "match_score": match,
                "query_ctr": query_ctr,
                "doc_ctr": doc_ctr,
                "position_decay": round(1 / position, 4),
                "click_count": clicks,
                "click_time": click_time,
                "last_click_time": last_time,
            }
        )
    return records
