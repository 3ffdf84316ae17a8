"""Who visits the generated world: users with tastes, and what of the documents concerns them alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .vocabulary import TOPICS
from .world import Array, World


@dataclass(frozen=True)
class Behaviour:
    """The sizes and effects of a log with users; those of the world (`Difficulty`) stay beside them. The package's
    docstring has the equations, by the same names."""

    users: int = 150  # a longer log is more evidence about the same people, as it is about the same documents
    activity: float = 0.5  # how often a user comes ∝ 1 / rank**activity
    period: float = 10.0  # days in which a taste turns once
    decided: float = 1.5  # how surely a session is about what the user likes now
    open_sessions: int = 12  # at once, on the whole site
    pages: float = 5.0  # of a session, on average
    on_intent: float = 0.8  # share of a session's queries that are about its intent
    stray: float = 0.3  # share of a page's documents that come from anywhere: more than without users
    memory: int = 20  # clicks that a record's history holds, and that have an effect
    recency: float = 0.9  # each further click ago counts that much less
    base: float = -1.3
    taste: float = 0.5
    intent: float = 0.9
    recent: float = 2.2
    again: float = 1.5  # what was clicked already attracts that much less
    bait: float = 0.7  # what promises more than it holds is clicked more,
    conversion_base: float = -1.0
    conversion_bait: float = 1.0  # and converts less
    conversion_worth: float = 0.7
    conversion_intent: float = 0.4
    price: float = 1.2


BEHAVIOUR = Behaviour()


@dataclass(frozen=True)
class Users:
    ids: list[str]
    activity: Array  # (users,), sums to 1
    tastes: Array  # (2, users, topics): a taste turns in the plane of these two
    phase: Array  # (users,)
    budget: Array  # (users,)
    bait: Array  # (documents,)
    worth: Array  # (documents,)
    price: Array  # (documents,)
    similarity: Array  # (documents, documents): cosine of the topics
    period: float

    def taste(self, user: Array, day: Array) -> Array:
        """What each user likes on a day since the log's start, (rows, topics)."""
        angle = (2 * np.pi * day / self.period + self.phase[user])[:, None]
        taste: Array = np.cos(angle) * self.tastes[0, user] + np.sin(angle) * self.tastes[1, user]
        return taste


def make_users(world: World, seed: int, behaviour: Behaviour = BEHAVIOUR) -> Users:
    """The same for each part of a log."""
    b, documents = behaviour, len(world.summaries)
    rng = np.random.default_rng([seed, 7])
    activity = rng.permutation(np.arange(1, b.users + 1) ** -b.activity)
    directions = world.doc_topics / np.linalg.norm(world.doc_topics, axis=1, keepdims=True)
    return Users(
        ids=[f"user_{i:04d}" for i in range(b.users)],
        activity=activity / activity.sum(),
        tastes=rng.normal(size=(2, b.users, len(TOPICS))),
        phase=rng.uniform(0, 2 * np.pi, b.users),
        budget=rng.normal(size=b.users),
        bait=rng.normal(size=documents),
        worth=rng.normal(size=documents),
        price=rng.normal(size=documents),
        similarity=directions @ directions.T,
        period=b.period,
    )
