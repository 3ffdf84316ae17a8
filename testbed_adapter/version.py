"""The version of all of it: pyproject.toml takes it from here, Swift's `CTRModel.version` is to be the same."""

__version__ = "0.1.0"
