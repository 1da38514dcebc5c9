"""It says it is another."""
