"""What the options of `compare` are where they are not given."""

from __future__ import annotations

RECORDS = 20_000
SEEDS = 5  # of --ablation and --online
# Of --ablation. As many candidates as the testbed's search retrieves for a page of ten.
REQUESTS, CANDIDATES = 20_000, 20
QUICK_RECORDS, QUICK_REQUESTS = 10_000, 4_000
