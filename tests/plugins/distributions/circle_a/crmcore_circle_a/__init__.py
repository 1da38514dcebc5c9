"""It stands on its own shoulders."""
