"""How fast ours trains and predicts beside what a user would pick instead, on the same arrays in one run: `make bench`.

    python -m Tests.benchmarks.speed --help

A run is a list of sections, a module each: `sections.py` lists them, `section.py` says what one is. What several of
them share: `data.py` (the arrays), `work.py` (the models' sizes), `rounds.py` (tools take turns; medians and ratios),
`outcome.py` (a training by all of them), `peers/` (a file a tool, ours too), `swift/` (what is measured inside the
library), `stage.py` and `child.py` (each tool in a process of its own), `peak.py` (the limit of matrix products alone).
"""
