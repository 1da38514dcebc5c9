"""What it requires cannot be read."""
