"""The library found, loaded and called. Knows nothing of scikit-learn or of the testbed."""
