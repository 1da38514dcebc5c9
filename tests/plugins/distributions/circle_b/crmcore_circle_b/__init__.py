"""It stands on the other."""
