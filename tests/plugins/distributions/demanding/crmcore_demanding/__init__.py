"""A process that asks for too much."""
