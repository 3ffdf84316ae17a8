"""Each model beside its ablations, on Adult and on the generated click log: `make models`.

    python -m Tests.benchmarks.models --help

An ablation is what a model has without what it adds: a factorization machine its linear part, DeepFM its factorization
machine or its deep part. Both are trained by `CTRClassifier` with default settings on the same rows and from the same
seeds; their differences are paired by seed. `candidates.py` says what is beside what, `run.py` what a cell is,
`table.py` what is said of it in `words.py`' two languages, `pages.py` writes that into docs/models.
"""
