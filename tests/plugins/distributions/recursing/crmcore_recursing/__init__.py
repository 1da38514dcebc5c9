"""It saves while it is asked about a save."""
