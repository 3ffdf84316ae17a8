"""Like the testbed's, this takes CTRModel by name at import."""

from .ctr_model import CTRModel

__all__ = ["CTRModel"]
