"""A folder for PYTHONPATH: its sitecustomize switches the child processes of what `run` runs."""
