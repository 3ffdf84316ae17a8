"""Two ways in which ours gives the numbers to its deep part."""

from __future__ import annotations

from typing import Any

PLAIN, BINS = "plain", "bins"
NAMES = {PLAIN: "numbers as the peers have them", BINS: "its default bins"}

# What a numeric feature says, beside name, kind and part, to be one value as with every peer; None where the library
# has no such thing. The default is up to 32 bins a number.
ONE_VALUE: dict[str, Any] | None = None  # {"bins": 1}

# The first one's figures are those that count.
VARIANTS = (BINS,) if ONE_VALUE is None else (PLAIN, BINS)
