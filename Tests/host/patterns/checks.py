"""The list of checks: `@check` puts a function on it. A check gets a Host, and raises where a pattern does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable

SLOTS = ("logistic_regression", "wide_and_deep")
BOTH = "both slots"
Function = Callable[[Any], None]


@dataclass(frozen=True)
class Check:
    """`number` is the call pattern's, `slots` the rows there are of it.

    `may_fail`: where the host's own model fails in the same way, the row says so and does not count.
    `refusals`: what may be printed of failures, as a regular expression; anything else of the kind fails the check.
    `must_beat`: figures of which ours has to be better than the LR's.
    """

    number: int
    key: str
    title: str
    function: Function
    slots: tuple[str, ...] = SLOTS
    only_testbed: bool = False
    may_fail: bool = False
    refusals: str = ""
    must_beat: tuple[str, ...] = ()
    # False: about the first slot, or both of them together. Not tried where the host's LR stands in the first one.
    is_beside: bool = True


CHECKS: dict[str, Check] = {}


def check(number: int, key: str, title: str, **options: Any) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        CHECKS[key] = Check(number, key, title, function, **options)
        return function

    return register


def all_checks(miniature: bool) -> Sequence[Check]:
    """In the order of the patterns' numbers."""
    from . import (  # noqa: F401
        automl,
        copying,
        cross_validation,
        estimator,
        explaining,
        fairness,
        load,
        loading,
        online,
        ranking,
        rest,
        slots,
        training,
    )

    found = [each for each in CHECKS.values() if not (miniature and each.only_testbed)]
    return sorted(found, key=lambda each: each.number)
