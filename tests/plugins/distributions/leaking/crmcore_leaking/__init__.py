"""It takes memory and keeps it."""
