"""It stands on dummy."""
