"""What users click and what becomes of it: page by page, as each click changes what its user clicks next."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .records import START, moments, stream_of_times
from .sessions import Sessions, make_sessions
from .users import Behaviour, Users
from .world import DIFFICULTY, PAGE, Array, Visits, World, pages_of


@dataclass(frozen=True)
class UserVisits:
    """A row an impression, but for `sessions` and `history`: a row a page."""

    visits: Visits
    sessions: Sessions
    history: list[list[int]]  # documents that the user clicked before the page, the latest last
    conversion: Array  # the probability once it is clicked
    converted: Array


def simulate_users(
    world: World,
    users: Users,
    records: int,
    seed: int,
    b: Behaviour,
    start: np.datetime64,
    part: Sequence[int],
    before: Mapping[int, Sequence[int]],
) -> UserVisits:
    """As `world.simulate`. `before`: what each user clicked in the log that this goes on from, the latest last."""
    rng = np.random.default_rng([seed, *part, 8])
    difficulty = dataclasses.replace(DIFFICULTY, stray=b.stray)
    pages = -(-records // PAGE)
    page, position = np.repeat(np.arange(pages), PAGE), np.tile(np.arange(1, PAGE + 1), pages)
    # A page that the end of the log cuts short draws no times for the rest of it.
    shown_at, clicked_at = moments(page[:records], position[:records], stream_of_times(seed, part), start)
    days = (shown_at[::PAGE] - START) / np.timedelta64(1, "D")
    sessions = make_sessions(world, users, days, b, rng)
    documents = pages_of(world, sessions.query, rng, difficulty)

    examined = np.arange(1, PAGE + 1) ** -difficulty.examination
    about_intent = world.doc_topics[documents, sessions.intent[:, None]]
    liked = np.einsum("pdt,pt->pd", world.doc_topics[documents], users.taste(sessions.user, days))
    steady = (
        b.base
        + world.attraction[sessions.query[:, None], documents]
        + b.taste * liked
        + b.intent * about_intent
        + b.bait * users.bait[documents]
    )
    luck = rng.random(documents.shape)
    probability = np.empty(documents.shape)
    clicked = np.zeros(documents.shape, dtype=bool)
    # Where a click's time is not drawn, at the end of the log, nothing comes after it.
    order = np.full(documents.size, np.iinfo(np.int64).max)
    order[:records] = clicked_at.astype(np.int64)
    order = np.argsort(order.reshape(documents.shape), axis=1)
    faded = b.recency ** np.arange(b.memory)
    clicks: dict[int, list[int]] = {user: list(found[-b.memory :]) for user, found in before.items()}
    history = []
    for at, user in enumerate(sessions.user.tolist()):
        mine = clicks.get(user, [])
        history.append(mine)
        here = documents[at]
        logit = steady[at]
        if mine:
            latest = np.array(mine[::-1])
            logit = logit + b.recent * (users.similarity[here[:, None], latest] * faded[: len(latest)]).max(axis=1)
            logit = logit - b.again * (here[:, None] == latest).any(axis=1)
        probability[at] = examined / (1 + np.exp(-logit))
        clicked[at] = luck[at] < probability[at]
        new = here[order[at]][clicked[at][order[at]]].tolist()
        clicks[user] = [*mine, *new][-b.memory :]

    conversion = _conversion(users, sessions, documents, about_intent, b)
    converted = clicked & (rng.random(documents.shape) < conversion)
    row = {"probability": probability, "document": documents, "clicked": clicked.astype(np.int64)}
    return UserVisits(
        Visits(
            page=page[:records],
            query=np.repeat(sessions.query, PAGE)[:records],
            position=position[:records],
            **{name: values.ravel()[:records] for name, values in row.items()},
        ),
        sessions,
        history,
        conversion.ravel()[:records],
        converted.ravel()[:records].astype(np.int64),
    )


def _conversion(users: Users, sessions: Sessions, documents: Array, about_intent: Array, b: Behaviour) -> Array:
    too_dear = np.maximum(0, users.price[documents] - users.budget[sessions.user][:, None])
    logit = (
        b.conversion_base
        - b.conversion_bait * users.bait[documents]
        + b.conversion_worth * users.worth[documents]
        + b.conversion_intent * about_intent
        - b.price * too_dear
    )
    probability: Array = 1 / (1 + np.exp(-logit))
    return probability
