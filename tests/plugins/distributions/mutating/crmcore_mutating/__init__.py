"""It changes whatever it is given."""
