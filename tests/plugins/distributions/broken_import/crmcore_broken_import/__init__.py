"""It cannot be imported."""
