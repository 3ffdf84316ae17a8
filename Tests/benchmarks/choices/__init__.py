"""What each modelling choice of Wide & Deep is worth: `make choices`.

    python -m Tests.benchmarks.choices --help

The default model is trained, and for each choice the same model with that one choice taken back, on the same rows and
from the same seeds; the table says by how much that changes AUC and log loss. A choice is taken back by options of the
estimator, or where it is none, by a small patch of the Swift sources: `listed.py` has them all. `source.py` builds the
patched libraries, `child.py` measures with one of them in a process of its own, `table.py` is what is said of it.
"""
