"""Who has a problem is not sold to."""
