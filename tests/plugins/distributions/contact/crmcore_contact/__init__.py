"""It bears a name of the core."""
