"""Puts our classes under the testbed's names, at import, without touching its files. Standard library alone: what our
classes need is imported where they are put in place."""

# What the two slots hold: ours in both; the testbed's LR and ours; the testbed's own.
WIDE_DEEP, BESIDE_LR, HOST_ITSELF = "wide_deep", "beside_lr", "logistic_regression"
CHOICES = (WIDE_DEEP, BESIDE_LR, HOST_ITSELF)
SCRIPT = "ctr_lr_model.py"  # of training_tab, as a program
