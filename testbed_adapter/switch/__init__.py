"""Puts our classes under the testbed's names, at import, without touching its files. Standard library alone: what our
classes need is imported where they are put in place."""

# Values of CTR_MODEL, beside the names of the library's other models: see choice.Choice.
WIDE_DEEP, BESIDE_LR, HOST_ITSELF = "wide_deep", "beside_lr", "logistic_regression"
# In which of the two slots ours stands; the testbed's own in the other.
BOTH, SECOND, NEITHER = "both", "second", "neither"
SCRIPT = "ctr_lr_model.py"  # of training_tab, as a program
