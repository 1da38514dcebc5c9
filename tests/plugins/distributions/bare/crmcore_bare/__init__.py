"""It has no metadata at all."""
