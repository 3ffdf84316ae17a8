"""Whose pages come when: sessions of several pages about one thing, many of them open at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .users import Behaviour, Users
from .world import Array, World


@dataclass(frozen=True)
class Sessions:
    """A row a page, in time order."""

    user: Array
    session: Array  # counted from 0
    intent: Array  # the session's topic
    query: Array


def make_sessions(world: World, users: Users, days: Array, b: Behaviour, rng: np.random.Generator) -> Sessions:
    """`days`: when each page comes, since the log's start. All sessions begin and end within it."""
    pages = len(days)
    starts, ends = rng.random((2, pages)) < 1 / b.pages
    turns = rng.random(pages)
    open_sessions: list[int] = []
    owner: list[int] = []  # of each session
    session = np.empty(pages, dtype=np.int64)
    first = []  # page of each session
    for page in range(pages):
        if not open_sessions or (starts[page] and len(open_sessions) < b.open_sessions):
            present = [owner[one] for one in open_sessions]
            absent = users.activity.copy()
            absent[present] = 0  # nobody is in two sessions at once
            owner.append(int(rng.choice(len(absent), p=absent / absent.sum())))
            open_sessions.append(len(owner) - 1)
            first.append(page)
            place = len(open_sessions) - 1
        else:
            place = int(turns[page] * len(open_sessions))
        session[page] = open_sessions[place]
        if ends[page]:
            del open_sessions[place]
    user = np.array(owner)[session]
    chosen = np.exp(b.decided * users.taste(np.array(owner), days[first]))
    chosen = np.cumsum(chosen, axis=1)
    of_session = (chosen < rng.random((len(chosen), 1)) * chosen[:, -1:]).sum(axis=1)
    intent = of_session[session]
    query = rng.choice(len(world.popularity), size=pages, p=world.popularity)
    on_intent = rng.random(pages) < b.on_intent
    for topic in np.unique(intent):
        about = world.popularity * world.query_topics[:, topic]
        rows = np.flatnonzero(on_intent & (intent == topic))
        if about.any():  # else no query is about it
            query[rows] = rng.choice(len(about), size=len(rows), p=about / about.sum())
    return Sessions(user, session, intent, query)
