"""The testbed's two model classes, and what they are made of."""
