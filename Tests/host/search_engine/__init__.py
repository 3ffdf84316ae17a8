"""A miniature of the testbed, of our own writing: only what the switch and the model classes touch."""
