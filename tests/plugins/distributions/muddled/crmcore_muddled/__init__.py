"""What it says of itself is of the wrong kind."""
