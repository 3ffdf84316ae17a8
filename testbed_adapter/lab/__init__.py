"""Experiments: click logs with known probabilities, comparisons, their report. Only commands import it."""
