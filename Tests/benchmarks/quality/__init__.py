"""Wide & Deep with default settings beside its peers, on data sets that it was not made for: `make quality`.

    python -m Tests.benchmarks.quality --help

A run has a cell for each data set, model and seed: the model is trained on the training rows and scored by AUC and log
loss on the test rows, which no model sees. The table has means over the seeds, and each model's difference from ours,
paired by seed, with its standard error. `datasets/` holds a file a data set, `models/` a file a model family,
`protocol.py` what a run is, `table.py` and `summary.py` what is said of it.
"""
