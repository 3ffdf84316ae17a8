"""What the testbed does with a CTR model, call pattern by call pattern, as checks of whatever stands in its two slots.

    python -m Tests.host.patterns --testbed DIR     runs them all in a real checkout, and prints a row for each
    python -m Tests.host.patterns                   runs them in Tests/host, our miniature of it

`Tests/host/test_patterns.py` runs the same checks as tests. Each check runs in a process and folder of its own, forked
from one that has the host imported already (`server`): once with our models in the slots, and once with the host's
own logistic regression, for its figures.
"""
