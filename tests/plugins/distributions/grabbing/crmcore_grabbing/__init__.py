"""It alters a table of the core."""
