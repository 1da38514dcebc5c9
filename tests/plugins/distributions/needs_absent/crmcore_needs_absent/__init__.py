"""It stands on what is not there."""
