"""The click log with users, as records: the testbed's fields, and behind them

    user_id, session_id    a session is several pages of one user; many are open at once
    price                  of the document
    history                the documents that the user clicked before this page, the latest last, 20 at most
    converted              1 where the click led to a purchase; conversion_time is later than the click

The world is `generate`'s; what users add to it (`users.Behaviour` has the sizes, by these names):

    taste(u, t)  = cos(angle) a_u + sin(angle) b_u,  angle = 2 pi t / period + phase_u      drifts, over the topics
    intent       ~ softmax(decided · taste(u, t))                                           one topic a session
    query        ~ its popularity · its share of the intent; for a few pages its popularity alone
    P(click)     = P(position looked at) · sigmoid(base + the world's attraction of query and document
                   + taste · <taste(u, t), topics_d> + intent · topics_d[intent] + bait · bait_d
                   + recent · max_k recency^k cos(topics_d, topics of the k-th latest click, from 0)
                   - again [d is in the history])
    P(conversion | click) = sigmoid(conversion_base - conversion_bait · bait_d + conversion_worth · worth_d
                   + conversion_intent · topics_d[intent] - price · max(0, price_d - budget_u))

So the match is with single clicks, and the order of clicks counts: more than their mean tells. A conversion depends on
what a click does not (worth, price, budget). And clicks select: bait is clicked more and bought less, so what was
clicked converts worse than what is shown would, which a model that is trained on clicks alone does not see.

`Tests/adapter/user_log_reference.py` says how much there is to learn: AUC on the later 30% of 20,000 records, mean of
seeds 0 to 4, standard error 0.002 or less, of conversions 0.008. A logistic regression on the ids has 0.718, with the
mean match to the history's words 0.748, with the best one and what was clicked already 0.770; the true probabilities
have 0.846. Of the clicks 21% convert; over all impressions the probability would be 0.241, over those clicked it is
0.217. The true probability of a click tells conversions among clicks no better than guessing, 0.491, that of a
conversion with 0.818.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .behaviour import UserVisits, simulate_users
from .records import beginning, checked, doc_id, to_records
from .users import BEHAVIOUR, Users, make_users
from .world import Array, World, make_world


class UserLog(NamedTuple):
    """Records in time order, with the true probabilities of each: of a click, and of a conversion once it is clicked
    (also where it was not)."""

    records: list[dict[str, Any]]
    click: Array
    conversion: Array


def generate_users(records: int = 20_000, seed: int = 0, before: Sequence[dict[str, Any]] = ()) -> UserLog:
    """So many impressions by users. `before`, a log with users: later ones, by the same users with their clicks so
    far."""
    checked(records, seed)
    world = make_world(seed)
    users = make_users(world, seed)
    start, part = beginning(max(str(record["timestamp"]) for record in before) if before else None)
    clicks = _clicks(before, users, len(world.summaries))
    made = simulate_users(world, users, records, seed, BEHAVIOUR, start, part, clicks)
    return UserLog(_records(world, users, made, seed, start, part), made.visits.probability, made.conversion)


def _clicks(before: Sequence[dict[str, Any]], users: Users, documents: int) -> dict[int, list[int]]:
    """What each user of this world clicked, the latest last."""
    user_of = {name: user for user, name in enumerate(users.ids)}
    document_of = {doc_id(document): document for document in range(documents)}
    found: dict[int, list[tuple[str, int]]] = {}
    for record in before:
        user, document = user_of.get(str(record.get("user_id"))), document_of.get(str(record["doc_id"]))
        if record["clicked"] and user is not None and document is not None:
            found.setdefault(user, []).append((str(record.get("click_time") or record["timestamp"]), document))
    return {user: [document for _, document in sorted(clicks)] for user, clicks in found.items()}


def _records(
    world: World, users: Users, made: UserVisits, seed: int, start: np.datetime64, part: Sequence[int]
) -> list[dict[str, Any]]:
    visits, sessions = made.visits, made.sessions
    records = to_records(world, visits, seed, start, part)
    rng = np.random.default_rng([seed, *part, 9])
    tags = rng.integers(0, 16**8, int(sessions.session.max()) + 1).tolist()
    prices = (30 * np.exp(0.6 * users.price)).round(2).tolist()
    delays = rng.integers(20_000_000, 1_200_000_000, len(records)).astype("timedelta64[us]")
    pages = zip(sessions.user[visits.page].tolist(), sessions.session[visits.page].tolist(), visits.page.tolist())
    columns = zip(records, pages, visits.document.tolist(), made.converted.tolist(), delays)
    for record, (user, session, page), document, converted, delay in columns:
        time = str(np.datetime64(record["click_time"]) + delay) if converted else ""
        record.update(
            user_id=users.ids[user],
            session_id=f"ses-{session:06d}-{tags[session]:08x}",
            price=prices[document],
            history=[doc_id(clicked) for clicked in made.history[page]],
            converted=converted,
            conversion_time=time,
        )
    return records
