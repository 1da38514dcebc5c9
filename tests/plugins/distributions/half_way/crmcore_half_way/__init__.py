"""Its migration fails half way."""
