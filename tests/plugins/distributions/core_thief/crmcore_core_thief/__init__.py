"""It claims a table of the core."""
