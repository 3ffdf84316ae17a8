"""Two ways in which ours gives the numbers to its deep part."""

from __future__ import annotations

PLAIN, BINS = "plain", "bins"
NAMES = {PLAIN: "numbers as the peers have them", BINS: "its default bins"}

# A number's quantile bins at most; one makes it a single value, as with every peer.
NUMERIC_BINS = {PLAIN: 1, BINS: 32}

# The first one's figures are those that count.
VARIANTS = (PLAIN, BINS)
