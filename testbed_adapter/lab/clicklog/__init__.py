"""A generated click log with known click probabilities, in the testbed's record format.

    records, probabilities = generate(20_000, seed=0)

Same arguments, same log. `world` says what makes people click; the world's size is fixed, so a longer log is more
evidence about the same 90 queries and 300 documents.

How hard the log is was set once, by the reference points below, and stays. They are AUCs on the testbed's own split
(a random 30%, stratified), means over seeds 0 to 9; at 20,000 records their standard error is 0.004 or less.
`Tests/adapter/click_log_reference.py` computes them and says what each model is.

    records   click rate   LR      one-hot   one-hot and topics   oracle   of the gap LR → oracle
      3,000   0.202        0.641   0.655     0.689                0.750    one-hot closes 12%, with topics 44%
     20,000   0.204        0.680   0.725     0.740                0.765    one-hot closes 53%, with topics 71%
    100,000   0.203        0.703   0.748     0.752                0.762    one-hot closes 76%, with topics 83%

LR: the testbed's logistic regression. One-hot: memorisation alone, a weight for each query, document, position and
query × document pair. On the third of the rows with the rarest queries one-hot has 0.673 at 20,000 records and the true
topics lift it to 0.709: that is what is left for a model that learns topics from the words.

    records, click, conversion = generate_users(20_000, seed=0)

is another log of the same world, for models of sequences and of conversions: `user_log` says what is in it.
"""

from __future__ import annotations

from typing import Any, Optional

from .records import beginning, checked, is_generated, to_records
from .user_log import UserLog, generate_users
from .world import Array, make_world, simulate

__all__ = ["UserLog", "generate", "generate_users", "is_generated"]


def generate(records: int = 20_000, seed: int = 0, after: Optional[str] = None) -> tuple[list[dict[str, Any]], Array]:
    """So many impressions in time order, and the true click probability of each. `after`, the time of a log's last
    record: other impressions of the same world, later than that."""
    checked(records, seed)
    world = make_world(seed)
    start, part = beginning(after)
    visits = simulate(world, records, seed, part=part)
    return to_records(world, visits, seed, start, part), visits.probability
