"""Does Wide & Deep give the same bits as before?  python -m Tests.bits --before DIR

A table of data sets and options is trained by the library of an earlier checkout and by this one's, each in a process
of its own, through the C ABI alone. What they leave is compared by digests: the model file, predictions, explanations
and `info`. This one's must be the same on 1, 2 and 3 threads too, and it must read the earlier one's files.
"""
