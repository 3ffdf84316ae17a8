"""A miniature of the testbed, of our own writing: what it does with a CTR model, call by call.

Each file mirrors the testbed's file of that name: the same names, paths, order of calls and traps, so that the same
tests run here and inside a real checkout.
"""
