"""`python -m testbed_adapter COMMAND`: each a module with `add_arguments(parser)` and `run(given) -> code`."""
